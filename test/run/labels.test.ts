/** Labels of a config and of its data: a factor's levels label the dimension that it points into, numbers stay numbers. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { resolveConfig } from "../../src/config/load.ts";
import { ModelError } from "../../src/errors.ts";
import { index, model, normal, real } from "../../src/index.ts";
import { bindData } from "../../src/run/bindData.ts";
import { run } from "../../src/run/run.ts";
import { exportResults, openResults } from "../../src/store/index.ts";
import { python, pythonRequired } from "../store/python.ts";
import { withFiles } from "./folder.ts";

const counties = model({
  name: "counties",
  data: { county: index("county", "home"), other: index("county", "home"), y: real("home") },
  parameters: { a: normal(0, 1).over("county") },
  likelihood: ({ a, county, other, y }) => normal(a.gather(county).add(a.gather(other)), 1).observe(y),
});

const factor = (levels: readonly (string | number)[], ...data: number[]) => ({
  data: Float64Array.from(data),
  shape: [data.length],
  levels,
});
const y = { data: Float64Array.of(1, 2, 3), shape: [3] };

describe("the levels of a factor", () => {
  const levels = ["Anoka", "Dakota", "Stearns"];

  test("label the dimension that it points into, and say how long that is", () => {
    const data = { county: factor(levels, 1, 0, 1), other: factor(levels, 0, 0, 1), y };
    expect(bindData(counties, { data, coordinates: {} }).coordinateNames).toEqual([
      "a[Anoka]",
      "a[Dakota]",
      "a[Stearns]",
    ]);
    expect(bindData(counties, { data, coordinates: { county: levels } }).coordinates["county"]).toEqual(levels);
  });

  test("that are not those of the config, or of another factor, are refused", () => {
    const one = { county: factor(levels, 1, 0, 1), other: factor(levels, 0, 0, 1), y };
    const reversed = { data: one, coordinates: { county: levels.toReversed() } };
    expect(() => bindData(counties, reversed)).toThrow(
      "the levels of county (Anoka, Dakota, Stearns) are not the labels that `coordinates` has for dimension county (Stearns, Dakota, Anoka)",
    );
    const two = { ...one, other: factor(["Anoka", "Stearns"], 0, 0, 1) };
    expect(() => bindData(counties, { data: two, coordinates: {} })).toThrow(ModelError);
    expect(() => bindData(counties, { data: two, coordinates: {} })).toThrow(/not the labels that another factor has/);
  });
});

const YEARS = {
  "m.js": `import { index, model, normal, real } from "manychain";
export default model({
  name: "years",
  data: { year: index("year", "row"), county: index("county", "row"), y: real("row") },
  parameters: { a: normal(0, 1).over("year"), b: normal(0, 1).over("county"), c: normal(0, 1).over("side") },
  likelihood: ({ a, b, c, year, county, y }) => normal(a.gather(year).add(b.gather(county)).add(c.sum()), 1).observe(y),
});
`,
  "d.csv": "year,county,y\n1952,Dakota,0.5\n1950,Anoka,1.5\n1952,Anoka,2\n",
};
const CONFIG = {
  name: "years",
  model: "./m.js",
  data: {
    year: { csv: "d.csv", column: "year", factor: true },
    county: { csv: "d.csv", column: "county", factor: true },
    y: { csv: "d.csv", column: "y" },
  },
  coordinates: { side: [0.5, 2] },
  chains: 8,
  warmup: 30,
  draws: 4,
  gates: false as const,
};

test("a run's labels: texts are texts, numbers are numbers in Zarr, and print as they are written", async () => {
  await withFiles(YEARS, async (folder) => {
    const loaded = resolveConfig(CONFIG, { baseDir: folder });
    const { directory, quantities } = await run(loaded, { out: folder, runId: "x" }).result;
    expect(quantities).toEqual(["a[1950]", "a[1952]", "b[Anoka]", "b[Dakota]", "c[0.5]", "c[2]"]);
    const { layout } = await openResults(directory!);
    expect(layout.coordinates).toMatchObject({ year: [1950, 1952], county: ["Anoka", "Dakota"], side: [0.5, 2] });
    const type = async (dim: string): Promise<string> =>
      JSON.parse(await readFile(join(directory!, "draws.zarr/posterior", dim, ".zarray"), "utf8")).dtype;
    expect(await Promise.all(["year", "side"].map(type))).toEqual(["<i8", "<f8"]);
    expect(await type("county")).toMatch(/^<U|^\|O/);
    const data = await readFile(join(directory!, "draws.zarr/constant_data/year/0"));
    // After the checksum: 1952, 1950, 1952 are levels 1, 0, 1.
    expect([0, 1, 2].map((row) => data.readInt32LE(4 + 4 * row))).toEqual([1, 0, 1]);
  });
});

test.skipIf(python === undefined && !pythonRequired)(
  "xarray opens numeric labels as numbers, also of an export",
  async () => {
    await withFiles(YEARS, async (folder) => {
      const { directory } = await run(resolveConfig(CONFIG, { baseDir: folder }), { out: folder, runId: "x" }).result;
      const [file = ""] = await exportResults(await openResults(directory!), "netcdf", join(folder, "d.nc"));
      const code = `import xarray, json, sys
group = xarray.open_dataset(sys.argv[1], group="posterior", engine="h5netcdf")
print(json.dumps([group.year.values.tolist(), group.side.values.tolist(), group.county.values.tolist(), group.year.dtype.kind]))`;
      const { stdout } = await promisify(execFile)(python!, ["-c", code, file]);
      expect(JSON.parse(stdout)).toEqual([[1950, 1952], [0.5, 2], ["Anoka", "Dakota"], "i"]);
    });
  },
);
