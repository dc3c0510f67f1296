/** NetCDF and Zarr by xarray, whatever the order of its dimensions and the packing of its numbers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { type ReadDraws, readDraws } from "../../src/store/index.ts";
import { python, pythonRequired, runPython } from "../store/python.ts";

interface Made {
  readonly quantities: Record<string, (number | null)[][]>;
  readonly energy: number[][];
  readonly diverging: number[][];
}

/** Numbers to 1e-12 of each other; what is missing is null. */
function rounded(rows: readonly ArrayLike<number | null>[] | undefined): (string | null)[][] | undefined {
  const digits = (value: number | null): string | null =>
    value === null || Number.isNaN(value) ? null : value.toPrecision(12);
  return rows?.map((row) => Array.from(row, digits));
}

describe.skipIf(python === undefined && !pythonRequired)("what xarray wrote", () => {
  let folder: string;
  let made: Made;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "manychain-test-"));
    made = (await runPython("make_arrays.py", folder)) as Made;
  }, 120_000);
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  function expectQuantities(found: ReadDraws): void {
    const names = found.quantities.map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(made.quantities).toSorted());
    for (const { name, draws } of found.quantities) {
      expect(rounded(draws), name).toEqual(rounded(made.quantities[name]));
    }
  }

  test.each(["netcdf4.nc", "h5netcdf.nc", "dataset.nc", "zarr2.zarr", "zarr2-plain.zarr"])("%s", async (name) => {
    const found = await readDraws(join(folder, name));
    expectQuantities(found);
    const notes = found.notes?.join("\n") ?? "";
    expect(notes).toMatch(
      /left out of .*: "only_draws" \(its dimensions are \(draw\); expected chain and draw among them\)/,
    );
    expect(notes).toMatch(/"gaps" in .* has \d+ missing values \(its fill value\)/);
    expect(notes).not.toContain("latitude");
    if (name === "dataset.nc") return;
    const statistic = (wanted: string): Float64Array[] | undefined =>
      found.statistics?.find((each) => each.name === wanted)?.draws;
    expect(rounded(statistic("energy"))).toEqual(rounded(made.energy));
    expect(rounded(statistic("diverging"))).toEqual(rounded(made.diverging));
  });

  test.each<[string, RegExp]>([
    ["one-chain.nc", /has no draws: expected variables with dimensions chain and draw, found "mu" .*expand_dims/],
    ["stacked.nc", /has no draws: .*its dimensions are \(sample\).*unstack/],
    ["time.nc", /"when" has the attribute units = ".* since .*", which is not known here/],
    ["other.nc", /has no group "posterior" with draws: .*found the groups "prior"/],
  ])("%s is refused, in words", async (name, message) => {
    await expect(readDraws(join(folder, name))).rejects.toThrow(message);
    await expect(readDraws(join(folder, name))).rejects.toThrow(StoreError);
  });
});
