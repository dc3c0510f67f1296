import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SummaryDocument } from "../../src/store/index.ts";
import { inFolder, manychain, SCHOOLS } from "./process.ts";

const SHORT = SCHOOLS.replace("warmup: 200", "warmup: 60").replace("draws: 200", "draws: 40");

test("what export writes, diagnose reads: the same summary in every format", async () => {
  await inFolder({ "s.yaml": `${SHORT}batches: 2\n` }, async (cwd) => {
    await manychain(["run", "s.yaml", "--run-id", "x", "--quiet"], { cwd });
    const results = "results/s/x";
    const of = async (...paths: string[]): Promise<{ name: string; mean: number; ess_bulk: number }[]> =>
      JSON.parse((await manychain(["diagnose", ...paths, "--json"], { cwd })).stdout).quantities;
    const own = await of(results);
    expect(own).toHaveLength(18);
    for (const [file, read, format] of [
      ["out/x.nc", "out/x.nc", []],
      ["x.parquet", "x.parquet", []],
      ["x.bin", "x.bin", ["--format", "arrow"]],
      ["c.csv", "c_*.csv", ["--format", "cmdstan-csv"]],
    ] as const) {
      const written = await manychain(["export", results, "--out", file, ...format], { cwd });
      expect(written).toMatchObject({ code: 0, stderr: "" });
      expect(written.stdout.split("\n")[0]).toBe(join(cwd, file.replace(/^c\.csv$/, "c_1.csv")));
      const found = await of(read);
      // Names are their own in each format, and NetCDF has them in alphabetical order.
      const numbers = (rows: typeof own): number[][] =>
        rows.map(({ mean, ess_bulk }) => [mean, ess_bulk]).toSorted((a, b) => a[0]! - b[0]!);
      expect(numbers(found), file).toEqual(numbers(own));
    }
    const again = await manychain(["export", results, "--out", "x.parquet"], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("exists and is not overwritten");
    expect((await manychain(["export", results, "--out", "x.parquet", "--force"], { cwd })).code).toBe(0);
    const wrong = await manychain(["export", results, "--out", "y", "--format", "excel"], { cwd });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: '--format: expected netcdf, parquet, arrow or cmdstan-csv, found "excel".\n',
    });
  });
});

test("CmdStan's CSV tells of trees where the sampler is nuts", async () => {
  await inFolder({ "s.yaml": SHORT }, async (cwd) => {
    const sampler = ["--set", "sampler={name: nuts, max_depth: 7}"];
    await manychain(["run", "s.yaml", "--run-id", "x", "--quiet", ...sampler, "--set", "chains=4"], { cwd });
    await manychain(["export", "results/s/x", "--out", "c.csv", "--format", "cmdstan-csv"], { cwd });
    const text = await readFile(join(cwd, "c_1.csv"), "utf8");
    expect(text).toContain("engine = nuts\n#           nuts\n#             max_depth = 7\n");
    expect(text).toContain("treedepth__");
  });
});

