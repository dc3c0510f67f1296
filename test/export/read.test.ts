import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import {
  type ExportFormat,
  exportResults,
  type ReadDraws,
  type ResultsReader,
  readDraws,
} from "../../src/store/index.ts";
import { withFolder } from "../store/example.ts";
import { python, pythonRequired, runPython } from "../store/python.ts";
import { exampleRun } from "./example.ts";

type Quantities = ReadDraws["quantities"];

async function all(reader: ResultsReader, group: "posterior" | "sample_stats"): Promise<Quantities> {
  const found = [];
  for (const { name } of reader.variables(group)) found.push(...(await reader.draws(name, { group })));
  return found;
}

function byName(quantities: Quantities | undefined): Record<string, number[][]> {
  return Object.fromEntries((quantities ?? []).map(({ name, draws }) => [name, draws.map((chain) => [...chain])]));
}

describe("our own exports come back", () => {
  test("a results folder", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      const found = await readDraws(reader.directory);
      expect(found.quantities).toEqual(await all(reader, "posterior"));
      expect(found.statistics).toEqual(await all(reader, "sample_stats"));
    });
  });

  test.each<[ExportFormat, string]>([
    ["netcdf", "d.nc"],
    ["parquet", "d.parquet"],
    ["arrow", "d.arrow"],
  ])("%s", async (format, name) => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      const found = await readDraws(await exportResults(reader, format, join(root, name)));
      expect(byName(found.quantities)).toEqual(byName(await all(reader, "posterior")));
      if (format === "netcdf") expect(byName(found.statistics)).toEqual(byName(await all(reader, "sample_stats")));
    });
  });

  test("cmdstan, by a pattern, in natural order", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      await exportResults(reader, "cmdstan", join(root, "d.csv"));
      const { quantities, statistics } = await readDraws(join(root, "d_*.csv"));
      const expected = byName(await all(reader, "posterior"));
      const found = byName(quantities);
      expect(found["tau"]).toEqual(expected["tau"]);
      expect(found["coefficient[2]"]).toEqual(expected["coefficient[größe 😀]"]);
      expect(found["pair[3, 1]"]).toEqual(expected["pair[=1+1, 10]"]);
      // All of Stan's columns are there; trajectories that are no trees have depth 0.
      const { tree_depth: depths, ...told } = byName(statistics);
      expect(told).toEqual(byName(await all(reader, "sample_stats")));
      expect(depths?.flat().every((depth) => depth === 0)).toBe(true);
    });
  });

  test("a thinned run; and one of moments is refused", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(join(root, "a"), { kind: "thinned", every: 4 });
      expect((await readDraws(reader.directory)).quantities[0]?.draws[0]).toHaveLength(5);
      const moments = await exampleRun(join(root, "b"), { kind: "moments" });
      await expect(readDraws(moments.directory)).rejects.toThrow(/keeps moments and no draws/);
    });
  });
});

describe.skipIf(python === undefined && !pythonRequired)("what others wrote", () => {
  test("ArviZ, xarray, pandas and pyarrow", async () => {
    await withFolder(async (root) => {
      const made = (await runPython("make_draws.py", root)) as Record<"mu" | "A" | "B" | "diverging", number[][]>;
      const expected = { mu: made.mu, "theta[A]": made.A, "theta[größe]": made.B };
      for (const name of [
        "arviz.nc",
        "netcdf4.nc",
        "snappy.parquet",
        "gzip.parquet",
        "plain.parquet",
        "plain.csv",
        "file.arrow",
        "stream.arrows",
      ]) {
        const found = await readDraws(join(root, name));
        const quantities = byName(found.quantities);
        expect(Object.keys(quantities), name).toEqual(Object.keys(expected));
        // pandas writes float32 in CSV with as few digits as float32 needs.
        const close = name.endsWith(".csv") ? (x: number): number => Math.fround(x) : (x: number): number => x;
        const rounded = Object.entries(quantities).map(([key, rows]) => [
          key,
          key === "mu" ? rows : rows.map((row) => row.map(close)),
        ]);
        expect(Object.fromEntries(rounded), name).toEqual(expected);
        if (name.endsWith(".nc")) expect(byName(found.statistics)["diverging"], name).toEqual(made.diverging);
      }
    });
  });
});

