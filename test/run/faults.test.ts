import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { StoreError, WorkerError } from "../../src/errors.ts";
import type { ResumedBatch } from "../../src/run/events.ts";
import { configOfResults } from "../../src/run/resume.ts";
import { type RunResult, run } from "../../src/run/run.ts";
import { type Digests, openResults } from "../../src/store/index.ts";
import { errorOf } from "./folder.ts";

const config: Config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  chains: 8,
  batches: 2,
  warmup: 40,
  draws: 200,
  block: 10,
  workers: 1,
  seed: 7,
  gates: false,
};

let root: string;
let expected: Digests;

beforeAll(async () => {
  root = join(import.meta.dirname, "../../results", `faults-${process.pid}`);
  await mkdir(root, { recursive: true });
  expected = (await run(config, { store: false }).result).digests;
  await interrupted(join(root, "base"));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Runs the config in a folder, and stops it when batch 1 has 60 draws. */
async function interrupted(out: string): Promise<string> {
  const running = run(config, { out, runId: "x", report: false });
  running.events.subscribe({
    next: (event) => {
      if (event.kind === "progress" && event.draws[1]! >= 60) running.stop();
    },
    error: () => undefined,
  });
  const { status, directory } = await running.result;
  expect(status).toBe("interrupted");
  return directory!;
}

/** A copy of the interrupted run, to be damaged. */
async function copied(name: string): Promise<string> {
  const folder = join(root, name, "eight-schools", "x");
  await cp(join(root, "base", "eight-schools", "x"), folder, { recursive: true });
  return folder;
}

interface Resumed {
  readonly result: RunResult;
  readonly batches: readonly ResumedBatch[];
}

async function resumed(folder: string): Promise<Resumed> {
  const { loaded } = await configOfResults(folder);
  const running = run(loaded, { resume: folder, report: false });
  let batches: readonly ResumedBatch[] = [];
  running.events.subscribe({
    next: (event) => {
      if (event.kind === "planned") batches = event.resumed!;
    },
    error: () => undefined,
  });
  return { result: await running.result, batches };
}

/** The run goes on, says what it found, and ends with the draws of one that was left alone. */
async function expectRepaired(folder: string, problem: RegExp): Promise<void> {
  const { result, batches } = await resumed(folder);
  expect(batches.flatMap(({ problems }) => problems).join("\n")).toMatch(problem);
  expect(result.status).toBe("complete");
  expect(result.digests).toEqual(expected);
  expect(await (await openResults(folder)).damagedChains()).toEqual([]);
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 0x10;
  await writeFile(path, bytes);
}

const chunks = async (folder: string): Promise<string[]> => {
  const theta = join(folder, "draws.zarr/posterior/theta");
  return (await readdir(theta)).filter((name) => /^\d/.test(name)).map((name) => join(theta, name));
};

test("left alone, it goes on where it stands", async () => {
  const { result, batches } = await resumed(await copied("alone"));
  expect(batches.map(({ draws, problems }) => ({ draws, problems }))).toEqual([
    { draws: 200, problems: [] },
    { draws: expect.any(Number), problems: [] },
  ]);
  expect(batches[1]!.draws).toBeGreaterThanOrEqual(60);
  expect(result.digests).toEqual(expected);
});

test("a chunk that was cut short, and one with a flipped byte", async () => {
  const cut = await copied("cut");
  await truncate((await chunks(cut))[2]!, 10);
  await expectRepaired(cut, /theta.*The draws of batch 0 from \d+ on are computed again/s);
  const flipped = await copied("flipped");
  await flip((await chunks(flipped)).at(-1)!, 20);
  await expectRepaired(flipped, /theta.*The draws of batch \d from \d+ on are computed again/s);
});

test("checkpoints: a flipped byte in one, and in all of them", async () => {
  const one = await copied("one");
  const files = async (folder: string): Promise<string[]> =>
    (await readdir(join(folder, "checkpoints"))).sort().map((name) => join(folder, "checkpoints", name));
  await flip((await files(one)).at(-1)!, -40);
  await expectRepaired(one, /the checksum does not match: the file is cut short or damaged\. It was passed over/);
  const all = await copied("all");
  for (const file of await files(all)) await flip(file, -40);
  await expectRepaired(all, /Batch 1 has no state from before the damage: it begins anew/);
});

test("run.json with any flipped digit is refused, and nothing is written", async () => {
  const folder = await copied("document");
  const path = join(folder, "run.json");
  const text = await readFile(path, "utf8");
  for (const [from, to] of [
    ['"draws": 200', '"draws": 201'],
    ['"seed": "7"', '"seed": "8"'],
    ['"status": "interrupted"', '"status": "complete"'],
  ] as const) {
    expect(text).toContain(from);
    await writeFile(path, text.replace(from, to));
    const error = await errorOf(configOfResults(folder));
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toContain("damaged or was edited: its seal does not match");
  }
  await writeFile(path, text);
  expect((await resumed(folder)).result.digests).toEqual(expected);
});

/** Long enough for something to happen in its middle. */
const long = { ...config, draws: 1500 };

/** Calls `act` once batch 0 has some draws. */
async function disturbed(changed: Config, out: string, act: () => void): Promise<Error> {
  const running = run(changed, { out, runId: "x", report: false });
  let done = false;
  running.events.subscribe({
    next: (event) => {
      if (done || event.kind !== "progress" || event.draws[0]! < 100) return;
      done = true;
      act();
    },
    error: () => undefined,
  });
  return await errorOf(running.result);
}

test("a worker that dies: the run ends, and goes on", async () => {
  const out = join(root, "dying");
  await mkdir(out);
  // The file lies outside what the model's hash covers.
  const flag = join(out, "die");
  await writeFile(
    join(out, "dying.ts"),
    `import { existsSync } from "node:fs";
     import { isMainThread } from "node:worker_threads";
     import { shippedModel } from "manychain";
     const look = () => existsSync(${JSON.stringify(flag)}) && process.exit(9);
     if (!isMainThread) setInterval(look, 5).unref();
     export default () => shippedModel("eight-schools").create({});`,
  );
  const dying = { ...long, name: "dying", model: join(out, "dying.ts") };
  const error = await disturbed(dying, out, () => writeFileSync(flag, ""));
  expect(error).toBeInstanceOf(WorkerError);
  const folder = join(out, "dying", "x");
  expect((await openResults(folder)).run.status).toBe("failed");
  await rm(flag);
  const { result, batches } = await resumed(folder);
  expect(batches[0]!.draws).toBeGreaterThan(0);
  expect(result.digests).toEqual((await run(long, { store: false }).result).digests);
});

/** Mounts need rights that not every machine gives. */
const canMount = (() => {
  try {
    const folder = join(import.meta.dirname, "../../results", `mount-${process.pid}`);
    execFileSync("mkdir", ["-p", folder]);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
      execFileSync("umount", [folder]);
    } finally {
      execFileSync("rmdir", [folder]);
    }
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!canMount)("a disk that is full, read-only, and then large enough [needs mount]", async () => {
  const out = join(root, "small");
  await mkdir(out);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=20m", "tmpfs", out]);
  const filler = join(out, "filler");
  try {
    const error = await disturbed(long, out, () => {
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], { stdio: "ignore" });
    });
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toContain("no space is left on the disk. Free some space");
    const folder = join(out, "eight-schools", "x");
    // What was committed can be read.
    expect((await openResults(folder)).perBatch.sampling).toHaveLength(2);
    execFileSync("mount", ["-o", "remount,ro", out]);
    const refused = await errorOf(resumed(folder));
    expect(refused).toBeInstanceOf(StoreError);
    expect(refused.message).toContain("read-only");
    execFileSync("mount", ["-o", "remount,rw", out]);
    await rm(filler);
    const { result } = await resumed(folder);
    expect(result.digests).toEqual((await run(long, { store: false }).result).digests);
  } finally {
    execFileSync("umount", [out]);
  }
});
