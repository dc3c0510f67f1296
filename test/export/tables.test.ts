/** Tables as other programs write them: their index columns, row numbers, flags and long forms. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { type ReadDraws, readDraws } from "../../src/store/index.ts";
import { withFolder } from "../store/example.ts";

async function read(text: string, name = "d.csv"): Promise<ReadDraws> {
  return await withFolder(async (root) => {
    await writeFile(join(root, name), text);
    const found = await readDraws(join(root, name));
    const notes = found.notes?.map((note) => note.replaceAll(`${root}/`, ""));
    return { ...found, ...(notes !== undefined && { notes }) };
  });
}

function table(found: ReadDraws["quantities"] | undefined): Record<string, number[][]> {
  return Object.fromEntries((found ?? []).map(({ name, draws }) => [name, draws.map((chain) => [...chain])]));
}

/** Rows (chain, draw, value) in an order of no use, under a header. */
function indexed(chain: string, draw: string, chains: readonly number[], firstDraw = 0): string {
  const rows = chains.flatMap((id, nth) => [0, 1, 2].map((t) => `${id},${firstDraw + t},${10 * nth + t}`));
  return `${chain},${draw},mu\n${rows.reverse().join("\n")}\n`;
}

const EXPECTED = {
  mu: [
    [0, 1, 2],
    [10, 11, 12],
  ],
};

describe("the index is found by name", () => {
  test.each([
    ["chain", "draw"],
    ["Chain", "Draw"],
    ["CHAIN", "ITERATION"],
    [".chain", ".iteration"],
    [".chain", ".draw"],
    ["chain__", "iter__"],
    ["chain__", "draw__"],
    ["chain_id", "iteration"],
    ["chain_id", "draw_id"],
    ["chain_idx", "draw_idx"],
    ["chain_index", "iter_index"],
    ["ChainID", "IterationID"],
    ["chain.no", "draw.no"],
    ["Chain", "Iteration"],
    ["chain", "iter"],
  ])("%s and %s", async (chain, draw) => {
    for (const chains of [
      [0, 1],
      [1, 2],
      [7, 1000],
      [-3, 4],
    ]) {
      const { quantities, statistics } = await read(indexed(chain, draw, chains, 1));
      expect(table(quantities)).toEqual(EXPECTED);
      expect(statistics).toBeUndefined();
    }
  });

  test("CmdStanPy's table, whose draw__ counts over all chains", async () => {
    const rows = [1, 2].flatMap((chain) =>
      [1, 2].map((iter) => [chain, iter, 2 * (chain - 1) + iter, -1.5, 0.9, chain === 2 ? 1 : 0, 10 * chain + iter]),
    );
    const text = `chain__,iter__,draw__,lp__,accept_stat__,divergent__,theta.1\n${rows.map((row) => row.join()).join("\n")}\n`;
    const { quantities, statistics } = await read(text);
    expect(table(quantities)).toEqual({
      "theta[1]": [
        [11, 12],
        [21, 22],
      ],
    });
    expect(table(statistics)).toEqual({
      lp: [
        [-1.5, -1.5],
        [-1.5, -1.5],
      ],
      acceptance_rate: [
        [0.9, 0.9],
        [0.9, 0.9],
      ],
      diverging: [
        [0, 0],
        [1, 1],
      ],
    });
  });

  test("a quantity that has such a name stays one beside an index of the other kind, or where it has fractions", async () => {
    const beside = await read(".chain,.iteration,draw\n1,1,0.5\n1,2,0.25\n2,1,3\n2,2,4\n");
    expect(table(beside.quantities)).toEqual({
      draw: [
        [0.5, 0.25],
        [3, 4],
      ],
    });
    const fractions = await read("chain,mu\n0.5,1\n0.25,2\n");
    expect(table(fractions.quantities)).toEqual({ chain: [[0.5, 0.25]], mu: [[1, 2]] });
    expect(fractions.notes?.join()).toMatch(/column "chain" of d\.csv has no whole numbers: it is taken as a quantity/);
  });
});

describe("what is not a quantity is left out, and told", () => {
  test.each([
    ["R's write.csv", '"","chain","draw","mu"\n', (row: number) => `"${row + 1}",`],
    ["R with names of rows", '"","chain","draw","mu"\n', (row: number) => `"chain:${row}",`],
    ["pandas' to_csv", ",chain,draw,mu\n", (row: number) => `${row},`],
    ["pandas', read and written again", "Unnamed: 0,chain,draw,mu\n", (row: number) => `${row},`],
    ["R's, read and written again", "X,chain,draw,mu\n", (row: number) => `${row + 1},`],
    ["reset_index", "index,chain,draw,mu\n", (row: number) => `${row},`],
  ])("row numbers: %s", async (_, header, start) => {
    const rows = [0, 1].flatMap((chain) => [0, 1, 2].map((t) => `${chain},${t},${10 * chain + t}`));
    const found = await read(header + rows.map((row, nth) => `${start(nth)}${row}\n`).join(""));
    expect(table(found.quantities)).toEqual(EXPECTED);
    expect(found.notes?.join()).toMatch(/the column .* of d\.csv is left out: it numbers the rows/);
  });

  test("a comma at the end of each line", async () => {
    const found = await read("chain,mu,\n1,0,\n1,1,\n2,5,\n2,6,\n");
    expect(table(found.quantities)).toEqual({
      mu: [
        [0, 1],
        [5, 6],
      ],
    });
    expect(found.notes?.join()).toMatch(/without a name of d\.csv is left out/);
  });

  test("a parameter X that does not count", async () => {
    const { quantities } = await read("X,mu\n1,0\n2,1\n3,2\n5,3\n");
    expect(Object.keys(table(quantities))).toEqual(["X", "mu"]);
  });

  test("the columns of ArviZ's to_dataframe", async () => {
    const header = `chain,draw,"('posterior', 'mu')","('posterior', 'theta[A]', 'A')","('sample_stats', 'diverging')","('prior', 'mu')"`;
    const found = await read(`${header}\n0,0,1,2,False,9\n0,1,3,4,True,9\n`);
    expect(table(found.quantities)).toEqual({ mu: [[1, 3]], "theta[A]": [[2, 4]] });
    expect(table(found.statistics)).toEqual({ diverging: [[0, 1]] });
    expect(found.notes?.join()).toMatch(/not of the posterior are left out: .*prior/);
  });
});

