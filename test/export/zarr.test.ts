/** Zarr stores, Parquet and Arrow files of programs whose draws people bring: ArviZ 1.3, nutpie, Polars, and damage to them. */
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { crc32c } from "../../src/store/export/zarr-codecs.ts";
import { exportResults, type ReadDraws, readDraws } from "../../src/store/index.ts";
import { withFolder } from "../store/example.ts";
import { exampleRun } from "./example.ts";
import { fixture } from "./fixture.ts";

function found({ quantities, statistics = [] }: ReadDraws): Record<string, number[][]> {
  return Object.fromEntries(
    [...quantities, ...statistics].map(({ name, draws }) => [name, draws.map((row) => [...row])]),
  );
}

const hasZstd = "zstdDecompressSync" in zlib;

test.each(["arviz-zarr3", "arviz-zarr2", "arviz-netcdf", "xarray-sharded", "nutpie", "polars-arrow"])(
  "%s",
  async (name) => {
    await withFolder(async (root) => {
      const { path, expected } = await fixture(root, name);
      const draws = await readDraws(path);
      expect(found(draws)).toEqual(expected);
      const quantities = Object.keys(expected).filter((key) => /^(?:mu|theta|on|count)/.test(key));
      expect(draws.quantities.map((each) => each.name).toSorted()).toEqual(quantities.toSorted());
    });
  },
);

test("Polars' Parquet, which is zstd: read, or said which Node reads it", async () => {
  await withFolder(async (root) => {
    const { path, expected } = await fixture(root, "polars");
    if (hasZstd) expect(found(await readDraws(path))).toEqual(expected);
    else
      await expect(readDraws(path)).rejects.toThrow(
        /compressed with ZSTD\. Node reads zstd from version 22\.15 on; this is v/,
      );
    const lz4 = await fixture(root, "polars-lz4");
    await expect(readDraws(lz4.path)).rejects.toThrow(/compressed with LZ4.*\. Write the file with snappy/);
  });
});

test("CRC-32C of the standard's own example", () => {
  // RFC 3720, B.4: 32 bytes of zeros, and 0 … 31.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

test("our own draws.zarr: in its folder as the run itself, elsewhere by its arrays", async () => {
  await withFolder(async (root) => {
    const reader = await exampleRun(root);
    const whole = found(await readDraws(reader.directory));
    expect(found(await readDraws(join(reader.directory, "draws.zarr")))).toEqual(whole);
    const copy = join(root, "copy.zarr");
    await cp(join(reader.directory, "draws.zarr"), copy, { recursive: true });
    expect(found(await readDraws(copy))).toEqual(whole);
    const chunk = join(copy, "posterior/tau/0.0");
    const bytes = await readFile(chunk);
    bytes[9]! ^= 4;
    await writeFile(chunk, bytes);
    await expect(readDraws(copy)).rejects.toThrow(/posterior\/tau: a chunk is damaged: its checksum does not match/);
  });
});

describe("damage", () => {
  /** Files of a store that hold metadata or numbers of draws. */
  async function filesOf(path: string): Promise<string[]> {
    const all = await readdir(path, { recursive: true });
    const files = [];
    for (const name of all.sort()) if ((await stat(join(path, name))).isFile()) files.push(join(path, name));
    return files;
  }

  test.each(["arviz-zarr3", "arviz-zarr2", "xarray-sharded", "nutpie"])(
    "of any file of %s is refused, or told, or makes no difference to how much there is",
    async (name) => {
      await withFolder(async (root) => {
        const { path } = await fixture(root, name);
        const whole = await readDraws(path);
        const shape = (draws: ReadDraws): string =>
          draws.quantities.map((each) => each.draws.map((row) => row.length)).join();
        for (const file of await filesOf(path)) {
          const bytes = await readFile(file);
          for (let at = 0; at < bytes.length; at += Math.max(1, Math.floor(bytes.length / 4))) {
            const flipped = Buffer.from(bytes);
            flipped[at]! ^= 1 << (at % 8);
            for (const damaged of [flipped, bytes.subarray(0, at)]) {
              await writeFile(file, damaged);
              try {
                const draws = await readDraws(path);
                if (!/left out of/.test(draws.notes?.join() ?? "")) expect(shape(draws)).toBe(shape(whole));
              } catch (error) {
                if (!(error instanceof StoreError))
                  throw new Error(`${file} at ${at}: ${String(error)}`, { cause: error });
              }
            }
          }
          await writeFile(file, bytes);
        }
        expect(found(await readDraws(path))).toEqual(found(whole));
      });
    },
    120_000,
  );

  test("a chunk that is gone is refused where numbers have fractions, and told where they are flags", async () => {
    await withFolder(async (root) => {
      const { path } = await fixture(root, "nutpie");
      const notes = (await readDraws(path)).notes?.join("\n") ?? "";
      expect(notes).toMatch(/6 of 6 chunks of "diverging" are not stored and stand for its fill value false/);
      await rm(join(path, "posterior/mu/c/0/1"));
      await expect(readDraws(path)).rejects.toThrow(/1 of 6 chunks of "mu" are not stored .*: they are missing/);
    });
  });

  test("metadata that say two things", async () => {
    await withFolder(async (root) => {
      for (const [name, file] of [
        ["arviz-zarr2", "posterior/mu/.zarray"],
        ["arviz-zarr3", "posterior/mu/zarr.json"],
      ] as const) {
        const { path } = await fixture(root, name);
        const text = await readFile(join(path, file), "utf8");
        await writeFile(join(path, file), text.replace(/"shape": \[\s*2,\s*20/, '"shape": [2, 10'));
        await expect(readDraws(path)).rejects.toThrow(
          /posterior\/mu: its metadata is not what .* consolidated metadata says/,
        );
      }
    });
  });

  test("a separator of chunk indices that would leave the folder", async () => {
    await withFolder(async (root) => {
      const { path } = await fixture(root, "nutpie");
      const file = join(path, "posterior/mu/zarr.json");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace('"separator": "/"', '"separator": "/../../x/"'));
      await expect(readDraws(path)).rejects.toThrow(/the separator of chunk indices is .*; expected \. or \//);
    });
  });
});

test("a zip file, and a folder that is no store, are said not to be draws", async () => {
  await withFolder(async (root) => {
    await writeFile(join(root, "d.zip"), "PK\u0003\u0004\0\0");
    await expect(readDraws(join(root, "d.zip"))).rejects.toThrow(/it is a zip file\. Unpack it/);
    await writeFile(join(root, "zarr.json"), '{"zarr_format": 3, "node_type": "group", "attributes": {}}');
    await expect(readDraws(root)).rejects.toThrow(/has no group "posterior" with draws: .*found "d\.zip"/);
    const reader = await exampleRun(join(root, "run"));
    await expect(exportResults(reader, "parquet", join(root, "d.parquet"))).resolves.toHaveLength(1);
  });
});
