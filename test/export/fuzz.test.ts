/**
 * Damaged files of draws: each byte flipped, each length cut. They carry a digest, so that other numbers are never summarised;
 * nor may another error than ours come, a hang, or an allocation that the file is too small for.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import {
  createResults,
  type ExportFormat,
  exportResults,
  openResults,
  type ReadDraws,
  readDraws,
  type StoreLayout,
} from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "../store/example.ts";

const small: StoreLayout = {
  variables: layout.variables.slice(0, 2),
  statistics: layout.statistics.slice(1),
  coordinates: { feature: ["a", "ß", "c"] },
  batches: [{ firstChain: 0, chains: 2 }],
  draws: 3,
  warmup: 0,
  chunkDraws: 3,
};
/** Generous for a file of a few kilobytes: a hang or a huge loop takes longer. */
const LONGEST = 2000;
/** Bytes of buffers that a read may leave or hold. */
const MOST_MEMORY = 256 * 2 ** 20;

async function outcome(path: string, expected?: ReadDraws): Promise<"read" | "refused"> {
  const before = process.memoryUsage().arrayBuffers;
  const started = performance.now();
  let result: "read" | "refused" = "read";
  try {
    const { quantities, statistics } = await readDraws(path);
    if (expected !== undefined) {
      expect(quantities).toEqual(expected.quantities);
      // A group or a column of statistics whose name is damaged may be missed, and then its diagnostics are; not be others.
      const known = new Map(expected.statistics?.map(({ name, draws }) => [name, draws]));
      for (const { name, draws } of statistics ?? []) if (known.has(name)) expect(draws).toEqual(known.get(name));
    }
  } catch (error) {
    if (!(error instanceof StoreError) || error.message.length < 20) throw error;
    result = "refused";
  }
  expect(performance.now() - started).toBeLessThan(LONGEST);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MOST_MEMORY);
  return result;
}

async function example(root: string, format: ExportFormat, name: string): Promise<string> {
  const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: small });
  await writer.appendBlock(block(0, 0, 3, "sampling", small));
  await writer.finish({ status: "complete" });
  const [path] = await exportResults(await openResults(writer.directory), format, join(root, name));
  return path!;
}

/** Every how many bytes are tried; MANYCHAIN_FUZZ=1 tries all of them, which takes minutes for NetCDF. */
const every = (usual: number): number => (process.env["MANYCHAIN_FUZZ"] === "1" ? 1 : usual);

test.each<[ExportFormat, string, number]>([
  ["cmdstan", "d.csv", every(1)],
  ["arrow", "d.arrow", every(1)],
  ["parquet", "d.parquet", every(1)],
  ["netcdf", "d.nc", every(131)],
])(
  "%s",
  async (format, name, step) => {
    await withFolder(async (root) => {
      const path = await example(root, format, name);
      const whole = await readFile(path);
      const expected = await readDraws(path);
      let refused = 0;
      const damage = async (bytes: Uint8Array, what: string): Promise<void> => {
        await writeFile(path, bytes);
        try {
          if ((await outcome(path, expected)) === "refused") refused++;
        } catch (error) {
          throw new Error(`${format}, ${what}: ${String(error)}`, { cause: error });
        }
      };
      for (let index = 0; index < whole.length; index += step) {
        const damaged = Buffer.from(whole);
        damaged[index] = (damaged[index] ?? 0) ^ (index % 9 === 8 ? 0xff : 1 << (index % 9));
        await damage(damaged, `byte ${index} flipped`);
        await damage(whole.subarray(0, index), `cut to ${index} bytes`);
      }
      expect(refused).toBeGreaterThan(whole.length / step / 2);
      await writeFile(path, whole);
      expect(await readDraws(path)).toEqual(expected);
    });
  },
  600_000,
);

test("lengths of Arrow's header that are not in the file are refused at once", async () => {
  await withFolder(async (root) => {
    const path = await example(root, "arrow", "d.arrow");
    const whole = await readFile(path);
    for (let index = 0; index + 4 <= whole.length; index += 4) {
      for (const length of [0x7fffffff, 0x40000000, -1, -whole.length]) {
        const damaged = Buffer.from(whole);
        damaged.writeInt32LE(length, index);
        await writeFile(path, damaged);
        await outcome(path);
      }
    }
  });
});
