/** Models whose code does what a declaration should not: each is one line, and an exit code of the list. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Finished, inFolder, MAIN, manychain, SCHOOLS } from "./process.ts";

const MODEL = `
  export default model({ name: "a", data: { y: real("i") }, parameters: { mu: normal(0, 1) }, likelihood: ({ y, mu }) => {
    LIKELIHOOD
    return normal(mu, 1).observe(y);
  } });`;
const HEAD = 'import { isMainThread } from "node:worker_threads";\nimport { model, normal, real } from "manychain";\n';
const CONFIG =
  "model: ./m.ts\ndata: { y: [0.5, 1.5] }\nchains: 4\nwarmup: 30\ndraws: 30\nsampler: hmc\ngates: false\nworkers: 1\n";

const filesOf = (top: string, likelihood = ""): Record<string, string> => ({
  "c.yaml": CONFIG,
  "m.ts": `${HEAD}${top}\n${MODEL.replace("LIKELIHOOD", likelihood)}`,
});

async function run(top: string, likelihood?: string): Promise<Finished> {
  return await inFolder(filesOf(top, likelihood), async (cwd) => {
    return await manychain(["run", "c.yaml", "--quiet", "--no-report"], { cwd });
  });
}

describe("a model that", () => {
  const exits =
    "the model's code calls process.exit(0), which would end the whole run. A model only declares: remove the call.";
  const worker = "batch 0 (chains 0 to 3): ";
  const cases: [what: string, top: string, likelihood: string, expected: string | RegExp][] = [
    ["exits when it is loaded", "process.exit(0);", "", `m.ts:3: ${exits}\n`],
    ["exits in its likelihood", "", "process.exit(0);", `m.ts:6: ${exits}\n`],
    ["exits when a worker loads it", "if (!isMainThread) process.exit(0);", "", `${worker}${exits}\n`],
    ["exits in a worker's likelihood", "", "if (!isMainThread) process.exit(0);", `${worker}${exits}\n`],
    [
      "gives names to all objects",
      "(Object.prototype as any).foo = 1; (Array.prototype as any).bar = 2;",
      "",
      /^(?:c\.yaml|m\.ts)?.*sets Object\.prototype\.foo, Array\.prototype\.bar, which all code would see\. .*\n$/,
    ],
    ["exits later", "setTimeout(() => process.exit(0), 1);", "", /^A model's code ended the process .* kept\.\n$/],
    [
      "exits a worker later",
      "if (!isMainThread) setInterval(() => process.exit(7), 1);",
      "",
      /^the worker of batch 0 .* was ended by process\.exit\(7\), which only the model's code can have called\. .*\.\n$/,
    ],
    [
      "awaits what never comes",
      "await new Promise(() => {});",
      "",
      /^What was waited for never came\. A top-level await .*\n$/,
    ],
    [
      "throws later",
      'setTimeout(() => { throw new Error("x") }, 1);',
      "",
      /^m\.ts:3: .* threw by itself.*: Error: x\. .*\n$/,
    ],
    [
      "rejects what nobody awaits",
      'Promise.reject(new Error("x"));',
      "",
      /^m\.ts:3: .* threw by itself.*: Error: x\. .*\n$/,
    ],
    [
      "throws later in a worker",
      'if (!isMainThread) setTimeout(() => { throw new Error("x") }, 1);',
      "",
      /^m\.ts:3: .* threw by itself, and the worker of batch 0 .* died: x\. .*\n$/,
    ],
    [
      "throws in a worker",
      "",
      'if (!isMainThread) throw new Error("\\u001b[31mx");',
      /code of model a failed: Error: \ufffd\[31mx\n$/,
    ],
  ];
  test.each(cases)("%s", { timeout: 60_000 }, async (_, top, likelihood, expected) => {
    const { code, stdout, stderr } = await run(top, likelihood);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    if (typeof expected === "string") expect(stderr).toBe(expected);
    else expect(stderr).toMatch(expected);
  });

  test.each(["process.exit(0)", "process.exitCode = 0"])(
    "sets on exit: %s: the code stays",
    { timeout: 60_000 },
    async (does) => {
      const files = filesOf(`process.on("exit", () => { ${does}; });`);
      // So few draws do not meet the gates.
      const gated = CONFIG.replace("gates: false\n", "");
      await inFolder({ ...files, "c.yaml": gated }, async (cwd) => {
        expect((await manychain(["run", "c.yaml", "--quiet", "--no-report"], { cwd })).code).toBe(3);
      });
    },
  );

  test.each([
    ["when it is loaded", "for (;;);", /^still loading m\.ts after 10 s: its code has not come to an end/],
    ["in a worker", "if (!isMainThread) for (;;);", /^still loading and compiling the model in its threads after 10 s/],
  ])("never comes to an end %s, is told, and Ctrl-C works", { timeout: 120_000 }, async (_, top, expected) => {
    await inFolder(filesOf(top), async (cwd) => {
      let sent = false;
      const { code, stderr } = await manychain(["run", "c.yaml", "--quiet"], {
        cwd,
        watch: (text, kill) => {
          if (sent || !text.includes("still loading")) return;
          sent = true;
          kill("SIGINT");
        },
      });
      expect(stderr).toMatch(expected);
      // Ended by the signal itself, or by what it asked for.
      expect([null, 130]).toContain(code);
    });
  });
});

describe("standard output", () => {
  /** Runs with standard output there. */
  async function into(file: string, args: readonly string[], cwd: string): Promise<Omit<Finished, "stdout">> {
    const handle = openSync(file, "w");
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ["ignore", handle, "pipe"] });
    closeSync(handle);
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, stderr };
  }

  test.skipIf(process.platform !== "linux")("on a full device: one line, and the results are there", async () => {
    await inFolder({ "x.yaml": SCHOOLS }, async (cwd) => {
      const full =
        "cannot write to standard output: no space is left there. What belongs into a results folder is there.\n";
      expect(await into("/dev/full", ["config", "schema"], cwd)).toEqual({ code: 2, stderr: full });
      const args = ["run", "x.yaml", "--quiet", "--run-id", "r"];
      expect(await into("/dev/full", args, cwd)).toEqual({ code: 2, stderr: full });
      expect(await readdir(join(cwd, "results/x/r"))).toContain("report.html");
    });
  });

  test("that nobody reads any longer: the run ends as it would have", async () => {
    await inFolder({ "x.yaml": SCHOOLS }, async (cwd) => {
      const args = [MAIN, "run", "x.yaml", "--quiet", "--run-id", "r"];
      const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
      child.stdout.destroy();
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
      expect(await readdir(join(cwd, "results/x/r"))).toContain("report.html");
    });
  });
});
