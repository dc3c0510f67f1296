import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/config/csv.ts";
import { type DataValue, loadData } from "../../src/config/data.ts";
import { resolveConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { folder, messageOf } from "./folder.ts";

const CSV = 'a,"b ""q""",c\r\n1,2.5,no\r\n-3e-1,"4",yes\r\n';

function load(data: NonNullable<Config["data"]>, files: Record<string, string> = { "f.csv": CSV }): typeof result {
  const { path, remove } = folder(files);
  const result = { values: {} as Readonly<Record<string, DataValue>>, hashes: {} as Readonly<Record<string, string>> };
  try {
    return Object.assign(result, loadData(resolveConfig({ model: "m", data }).config.data, { baseDir: path }));
  } finally {
    remove();
  }
}

function errorOf(data: NonNullable<Config["data"]>, files: Record<string, string> = { "f.csv": CSV }): string {
  return messageOf(() => load(data, files)).replaceAll(/\S*manychain-config-[^/]*\//g, "");
}

test("CSV: a matrix, its labels, an intercept, a column, a map, and the file's hash", () => {
  const { values, hashes } = load({
    x: { csv: "f.csv", except: ["c"], intercept: true },
    z: { csv: "f.csv", columns: ['b "q"', "a"] },
    y: { csv: "f.csv", column: "c", map: { no: 0, yes: 1 } },
  });
  expect(values["x"]).toEqual({
    data: Float64Array.of(1, 2.5, 1, -0.3, 4, 1),
    shape: [2, 3],
    coordinates: ["a", 'b "q"', "intercept"],
  });
  expect(values["z"]).toMatchObject({ data: Float64Array.of(2.5, 1, 4, -0.3), coordinates: ['b "q"', "a"] });
  expect(values["y"]).toEqual({ data: Float64Array.of(0, 1), shape: [2] });
  expect(hashes).toEqual({ "f.csv": createHash("sha256").update(CSV).digest("hex") });
});

test("standardising uses the population standard deviation and leaves the intercept alone", () => {
  const { values } = load(
    { x: { csv: "f.csv", standardize: true, intercept: true } },
    { "f.csv": "a,b\n1,1e8\n2,100000001\n4,1e8\n" },
  );
  const mean = 7 / 3;
  const sd = Math.sqrt(((1 - mean) ** 2 + (2 - mean) ** 2 + (4 - mean) ** 2) / 3);
  const { data } = values["x"]!;
  expect([data[0], data[3], data[6]].map((v, i) => Math.abs(v! - ([1, 2, 4][i]! - mean) / sd) < 1e-14)).toEqual([
    true,
    true,
    true,
  ]);
  expect(data[4]).toBeCloseTo(Math.SQRT2, 7);
  expect([data[2], data[5], data[8]]).toEqual([1, 1, 1]);
});

test("literals and JSON files", () => {
  const files = { "f.json": '{ "y": [[1, 2], [3, 4]], "n": 8 }', "g.json": "[1, 2]" };
  const { values } = load(
    {
      n: 8,
      v: [1, 2],
      m: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      j: { json: "f.json", key: "y" },
      k: { json: "f.json", key: "n" },
      g: { json: "g.json" },
    },
    files,
  );
  expect(values["n"]).toEqual({ data: Float64Array.of(8), shape: [] });
  expect(values["v"]).toEqual({ data: Float64Array.of(1, 2), shape: [2] });
  expect(values["m"]!.shape).toEqual([2, 3]);
  expect(values["j"]).toEqual({ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] });
  expect(values["k"]!.shape).toEqual([]);
  expect(values["g"]!.shape).toEqual([2]);
});

test("cells that are no finite number are named by place, row and column", () => {
  const cell = (text: string): string => errorOf({ x: { csv: "f.csv" } }, { "f.csv": `a,b\n1,2\n3,${text}\n` });
  expect(cell("NA")).toBe(
    'f.csv:3:3: row 2, column "b": expected a finite number, found "NA"; a model takes no missing values: leave the row out, or fill it in',
  );
  expect(cell("NaN")).toBe(
    'f.csv:3:3: row 2, column "b": expected a finite number, found "NaN"; a model takes no missing values: leave the row out, or fill it in',
  );
  expect(cell("")).toBe(
    'f.csv:3:3: row 2, column "b": expected a finite number, found an empty field; a model takes no missing values: leave the row out, or fill it in',
  );
  for (const text of ["inf", "-Infinity", "1e999", "0x10", "1 2", "1_000"]) {
    expect(cell(text)).toMatch(/^f\.csv:3:3: row 2, column "b": expected a finite number, found "/);
  }
  expect(errorOf({ y: { csv: "f.csv", column: "c", map: { no: 0 } } })).toBe(
    'f.csv:3:11: row 2, column "c": expected one of "no" (the keys of map), found "yes"',
  );
});

test("columns, keys and files that are not there", () => {
  const header = { "f.csv": "mean_radius,mean_area,target\n1,2,0\n2,3,1\n" };
  expect(errorOf({ y: { csv: "f.csv", column: "taget" } }, header)).toBe(
    'data.y: f.csv has no column "taget"; did you mean "target"?',
  );
  expect(errorOf({ x: { csv: "f.csv", except: ["zzz"] } }, header)).toBe(
    'data.x: f.csv has no column "zzz"; expected one of mean_radius, mean_area, target',
  );
  expect(errorOf({ x: { csv: "g.csv" } })).toBe("data.x: cannot read g.csv: there is no such file");
  expect(errorOf({ x: { json: "f.json", key: "xs" } }, { "f.json": '{ "x": 1 }' })).toBe(
    'data.x: f.json has no key "xs"; it has x',
  );
  expect(errorOf({ x: { json: "f.json", key: "constructor" } }, { "f.json": '{ "x": 1 }' })).toContain("has no key");
  expect(errorOf({ x: { json: "f.json" } }, { "f.json": "{" })).toMatch(/^data\.x: f\.json: not valid JSON: /);
});

test("values that no model can use", () => {
  expect(errorOf({ x: [[1, 2], [3]] })).toBe(
    "data.x[1]: expected a list of length 2, as the first one has, found length 1",
  );
  expect(errorOf({ x: { json: "f.json" } }, { "f.json": '[1, [2], "a"]' })).toBe(
    "data.x: f.json[1]: expected a finite number, found a list (the first elements are numbers)",
  );
  expect(errorOf({ x: { json: "f.json" } }, { "f.json": "[1, null]" })).toContain(
    "[1]: expected a finite number, found nothing",
  );
  expect(errorOf({ x: { json: "f.json" } }, { "f.json": "[1, 1e999]" })).toContain(
    "[1]: expected a finite number, found Infinity",
  );
  expect(errorOf({ x: { json: "f.json" } }, { "f.json": "[]" })).toContain("expected a list that is not empty");
  expect(errorOf({ x: { csv: "f.csv", standardize: true } }, { "f.csv": "a,b\n0.1,1\n0.1,2\n0.1,3\n" })).toBe(
    'data.x: f.csv: column "a" is constant (0.1) and cannot be standardised',
  );
  expect(errorOf({ x: { csv: "f.csv", columns: ["a", "a"] } })).toBe('data.x: column "a" is given twice');
  expect(errorOf({ x: { csv: "f.csv", columns: ["a"], except: ["a"] } })).toContain("at least one column");
  expect(errorOf({ x: { csv: "f.csv", intercept: true } }, { "f.csv": "intercept\n1\n" })).toContain("already");
});

test("the CSV reader follows RFC 4180", () => {
  const rows = (text: string): readonly string[][] => parseCsv(text, "f.csv").rows.map((row) => [...row.fields]);
  expect(rows("\uFEFFa,b\n1,2")).toEqual([["1", "2"]]);
  expect(parseCsv("\uFEFFa,b\n1,2", "f.csv").header).toEqual(["a", "b"]);
  expect(rows('a,b\r"x,\ny","say ""hi"""\r')).toEqual([["x,\ny", 'say "hi"']]);
  expect(rows('a\n\n""\n1\n\n')).toEqual([[""], ["1"]]);
  const error = (text: string): string => messageOf(() => parseCsv(text, "f.csv"));
  expect(error("")).toBe("f.csv: expected a header line, found an empty file");
  expect(error("a,b\n")).toBe("f.csv: expected rows below the header, found none");
  expect(error("a,b\n1,2\n3\n")).toBe("f.csv:3:1: expected 2 fields, as in the header, found 1");
  expect(error("a,b\n1,2,3\n")).toBe("f.csv:2:5: expected 2 fields, as in the header, found 3");
  expect(error("a,a\n1,2\n")).toBe('f.csv:1:3: column "a" is given twice');
  expect(error('a\n"1\n')).toBe('f.csv:2:1: a quoted field is never closed: expected another quote (")');
  expect(error('a\n"1"2\n')).toBe('f.csv:2:4: expected a comma or the line\'s end after a quoted field, found "2"');
  expect(error('a\n1"2\n')).toBe('f.csv:2:2: found a quote (") within a field that does not begin with one');
});

describe("CSV as other programs write it", () => {
  const y = { y: { csv: "f.csv", column: "y" } };

  test.each([
    ["R's write.csv", '"","y"\n"1",2\n"2",3\n'],
    ["pandas' to_csv", ",y\n0,2\n1,3\n"],
    ["a comma at each line's end", "y,\n2,\n3,\n"],
    ["a byte-order mark and CRLF", "\uFEFFy,z\r\n2,0\r\n3,0\r\n"],
    ["line breaks in quotes", 'y,"a\nb"\n2,"x\ny"\n3,"z"\n'],
  ])("%s: a column that has a name is read", (_, text) => {
    expect(load(y, { "f.csv": text }).values["y"]).toEqual({ data: Float64Array.of(2, 3), shape: [2] });
  });

  test("all columns are refused where one has no name, with what to do; those that are named are read", () => {
    const files = { "f.csv": ",y,z\n0,2,5\n1,3,7\n" };
    expect(errorOf({ x: { csv: "f.csv" } }, files)).toBe(
      "data.x: column 1 of f.csv has no name (it numbers the rows, or a comma ends each line); list the columns that are meant, `columns: [y, z, …]`, instead of `columns: all`",
    );
    const { values } = load({ x: { csv: "f.csv", columns: ["z", "y"] } }, files);
    expect(values["x"]).toEqual({ data: Float64Array.of(5, 2, 7, 3), shape: [2, 2], coordinates: ["z", "y"] });
    expect(errorOf({ x: { csv: "f.csv", column: "w" } }, files)).toMatch(/has no column "w"; expected one of y, z$/);
  });

  test.each([
    ["tabs", "y\tz\n1\t2\n"],
    ["semicolons", "y;z\n1;2\n"],
    ["semicolons", '"";"y"\n"1";0,5\n'],
    ["bars", "y|z\n1|2\n"],
  ])("%s are named", (word, text) => {
    const message = errorOf(y, { "f.csv": text });
    expect(message).toMatch(
      new RegExp(`^f\\.csv:1:\\d+: expected commas between columns, found ${word}: the file looks separated by`),
    );
    expect(message).toContain("Write it with commas, and numbers with a decimal point");
  });

  test("a name with a semicolon is a name", () => {
    expect(load({ y: { csv: "f.csv", column: "y;z" } }, { "f.csv": "y;z\n1\n2\n" }).values["y"]!.shape).toEqual([2]);
  });

  test.each([
    [
      '"0,5"',
      /^f\.csv:2:1: row 1, column "y": expected a finite number, found "0,5"; write numbers with a decimal point$/,
    ],
    [
      "NA",
      /row 1, column "y": expected a finite number, found "NA"; a model takes no missing values: leave the row out/,
    ],
    ['""', /row 1, column "y": expected a finite number, found an empty field; a model takes no missing values/],
  ])("%s", (cell, message) => {
    expect(errorOf(y, { "f.csv": `y,z\n${cell},1\n` })).toMatch(message);
  });

  test("names of columns that are numbers are labels that are numbers", () => {
    const { values } = load(
      { x: { csv: "f.csv" }, w: { csv: "f.csv", intercept: true } },
      { "f.csv": "1950,1951.5\n1,2\n" },
    );
    expect(values["x"]!.coordinates).toEqual([1950, 1951.5]);
    expect(values["w"]!.coordinates).toEqual(["1950", "1951.5", "intercept"]);
  });
});

describe("factors", () => {
  const files = { "f.csv": "county,n,age\nDakota,10,02\nAnoka,9,1\nZürich,10,1\nDakota,100,02\n" };
  const factor = (column: string, more = {}) => ({ i: { csv: "f.csv", column, factor: true, ...more } });

  test("texts are numbered from 0 in sorted order, numbers by their size", () => {
    expect(load(factor("county"), files).values["i"]).toEqual({
      data: Float64Array.of(1, 0, 2, 1),
      shape: [4],
      levels: ["Anoka", "Dakota", "Zürich"],
    });
    expect(load(factor("n"), files).values["i"]).toMatchObject({
      data: Float64Array.of(1, 0, 1, 2),
      levels: [9, 10, 100],
    });
    expect(load(factor("age"), files).values["i"]).toMatchObject({
      data: Float64Array.of(1, 0, 0, 1),
      levels: ["1", "02"],
    });
  });

  test("levels fix the order, and may have more than the rows", () => {
    const levels = ["Zürich", "Dakota", "Stearns", "Anoka"];
    expect(load(factor("county", { levels }), files).values["i"]).toEqual({
      data: Float64Array.of(1, 3, 0, 1),
      shape: [4],
      levels,
    });
    expect(load({ i: { csv: "f.csv", column: "n", levels: [100, 10, 9] } }, files).values["i"]).toMatchObject({
      data: Float64Array.of(1, 2, 1, 0),
      levels: [100, 10, 9],
    });
  });

  test.each([
    [
      { levels: ["Anoka", "Dakota"] },
      /^f\.csv:4:1: row 3, column "county": expected one of "Anoka", "Dakota" \(the levels\), found "Zürich"/,
    ],
    [{ levels: ["Anoka", "Dakot", "Zürich"] }, /found "Dakota"; did you mean "Dakot"\?/],
    [{ levels: ["Anoka", "Anoka"] }, /^data\.i: level "Anoka" is given twice$/],
    [{ map: { Anoka: 1 } }, /expected `factor` \(or `levels`\) or `map`, found both/],
    [{ standardize: true }, /expected `factor` \(or `levels`\) or `standardize`, found both/],
    [{ factor: false, levels: ["a"] }, /expected `factor: true`, found false/],
  ])("refused: %j", (more, message) => {
    expect(errorOf(factor("county", more), files)).toMatch(message);
  });

  test("a text that is missing", () => {
    const gaps = { "f.csv": "county\nAnoka\nNA\n" };
    expect(errorOf(factor("county"), gaps)).toMatch(
      /^f\.csv:3:1: row 2, column "county": expected a level, found "NA"; a model takes no/,
    );
    expect(load(factor("county", { levels: ["NA", "Anoka"] }), gaps).values["i"]!.data).toEqual(Float64Array.of(1, 0));
  });
});