test.each([
  ["TRUE", "FALSE"],
  ["true", "false"],
  ["True", "False"],
])("flags are 0 and 1: %s", async (yes, no) => {
  const { quantities } = await read(`chain,kept\n1,${yes}\n1,${no}\n2,${no}\n2,${no}\n`);
  expect(table(quantities)).toEqual({
    kept: [
      [1, 0],
      [0, 0],
    ],
  });
});

test("diverging and energy of a wide table are the sampler's", async () => {
  const found = await read("chain,draw,mu,diverging,energy\n1,1,1,TRUE,3\n1,2,2,FALSE,4\n");
  expect(Object.keys(table(found.quantities))).toEqual(["mu"]);
  expect(table(found.statistics)).toEqual({ diverging: [[1, 0]], energy: [[3, 4]] });
  const plain = await read("chain,draw,mu,energy\n1,1,1,3\n1,2,2,4\n");
  expect(Object.keys(table(plain.quantities))).toEqual(["mu", "energy"]);
});

test("one chain is told, and what is missing", async () => {
  const { notes = [] } = await read("mu,tau\n1,2\n3,NA\n4,NA\n");
  expect(notes.join("\n")).toMatch(/there is one chain: R-hat compares its two halves/);
  expect(notes.join("\n")).toMatch(/missing \(NaN\): tau \(2\)/);
});

const doubled = [0, 1, 2, 3].flatMap((t) => [`${t},${t * t}`, `${t},${t * t}`]).join("\n");
const twins = [1, 2].flatMap((chain) => [0, 1, 2, 3].map((t) => `${chain},${t},${t * t}`)).join("\n");

test.each<[string, string, RegExp]>([
  [
    "a long table of xarray",
    "chain,draw,school,theta\n0,0,A,1\n0,0,B,2\n0,1,A,3\n0,1,B,4\n",
    /has 2 rows for chain 0, "draw" 0: it is a long table, one row for each "school"\. .*pivot/,
  ],
  [
    "one whose label is a number",
    "chain,draw,school,theta\n0,0,0,1\n0,0,1,2\n0,1,0,3\n0,1,1,4\n",
    /has 2 rows for chain 0, "draw" 0: rows are doubled, or it is a long table/,
  ],
  [
    "a molten one",
    "Chain,Iteration,Parameter,value\n1,1,mu,1\n1,1,tau,2\n",
    /has 2 rows for chain 1, "Iteration" 1: it is a long table, one row for each "Parameter"/,
  ],
  [
    "draws that come twice without a chain",
    `draw,mu\n${doubled}\n`,
    /has 2 rows for "draw" 0, and no column that says/,
  ],
  ["chains that are one", `chain,draw,mu\n${twins}\n`, /chains 0 and 1 of .*d\.csv .* have the same draws/],
  ["tabs", "chain\tmu\n1\t2\n", /looks separated by tabs\. Write it with commas/],
  [
    "semicolons",
    '"";"chain";"mu"\n"1";1;0,5\n',
    /looks separated by semicolons\. Write it with commas and decimal points/,
  ],
  [
    "decimal commas",
    'chain,mu\n1,"0,5"\n',
    /column "mu": expected a number, found "0,5"\. Write numbers with a decimal point/,
  ],
  ["texts", "chain,draw,mu,school\n1,1,2,A\n", /draw 0, column "school": expected a number, found "A"/],
  ["a chain without a number", "chain,mu\n1,2\nNA,3\n", /row 2, column "chain": expected a whole number, found NaN/],
  ["chains by text", "chain,mu\na,2\nb,3\n", /column "chain" should number chains or draws\. .*found "a"/],
])("refused, in words: %s", async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
  await expect(read(text)).rejects.toThrow(StoreError);
});

describe.skipIf(process.platform === "win32")("what is no file", () => {
  test("a pipe or a device of draws is refused, and not waited for", async () => {
    await withFolder(async (root) => {
      const pipe = join(root, "d.csv");
      execFileSync("mkfifo", [pipe]);
      for (const path of [pipe, "/dev/zero"]) await expect(readDraws(path)).rejects.toThrow(/is a pipe or a device/);
    });
  });

  test("a pipe as a chunk of a Zarr store is refused", async () => {
    await withFolder(async (root) => {
      const array = join(root, "z.zarr", "posterior", "mu");
      await mkdir(array, { recursive: true });
      await writeFile(join(root, "z.zarr", ".zgroup"), '{"zarr_format":2}');
      await writeFile(join(root, "z.zarr", "posterior", ".zgroup"), '{"zarr_format":2}');
      const facts = { zarr_format: 2, shape: [1, 2], chunks: [1, 2], dtype: "<f8", compressor: null, fill_value: 0 };
      await writeFile(join(array, ".zarray"), JSON.stringify({ ...facts, order: "C", filters: null }));
      await writeFile(join(array, ".zattrs"), '{"_ARRAY_DIMENSIONS":["chain","draw"]}');
      execFileSync("mkfifo", [join(array, "0.0")]);
      await expect(readDraws(join(root, "z.zarr"))).rejects.toThrow(/0\.0 is not a file: expected a chunk/);
    });
  });
});
