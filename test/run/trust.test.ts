/** A results folder can come from anybody: no code that lies in it, or that is not the run's, is run without being asked for. */
import { existsSync } from "node:fs";
import { cp, link, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { configOfResults, type OwnCopy } from "../../src/run/resume.ts";
import { run } from "../../src/run/run.ts";
import { isInside } from "../../src/run/trust.ts";
import { verify } from "../../src/run/verify.ts";
import { manychain } from "../cli/process.ts";
import { type Editable, falsifyRun } from "../store/falsify.ts";
import { errorOf, withFiles } from "./folder.ts";

const MODEL = `import { writeFileSync } from "node:fs";
import { model, normal, real } from "manychain";
if (process.env["MANYCHAIN_TEST_CANARY"] !== undefined) writeFileSync(process.env["MANYCHAIN_TEST_CANARY"], "ran");
export const own = model({ name: "m", data: { y: real("i") }, parameters: { mu: normal(0, 1) },
  likelihood: ({ y, mu }) => normal(mu, 1).observe(y) });
`;
const CONFIG =
  "model: ./m.mjs#own\ndata: { y: [0.5, 1.5] }\nchains: 4\nwarmup: 20\ndraws: 20\nblock: 5\nworkers: 1\ngates: false\n";

let root: string;
let release = (): void => undefined;
let canary: string;

beforeAll(async () => {
  root = await new Promise<string>((found, failed) => {
    const kept = new Promise<void>((ended) => {
      release = ended;
    });
    withFiles({ "m.mjs": MODEL, "m.yaml": CONFIG }, async (folder) => {
      for (const runId of ["whole", "part"]) {
        const running = run(join(folder, "m.yaml"), { out: join(folder, "out"), runId });
        running.events.subscribe({
          next: ({ kind }) => runId === "part" && kind === "block" && running.stop(),
          error: () => undefined,
        });
        await running.result;
      }
      found(folder);
      await kept;
    }).catch(failed);
  });
  canary = join(root, "canary");
  process.env["MANYCHAIN_TEST_CANARY"] = canary;
}, 60_000);
afterAll(() => {
  delete process.env["MANYCHAIN_TEST_CANARY"];
  release();
});
afterEach(async () => {
  await rm(canary, { force: true });
});

let copies = 0;
/** A copy of a run, beside it, with another run.json. */
async function copy(of: "whole" | "part", change: (document: Editable, folder: string) => void): Promise<string> {
  const folder = join(root, "out", "m", `${of}-${copies++}`);
  await cp(join(root, "out", "m", of), folder, { recursive: true });
  await falsifyRun(folder, (document) => change(document, folder));
  return folder;
}

const set = (document: Editable, model: string, folder = "."): void => {
  (document["config"] as Editable)["model"] = model;
  (document["host"] as Editable)["config_folder"] = folder;
};

/** `verify` of a finished run and `resume` of one that was stopped both refuse, and nothing has run. */
async function refused(
  prepare: (folder: string) => Promise<void>,
  change: (document: Editable, folder: string) => void,
  text: RegExp,
  options: OwnCopy = {},
): Promise<void> {
  for (const of of ["whole", "part"] as const) {
    const folder = await copy(of, change);
    await prepare(folder);
    const error = await errorOf(of === "whole" ? verify(folder, options) : configOfResults(folder, options));
    expect(error.message).toMatch(text);
    expect(existsSync(canary)).toBe(false);
  }
}

const put = async (folder: string): Promise<void> => await writeFile(join(folder, "other.mjs"), MODEL);
const INSIDE =
  /names a model inside of itself, .*: code that comes with results is not run\. Give your own copy \(--model/;

describe("a model inside of the folder is not run", () => {
  test("by a relative path, with the right hash", () => refused(put, (doc) => set(doc, "./other.mjs#own"), INSIDE));
  test("by its absolute path", () => refused(put, (doc, folder) => set(doc, `${folder}/other.mjs#own`), INSIDE));
  test("by a path that goes out and comes back", () =>
    refused(put, (doc, folder) => set(doc, `../../m/${folder.split("/").at(-1)}/draws.zarr/../other.mjs#own`), INSIDE));
  test("by a config folder inside", () =>
    refused(
      async (folder) => {
        await mkdir(join(folder, "sub"));
        await writeFile(join(folder, "sub/other.mjs"), MODEL);
      },
      (doc) => set(doc, "./other.mjs#own", "sub"),
      INSIDE,
    ));
  test("by a link outside that leads in", () =>
    refused(
      async (folder) => {
        await put(folder);
        await rm(join(root, "link.mjs"), { force: true });
        await symlink(join(folder, "other.mjs"), join(root, "link.mjs"));
      },
      (doc) => set(doc, "./link.mjs#own", "../../.."),
      INSIDE,
    ));
  test("by a link inside that leads out, for what it imports would be looked for in the folder", () =>
    refused(
      async (folder) => await symlink(join(root, "m.mjs"), join(folder, "link.mjs")),
      (doc) => set(doc, "./link.mjs#own"),
      INSIDE,
    ));
  test("by a config inside that the caller names", async () => {
    const folder = await copy("whole", () => undefined);
    await put(folder);
    await writeFile(join(folder, "m.yaml"), CONFIG.replace("m.mjs", "other.mjs"));
    expect((await errorOf(verify(folder, { config: join(folder, "m.yaml") }))).message).toMatch(INSIDE);
    expect(existsSync(canary)).toBe(false);
  });
  test("unless the caller trusts it", async () => {
    const folder = await copy("part", (doc) => set(doc, "./other.mjs#own"));
    await put(folder);
    const { loaded } = await configOfResults(folder, { trust: true });
    expect(existsSync(canary)).toBe(false);
    // It is another path than the run's: that a folder goes on only as what it was holds for those who trust, too.
    expect((await run(loaded, { store: false, report: false }).result).status).toBe("complete");
    expect(existsSync(canary)).toBe(true);
  });
});

test("a run.json whose config extends a file is refused", async () => {
  const change = (doc: Editable): void => {
    const config = doc["config"] as Editable;
    config["extends"] = "./evil.yaml";
  };
  await refused(put, change, /config\.extends: a resolved config extends nothing/);
});

describe("a model outside that is not the run's", () => {
  const other = async (): Promise<void> => await writeFile(join(root, "other.mjs"), `${MODEL}// another\n`);
  const change = (doc: Editable): void => set(doc, "./other.mjs#own", "../../..");
  test("is not run", async () => {
    await other();
    const [whole, part] = [await copy("whole", change), await copy("part", change)];
    const error = await errorOf(verify(whole));
    expect(error).toMatchObject({ name: "ReproductionError", exitCode: 4 });
    expect(error.message).toMatch(
      /another model \(hashes\.model was [0-9a-f]{64}, is [0-9a-f]{64}\), so that nothing was run/,
    );
    const refusal = await errorOf(configOfResults(part));
    expect(refusal).toBeInstanceOf(StoreError);
    expect(refusal.message).toMatch(/cannot be resumed: its draws were made with something else:\n {2}model: was /);
    expect(existsSync(canary)).toBe(false);
  });
  test("nor as the caller's own copy", async () => {
    await other();
    const copyOfOwn = { model: join(root, "other.mjs") };
    await refused(
      async () => undefined,
      () => undefined,
      /another model|cannot be resumed/,
      copyOfOwn,
    );
  });
  test("nor is a device or a folder read", async () => {
    for (const [path, text] of [
      ["/dev/zero", "it is a device, not a file"],
      ["/tmp", "it is a folder"],
    ] as const) {
      await refused(
        async () => undefined,
        (doc) => set(doc, path),
        new RegExp(`cannot read the model file ${path}: ${text}`),
      );
    }
  });
});

describe("the caller's own copy is run, and not what the folder names", () => {
  const evil = async (folder: string): Promise<void> =>
    await writeFile(join(folder, "evil.mjs"), `${MODEL}\nthrow new Error("the folder's code ran");`);
  test.each([
    ["--config", () => ({ config: join(root, "m.yaml") })],
    ["--model", () => ({ model: join(root, "m.mjs") })],
    ["--model with its export", () => ({ model: `${relative(".", join(root, "m.mjs"))}#own` })],
  ])("%s", async (option, own) => {
    const folder = await copy("part", (doc) => {
      if (option === "--config") return;
      (doc["host"] as Editable)["config_folder"] = ".";
    });
    await evil(folder);
    const { loaded } = await configOfResults(folder, own());
    const { digests } = await run(loaded, { resume: folder, report: false }).result;
    const { digests: expected } = JSON.parse(await readFile(join(root, "out/m/whole/run.json"), "utf8"));
    expect(digests).toEqual(expected);
  });
  test("a shipped model has no file", async () => {
    const error = await errorOf(
      configOfResults(await copy("part", (doc) => set(doc, "funnel")), { model: join(root, "m.mjs") }),
    );
    expect(error.message).toContain("this run's model is funnel, which is no file");
  });
});

test("report, diagnose and export run no code of a folder, whatever lies in it, nor from within it", {
  timeout: 120_000,
}, async () => {
  const folder = await copy("whole", (doc) => {
    set(doc, "./other.mjs#own");
    (doc["config"] as Editable)["engine"] = "tensorflow";
  });
  const names = ["other.mjs", "m.mjs", "index.js", "manychain.config.mjs", "jiti.config.mjs", "draws.zarr/index.js"];
  for (const name of names) await writeFile(join(folder, name), MODEL);
  const modules = join(folder, "node_modules/@tensorflow/tfjs-node");
  await mkdir(modules, { recursive: true });
  await writeFile(
    join(modules, "package.json"),
    '{ "name": "@tensorflow/tfjs-node", "version": "4.22.0", "main": "i.mjs" }',
  );
  await writeFile(join(modules, "i.mjs"), MODEL);
  const env = { MANYCHAIN_TEST_CANARY: canary };
  for (const cwd of [root, folder]) {
    for (const command of [["report"], ["diagnose"], ["export", "--out", join(root, "x.csv"), "--force"], ["resume"]]) {
      const { code } = await manychain([...command, folder], { cwd, env });
      expect(code, command[0]).toBe(0);
    }
    const { code, stderr } = await manychain(["verify", folder], { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toMatch(cwd === folder ? /the working directory lies in .* code that comes with results/ : INSIDE);
    expect(existsSync(canary)).toBe(false);
  }
});

test("where a path leads", async () => {
  await withFiles({ "a.ts": "" }, async (folder) => {
    await mkdir(join(folder, "in"));
    await symlink(folder, join(folder, "again"));
    await link(join(folder, "a.ts"), join(folder, "in/hard.ts"));
    const inside = (path: string): boolean => isInside(join(folder, "in"), path);
    for (const path of ["in", "in/x.ts", "in/../in/x.ts", "again/in/hard.ts", "in/..x"])
      expect(inside(join(folder, path)), path).toBe(true);
    for (const path of ["a.ts", "in.ts", "in/../a.ts", "again/a.ts", "inx/a.ts"])
      expect(inside(join(folder, path)), path).toBe(false);
    expect(isInside(join(folder, "again/in"), join(folder, "in/x.ts"))).toBe(true);
  });
});
