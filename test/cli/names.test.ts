/** Names from a user, all the way: through a run, its files, the terminal, and every command that reads them again. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCsv } from "../../src/config/csv.ts";
import { inFolder, manychain, SCHOOLS } from "./process.ts";

const LABELS = [
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "\u001b[2J\u001b]0;owned\u0007",
  "../../../up",
  '"><img src=x onerror=x()>',
  'a"b, c',
  "two\nlines\r",
  "\u202eleft",
];

test("labels and titles reach neither the terminal, nor the page, nor a table as anything but text", {
  timeout: 120_000,
}, async () => {
  const config = SCHOOLS.replace("draws: 200", "draws: { until: { ess: 100000 }, check: 10, max: 20 }")
    .replace("chains: 16", `coordinates: { school: ${JSON.stringify(LABELS)} }\nchains: 16`)
    .replace(/gates: .*/, "gates: { rhat: 1.000001 }");
  await inFolder({ "s.yaml": config }, async (cwd) => {
    const run = join(cwd, "results/s/x");
    const told = [await manychain(["run", "s.yaml", "--run-id", "x"], { cwd })];
    told.push(await manychain(["report", run], { cwd }));
    told.push(await manychain(["export", run, "--out", join(cwd, "d.parquet")], { cwd }));
    told.push(await manychain(["diagnose", join(cwd, "d.parquet")], { cwd }));
    for (const { stdout, stderr } of told) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the test
      expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(stderr).not.toContain("    at ");
    }
    expect(told.map(({ code }) => code)).toEqual([3, 3, 0, expect.any(Number)]);
    expect(told[0]!.stdout).toContain("eta[=cmd");
    const html = await readFile(join(run, "report.html"), "utf8");
    expect(html).not.toMatch(/<script>alert|<img/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    const { header, rows } = parseCsv(await readFile(join(run, "summary.csv"), "utf8"), "summary.csv");
    expect(rows).toHaveLength(18);
    for (const { fields } of rows) {
      expect(fields).toHaveLength(header.length);
      expect(fields[0]).not.toMatch(/^\s*[=+\-@]/);
    }
    // Nothing was written outside, and no file is named after a label.
    expect((await readdir(cwd)).filter((name) => !name.startsWith("d")).sort()).toEqual(["results", "s.yaml"]);
    expect((await readdir(run, { recursive: true })).filter((name) => /\.\.|script|cmd/.test(name))).toEqual([]);
  });
});

test("a name or a run id never leaves the folder of results", { timeout: 60_000 }, async () => {
  await inFolder({ "s.yaml": SCHOOLS }, async (cwd) => {
    for (const name of ["../up", "/up", "a/../../up", ".", "\u001b[2J", "x\n"]) {
      for (const args of [
        ["--run-id", name],
        ["--set", `name=${JSON.stringify(name)}`],
      ]) {
        const { code, stderr } = await manychain(["run", "s.yaml", ...args, "--quiet"], { cwd });
        expect(code, `${args.join(" ")}: ${stderr}`).toBe(2);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the test
        expect(stderr).not.toMatch(/\u001b| {4}at /);
      }
    }
    expect(existsSync(join(cwd, "up"))).toBe(false);
    expect(existsSync(join(cwd, "../up"))).toBe(false);
    expect((await readdir(cwd)).filter((name) => name !== "s.yaml" && name !== "results")).toEqual([]);
  });
});
