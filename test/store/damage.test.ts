/** Damaged results folders: an error in words or the same draws, never other draws and never a raw exception. */
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { createResults, openResults, type StoreLayout } from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "./example.ts";

const small: StoreLayout = {
  ...layout,
  variables: layout.variables.slice(0, 2),
  statistics: [],
  batches: [{ firstChain: 0, chains: 2 }],
  draws: 6,
  warmup: 0,
  chunkDraws: 4,
};

async function withResults(use: (directory: string) => Promise<void>, of = small): Promise<void> {
  await withFolder(async (root) => {
    const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of });
    await writer.appendBlock(block(0, 0, 6, "sampling", of));
    await writer.finish({ status: "complete" });
    await use(writer.directory);
  });
}

/** All that a reader gives, as text; or "refused" for an error in words. */
async function read(directory: string): Promise<string> {
  try {
    const reader = await openResults(directory);
    const draws = [];
    for (const variable of reader.variables()) draws.push(...(await reader.draws(variable.name)));
    const moments = (await reader.moments())?.moments.state();
    if (moments !== undefined) return JSON.stringify([moments].map(({ means, squares }) => [[...means], [...squares]]));
    const rows = draws.map(({ name, draws: chains }) => [name, chains.map((chain) => [...chain])]);
    return JSON.stringify([reader.run, rows, await reader.damagedChains()]);
  } catch (error) {
    if (error instanceof StoreError && error.message.length > 20) return "refused";
    throw error;
  }
}

describe("each byte flipped and each length cut", () => {
  test.each([
    "run.json",
    "draws.zarr/.zmetadata",
    "draws.zarr/posterior/tau/0.0",
    "draws.zarr/posterior/coefficient/0.1.0",
  ])(
    "%s",
    async (name) => {
      await withResults(async (directory) => {
        const path = join(directory, name);
        const whole = await readFile(path);
        const expected = await read(directory);
        expect(expected).not.toBe("refused");
        const step = Math.max(1, Math.floor(whole.length / 400));
        let refused = 0;
        for (let index = 0; index < whole.length; index += step) {
          const damaged = Buffer.from(whole);
          damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
          await writeFile(path, damaged);
          const flipped = await read(directory);
          expect(["refused", expected]).toContain(flipped);
          if (flipped === "refused") refused++;
          await writeFile(path, whole.subarray(0, index));
          // Without its last newline a JSON document still says the same.
          expect(index === whole.length - 1 ? ["refused", expected] : ["refused"]).toContain(await read(directory));
        }
        expect(refused).toBeGreaterThan(0);
      });
    },
    60_000,
  );
});

test("moments: each byte flipped and each length cut", { timeout: 60_000 }, async () => {
  await withResults(
    async (directory) => {
      const path = join(directory, "draws.zarr/moments/posterior/0.0.0");
      const whole = await readFile(path);
      expect(await read(directory)).not.toBe("refused");
      for (let index = 0; index < whole.length; index++) {
        const damaged = Buffer.from(whole);
        damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
        for (const bytes of [damaged, whole.subarray(0, index)]) {
          await writeFile(path, bytes);
          expect(await read(directory)).toBe("refused");
        }
      }
    },
    { ...small, keep: { kind: "moments" } },
  );
});

test("a missing chunk is named", async () => {
  await withResults(async (directory) => {
    await rm(join(directory, "draws.zarr/posterior/tau/0.1"));
    const reader = await openResults(directory);
    await expect(reader.draws("tau")).rejects.toThrow(/posterior.tau.0\.1: the chunk is missing/);
    expect(await reader.draws("coefficient")).toHaveLength(3);
  });
});

test("a chunk that is cut short is named with both lengths, before it is read", async () => {
  await withResults(async (directory) => {
    await truncate(join(directory, "draws.zarr/posterior/tau/0.0"), 10);
    const reader = await openResults(directory);
    await expect(reader.raw("tau")).rejects.toThrow(/the chunk has 10 bytes, expected 68/);
  });
});

test("draws that were replaced together with their checksum are found by the digest, and the chain is named", async () => {
  await withResults(async (directory) => {
    const { openChunk, sealChunk } = await import("../../src/store/zarr.ts");
    const path = join(directory, "draws.zarr/posterior/tau/0.0");
    const bytes = Buffer.from(openChunk(await readFile(path), path));
    bytes.writeDoubleLE(42, (4 + 1) * 8);
    await writeFile(path, sealChunk(bytes));
    expect(await (await openResults(directory)).damagedChains()).toEqual([1]);
  });
});

test("metadata that claims more draws than were planned is refused without an allocation", async () => {
  await withResults(async (directory) => {
    const path = join(directory, "draws.zarr/.zmetadata");
    const text = (await readFile(path, "utf8")).replaceAll(/"sampling": \[\s*6\s*\]/g, '"sampling": [900000000000]');
    await writeFile(path, text);
    await expect(openResults(directory)).rejects.toThrow(/batches of at most 6 draws/);
  });
});

test("a variable that the run does not have is said, with those it has", async () => {
  await withResults(async (directory) => {
    const reader = await openResults(directory);
    await expect(reader.draws("../tau")).rejects.toThrow(
      /posterior has no variable "\.\.\/tau"\. It has: tau, coefficient/,
    );
    await expect(reader.draws("tau", { batches: [7] })).rejects.toThrow(/has 1 batches, counted from 0; found batch 7/);
  });
});
