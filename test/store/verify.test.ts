import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import {
  compareDigests,
  createResults,
  firstDifference,
  type Golden,
  openResults,
  type ResultsReader,
  readGolden,
  type StoreLayout,
  type SummaryRow,
  writeGolden,
} from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "./example.ts";

interface Change {
  readonly batch: number;
  readonly variable: string;
  /** Index in the batch's `[chain, draw, element]`. */
  readonly at: number;
}

async function run(
  root: string,
  id: string,
  changes: readonly Change[] = [],
  of: StoreLayout = layout,
  draws = 50,
): Promise<ResultsReader> {
  const writer = await createResults({ root, configName: "c", runId: id, manifest, layout: of });
  for (const batch of [0, 1, 2]) {
    const whole = block(batch, 0, draws, "sampling", of);
    for (const { variable, at } of changes.filter((change) => change.batch === batch)) {
      const values = whole.posterior[variable]!;
      values[at] = values[at]! + 1;
    }
    await writer.appendBlock(whole);
  }
  await writer.finish({ status: "complete" });
  return await openResults(writer.directory);
}

test("equal runs have no difference", async () => {
  await withFolder(async (root) => {
    const [a, b] = [await run(root, "a"), await run(root, "b")];
    expect(compareDigests(a.run.digests!, b.run.digests!)).toBeUndefined();
    expect(await firstDifference(a, b)).toBeUndefined();
  });
});

test("the first differing chain by digest; the first differing draw by iteration, over all batches and variables", async () => {
  await withFolder(async (root) => {
    const a = await run(root, "a");
    const b = await run(root, "b", [
      { batch: 0, variable: "tau", at: 50 + 30 },
      { batch: 1, variable: "coefficient", at: (50 + 12) * 3 + 1 },
      { batch: 1, variable: "tau", at: 40 },
    ]);
    expect(compareDigests(a.run.digests!, b.run.digests!)).toEqual({ chain: 1, chains: 3 });
    const found = await firstDifference(a, b);
    expect(found).toMatchObject({ chain: 3, iteration: 12, quantity: "coefficient[größe 😀]" });
    expect(found!.b! - found!.a!).toBeCloseTo(1, 5);
    expect(await firstDifference(b, a)).toMatchObject({ chain: 3, iteration: 12, a: found?.b, b: found?.a });
  });
});

test("a run that is shorter differs where it ends; of thinned runs the iteration is told", async () => {
  await withFolder(async (root) => {
    const [a, b] = [await run(root, "a"), await run(root, "b", [], layout, 20)];
    expect(await firstDifference(a, b)).toEqual({ chain: 0, iteration: 20 });
    const of: StoreLayout = { ...layout, keep: { kind: "thinned", every: 7 } };
    const change = { batch: 2, variable: "tau", at: 21 };
    const thin = [await run(root, "c", [], of), await run(root, "d", [change], of)] as const;
    expect(await firstDifference(...thin)).toMatchObject({ chain: 4, iteration: 21, quantity: "tau" });
    await expect(firstDifference(a, thin[0])).rejects.toThrow(/are not of one config/);
  });
});

test("lists of digests of other lengths differ at the first missing chain", () => {
  expect(compareDigests({ chains: ["a", "b"] }, { chains: ["a"] })).toEqual({ chain: 1, chains: 1 });
});

const row = { name: "tau", mean: 1, sd: Number.NaN } as SummaryRow;

async function golden(root: string): Promise<Golden> {
  const { run: document } = await run(root, "g");
  return {
    config: String(document.manifest.hashes["config"]),
    engine: document.manifest.engine,
    digests: document.digests!,
    summary: [row],
  };
}

test("a golden file comes back as it was written", async () => {
  await withFolder(async (root) => {
    const written = await golden(root);
    const file = join(root, "g.json");
    await writeGolden(file, written);
    const read = await readGolden(file);
    expect({ ...read, summary: [] }).toEqual({ ...written, summary: [] });
    expect(read.summary[0]).toMatchObject({ name: "tau", mean: 1, sd: Number.NaN });
    await expect(readGolden(join(root, "none.json"))).rejects.toThrow(/no such golden file/);
  });
});

test("a golden file with each byte flipped or cut is refused, or says what it is; digests are never taken in part", async () => {
  await withFolder(async (root) => {
    const file = join(root, "g.json");
    await writeGolden(file, await golden(root));
    const whole = await readFile(file);
    for (let index = 0; index < whole.length; index += 3) {
      for (const bytes of [Buffer.from(whole), whole.subarray(0, index)]) {
        if (bytes.length === whole.length) bytes[index] = (bytes[index] ?? 0) ^ (1 << (index % 7));
        await writeFile(file, bytes);
        try {
          expect((await readGolden(file)).digests.chains).toHaveLength(5);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreError);
        }
      }
    }
  });
});
