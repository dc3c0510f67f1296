/** A results folder goes on only as what it was: every refusal, in its words, and with nothing written. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { StoreError } from "../../src/errors.ts";
import { configOfResults } from "../../src/run/resume.ts";
import { run } from "../../src/run/run.ts";
import { readRunDocument, writeRunDocument } from "../../src/store/manifest.ts";
import { errorOf, withFiles } from "./folder.ts";

const config: Config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  chains: 16,
  warmup: 20,
  draws: 40,
  block: 10,
  workers: 1,
  seed: 7,
  gates: false,
};

let folder: string;
let release = (): void => undefined;

beforeAll(async () => {
  folder = await new Promise<string>((found, failed) => {
    const kept = new Promise<void>((ended) => {
      release = ended;
    });
    withFiles({}, async (out) => {
      const running = run(config, { out, runId: "x", report: false });
      running.events.subscribe({ next: ({ kind }) => kind === "block" && running.stop(), error: () => undefined });
      found((await running.result).directory!);
      await kept;
    }).catch(failed);
  });
});
afterAll(() => release());

const refusals: [string, Partial<Config>, string][] = [
  ["warmup", { warmup: 30 }, "config: warmup: was 20, is 30"],
  ["draws", { draws: 50 }, "config: draws: was 40, is 50"],
  ["a rule", { draws: { until: { ess: 9 }, check: 10, max: 40 } }, 'config: draws: was 40, is {"until":'],
  ["chains", { chains: 8 }, "config: chains: was 16, is 8"],
  ["batches", { batches: 2 }, "config: batches: was 1, is 2"],
  ["sampler", { sampler: { name: "nuts" } }, "config: sampler.max_"],
  ["start", { init: { value: 0 } }, "config: init.uniform: was 2, is nothing"],
  ["options", { options: { parametrization: "centred" } }, "config: options.parametrization: was "],
  ["seed", { seed: 8 }, "config: seed: was 7, is 8"],
  ["data", { data: { ...config.data, y: [28, 8, -3, 7, -1, 1, 18, 13] } }, "config: data.y: was "],
  ["engine", { engine: "reference" }, "config: engine: was wasm, is reference"],
  ["precision", { precision: "float64" }, "config: precision: was float32, is float64"],
  ["warm-up draws", { warmup_draws: true }, "arrays: warmup: was 0, is 20"],
  ["kept draws", { keep: "moments" }, "arrays: keep"],
];

async function contents(): Promise<readonly (readonly [string, string])[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return await Promise.all(paths.map(async (path) => [path, await readFile(path, "latin1")] as const));
}

test.each(refusals)("other %s", async (_, changes, difference) => {
  const before = await contents();
  const error = await errorOf(run({ ...config, ...changes }, { resume: folder }).result);
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).exitCode).toBe(2);
  const [first, ...rest] = (error as StoreError).message.split("\n");
  expect(first).toBe(`${folder} cannot be resumed: its draws were made with something else:`);
  expect(rest.join("\n")).toContain(`  ${difference}`);
  expect(rest.at(-1)).toBe("Resume it as it was, or begin a new run.");
  expect(await contents()).toEqual(before);
});

test("another version of manychain, as a program and from the folder", async () => {
  const document = await readRunDocument(folder);
  const versions = { ...document.manifest.versions, package: "0.0.9" };
  await writeRunDocument(folder, { ...document, manifest: { ...document.manifest, versions } });
  const before = await contents();
  const error = await errorOf(run(config, { resume: folder }).result);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining("package version: was 0.0.9, is ") });
  const refused = await errorOf(configOfResults(folder));
  expect(refused).toMatchObject({ exitCode: 2 });
  expect((refused as StoreError).message).toMatch(
    /cannot be run again: package version: was 0\.0\.9, is \S+\. Install manychain@0\.0\.9, or begin a new run\.$/,
  );
  expect(await contents()).toEqual(before);
  await writeRunDocument(folder, document);
});

test("a folder that another run of this program writes into", async () => {
  await withFiles({}, async (out) => {
    const running = run(config, { out, runId: "x", report: false });
    let others: Promise<Error[]> | undefined;
    running.events.subscribe({
      next: (event) => {
        if (event.kind !== "planned") return;
        const again = { out, runId: "x", force: true };
        others = Promise.all(
          [again, { resume: event.directory! }].map(async (how) => await errorOf(run(config, how).result)),
        );
      },
      error: () => undefined,
    });
    const { directory, digests } = await running.result;
    const message = `${directory} is in use: another run of this program writes into it. Wait for its result.`;
    expect((await others!).map((error) => error.message)).toEqual([message, message]);
    const again = await run(config, { out, runId: "x", force: true, report: false }).result;
    expect(again.digests).toEqual(digests);
  });
});

test("of two runs that begin at once in one folder, one is refused", async () => {
  await withFiles({}, async (out) => {
    const begin = (): Promise<unknown> => run(config, { out, runId: "y", force: true, report: false }).result;
    const ends = await Promise.allSettled([begin(), begin()]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const reason = ends.find((end) => end.status === "rejected")?.reason as Error;
    expect(reason.message).toContain("another run of this program writes into it");
    await begin();
  });
});

test("what never changes a draw may differ", async () => {
  const { result } = run(
    { ...config, name: "other", workers: 2, block: 7, gates: {} },
    { resume: folder, report: false },
  );
  expect((await result).status).toBe("complete");
});