describe("CSV", () => {
  async function read(files: Record<string, string>, ...names: string[]): Promise<ReadDraws> {
    return await withFolder(async (root) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
      return await readDraws(names.map((name) => join(root, name)));
    });
  }

  test("of CmdStan, with saved warm-up, special numbers and comments", async () => {
    const file = (a: number): string =>
      `# model = x\nlp__,divergent__,mu,theta.1,cov.1.2\n9,0,9,9,9\n# Adaptation terminated\n# Step size = 1\n-1,1,${a},nan,-inf\r\n-2,0,2e-3,+inf,4\n# \n#  Elapsed Time: 1\n`;
    const { quantities, statistics } = await read({ "o_1.csv": file(1), "o_2.csv": file(5) }, "o_*.csv");
    expect(byName(quantities)).toEqual({
      mu: [
        [1, 0.002],
        [5, 0.002],
      ],
      "theta[1]": [
        [Number.NaN, Number.POSITIVE_INFINITY],
        [Number.NaN, Number.POSITIVE_INFINITY],
      ],
      "cov[1, 2]": [
        [Number.NEGATIVE_INFINITY, 4],
        [Number.NEGATIVE_INFINITY, 4],
      ],
    });
    expect(byName(statistics)["diverging"]).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  test("with quoted names, and the index columns of posterior", async () => {
    const text =
      '\uFEFF"beta[1,2]","say ""x""",.chain,.iteration,.draw\n1,2,1,2,2\n3,4,2,1,3\n5,6,1,1,1\n"7",8,2,2,4\n';
    const { quantities } = await read({ "d.csv": text }, "d.csv");
    expect(byName(quantities)).toEqual({
      "beta[1,2]": [
        [5, 1],
        [3, 7],
      ],
      'say "x"': [
        [6, 2],
        [4, 8],
      ],
    });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["a missing file", {}, /d\.csv: there is no such file/],
    ["an empty file", { "d.csv": "" }, /d\.csv is empty/],
    ["no draws", { "d.csv": "a,b\n" }, /has no draws/],
    ["a cell that is no number", { "d.csv": "a\nmany\n" }, /draw 0, column "a": expected a number, found "many"/],
    ["an empty cell", { "d.csv": "a,b\n1,\n" }, /column "b": expected a number, found an empty field/],
    ["a short line", { "d.csv": "a,b\n1,2\n1\n" }, /draw 1 has 1 columns, the header has 2/],
    ["two columns of one name", { "d.csv": "a,a\n1,2\n" }, /two columns are named "a"/],
    [
      "chains of other lengths",
      { "d.csv": "chain,a\n1,1\n1,2\n2,1\n" },
      /chain 1 has 2 draws, chain 2 has 1 draws: all chains must have the same/,
    ],
    ["only an index", { "d.csv": "chain,draw\n1,1\n" }, /has no quantities/],
  ])("%s", async (_, files, message) => {
    await expect(read(files, "d.csv")).rejects.toThrow(message);
    await expect(read(files, "d.csv")).rejects.toThrow(StoreError);
  });

  test("files with other columns, and a pattern that matches nothing", async () => {
    await expect(read({ "a.csv": "x\n1\n", "b.csv": "y\n1\n" }, "a.csv", "b.csv")).rejects.toThrow(/has other columns/);
    await expect(read({}, "*.csv")).rejects.toThrow(/no file is named/);
  });

  test("a header of many columns over many short lines takes no memory", async () => {
    const text = `${Array.from({ length: 50_000 }, (_, i) => `x${i}`).join(",")}\n${"1\n".repeat(100_000)}`;
    await expect(read({ "d.csv": text }, "d.csv")).rejects.toThrow(/lines are too short for as many/);
  });
});

test("other kinds of files are said not to be draws", async () => {
  await withFolder(async (root) => {
    const write = async (name: string, content: string): Promise<string> => {
      await writeFile(join(root, name), content);
      return join(root, name);
    };
    await expect(readDraws(await write("x.nc", ""))).rejects.toThrow(/by its first bytes it is not netcdf/);
    await expect(readDraws(await write("x.parquet", "a,b\n1,2\n"))).rejects.toThrow(/is not parquet/);
    await expect(readDraws(await write("c.nc", "CDF\u0001abc"))).rejects.toThrow(/NetCDF-3/);
    await expect(readDraws(await write("x.png", "\u0089PNG\0\0"))).rejects.toThrow(/of no known format/);
    await mkdir(join(root, "folder"));
    await expect(readDraws(join(root, "folder"))).rejects.toThrow(/not a results folder/);
  });
});