test("compile prints the program, its schedule, or StableHLO, and runs nothing", async () => {
  await inFolder({ "s.yaml": SHORT }, async (cwd) => {
    const emitted = async (...args: string[]): Promise<string> => {
      const ran = await manychain(["compile", "s.yaml", ...args], { cwd });
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      return ran.stdout;
    };
    expect(await emitted()).toMatch(/^program eight-schools hmc\(z: float\[10\]/);
    expect(await emitted("--set", "sampler=nuts")).toMatch(/^program eight-schools nuts\(/);
    expect(await emitted("--emit", "schedule")).toMatch(/^schedule of eight-schools hmc\n/);
    // An engine that cannot run here can still be printed for.
    expect(await emitted("--emit", "stablehlo", "--set", "engine=tensorflow")).toMatch(/^.*16 chains(?:.|\n)*module/);
    expect(await emitted("--emit", "listing", "--out", "p.txt")).toBe("p.txt\n");
    expect(await readFile(join(cwd, "p.txt"), "utf8")).toMatch(/^program eight-schools hmc/);
    const wrong = await manychain(["compile", "s.yaml", "--emit", "asm"], { cwd });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('--emit: expected one of listing, schedule, stablehlo, found "asm".');
  });
});

const STILL = {
  "when.ts": `import { model, normal, uniform } from "manychain";
export default model({
  name: "when",
  dimensions: { part: 2 },
  parameters: { when: uniform(1700000000, 1700000060).over("part"), x: normal(0, 1) },
  derived: ({ x }) => ({ two: x.mul(0).add(2) }),
});
`,
  "s.yaml":
    "model: when.ts\nprecision: float32\nchains: 4\nwarmup: 60\ndraws: 40\nseed: 1\ngates: { rhat: 1.5, ess_bulk: 1, ess_tail: 1 }\n",
};

test("an export tells which quantities are parameters, so that one that never moved fails there as in the run", async () => {
  await inFolder(STILL, async (cwd) => {
    await manychain(["run", "s.yaml", "--run-id", "x", "--quiet"], { cwd });
    for (const name of ["x.nc", "x.parquet", "x.arrow", "x.csv"])
      await manychain(["export", "results/s/x", "--out", name], { cwd });
    await cp(join(cwd, "results/s/x/draws.zarr"), join(cwd, "copy.zarr"), { recursive: true });
    for (const name of ["x.nc", "x.parquet", "x.arrow", "x_*.csv", "copy.zarr", "results/s/x"]) {
      const { stdout, code } = await manychain(["diagnose", name, "--json"], { cwd });
      const { gates, quantities } = JSON.parse(stdout) as SummaryDocument;
      const roles = Object.fromEntries(quantities.map((row) => [row.name, row.role]));
      expect(roles, name).toEqual({
        "when[0]": "parameter",
        "when[1]": "parameter",
        x: "parameter",
        two: "derived",
        ...(name.endsWith(".csv") && { "when[1]": "parameter", "when[2]": "parameter" }),
        ...(name.endsWith(".csv") && { "when[0]": undefined }),
      });
      const rhat = gates.find((gate) => gate.name === "rhat")!;
      expect(rhat, name).toMatchObject({ pass: false, note: expect.stringMatching(/^never moved: when\[[01]\] and /) });
      expect(code, name).toBe(3);
      const text = (await manychain(["diagnose", name], { cwd })).stdout;
      expect(text, name).toMatch(/FAIL {2}R-hat < \S+: when\[[01]\] never moved; /);
      expect(text, name).toMatch(/when\[[01]\] and when\[[12]\] never moved: in each of them all/);
    }
  });
});

test("roles that are damaged are told", async () => {
  await inFolder(STILL, async (cwd) => {
    await manychain(["run", "s.yaml", "--run-id", "x", "--quiet"], { cwd });
    await manychain(["export", "results/s/x", "--out", "x.arrow"], { cwd });
    const bytes = await readFile(join(cwd, "x.arrow"));
    for (let at = bytes.indexOf('{"parameter"'); at !== -1; at = bytes.indexOf('{"parameter"', at + 1))
      bytes[at + 3]! ^= 1;
    await writeFile(join(cwd, "x.arrow"), bytes);
    const { stderr, code } = await manychain(["diagnose", "x.arrow"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("variable_roles");
  });
});

test("of a folder whose summary or events were changed, no command shows what they say now", async () => {
  await inFolder({ "s.yaml": SHORT }, async (cwd) => {
    await manychain(["run", "s.yaml", "--run-id", "x", "--quiet"], { cwd });
    const change = async (name: string, from: RegExp, to: string): Promise<void> => {
      const path = join(cwd, "results/s/x", name);
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace(from, to));
      expect(await readFile(path, "utf8")).not.toBe(text);
    };
    const csv = async (out: string): Promise<{ text: string; stderr: string }> => {
      const { stderr } = await manychain(["export", "results/s/x", "--out", out, "--format", "cmdstan"], { cwd });
      return { text: await readFile(join(cwd, out.replace(".csv", "_1.csv")), "utf8"), stderr };
    };
    expect((await csv("a.csv")).text).toContain("inverse mass matrix");
    await change("events.ndjson", /"inverseMass":\[\d/, '"inverseMass":[7');
    const changed = await csv("b.csv");
    expect(changed.stderr).toMatch(/^note: events\.ndjson is damaged or was edited: /);
    expect(changed.text).not.toMatch(/^# 7/m);
    await change("summary.json", /"warmup": 60/, '"warmup": 61');
    const report = await manychain(["report", "results/s/x"], { cwd });
    expect(report.stdout).toMatch(
      /^summary\.json is damaged or was edited: .*\nevents\.ndjson is damaged or was edited: /,
    );
    expect(report.stdout).toContain("after 60 of warm-up");
    const diagnosed = await manychain(["diagnose", "results/s/x", "--json"], { cwd });
    expect(diagnosed.stderr).toContain("note: summary.json is damaged");
    expect(JSON.parse(diagnosed.stdout).run).toMatchObject({ warmup: 60, seconds: { total: null } });
    const resumed = await manychain(["resume", "results/s/x", "--json"], { cwd });
    expect(resumed).toMatchObject({ code: 2, stdout: "" });
    expect(resumed.stderr).toContain("summary.json is damaged or was edited");
  });
});
