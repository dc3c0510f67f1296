import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { checkFileName, quantityNames, runId } from "../../src/store/index.ts";

describe("quantityNames", () => {
  test("a scalar keeps its name", () => {
    expect(quantityNames({ name: "tau", dtype: "float64", dims: [], shape: [] }, {})).toEqual(["tau"]);
  });

  test("elements are named by coordinates in row-major order, or counted from 0", () => {
    const pair = { name: "pair", dtype: "float64", dims: ["feature", "side"], shape: [2, 2] } as const;
    expect(quantityNames(pair, { feature: ["mean radius", "texture"] })).toEqual([
      "pair[mean radius, 0]",
      "pair[mean radius, 1]",
      "pair[texture, 0]",
      "pair[texture, 1]",
    ]);
  });

  test("an empty array has no quantities", () => {
    expect(quantityNames({ name: "x", dtype: "float64", dims: ["a"], shape: [0] }, {})).toEqual([]);
  });

  test("coordinates of another length are refused", () => {
    const x = { name: "x", dtype: "float64", dims: ["a"], shape: [3] } as const;
    expect(() => quantityNames(x, { a: ["one"] })).toThrow(
      /dimension "a" has 1 coordinates, but an array .* is 3 long/,
    );
  });

  test("a dimension named like an inherited property has no coordinates", () => {
    const x = { name: "x", dtype: "float64", dims: ["constructor"], shape: [1] } as const;
    expect(quantityNames(x, {})).toEqual(["x[0]"]);
  });
});

describe("checkFileName", () => {
  const refused = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "/etc",
    "a\\b",
    ".hidden",
    "a\nb",
    "a\u0000",
    "\u202etxt",
    "con",
    "x:y",
    "x.",
    "x ",
    "é".repeat(80),
  ];
  test.each(refused)("refuses %j", (name) => {
    expect(() => checkFileName(name, "the name")).toThrow(StoreError);
  });
  test.each(["breast-cancer", "my run 2", "β_1", "a.b", "..x".slice(2)])("takes %j", (name) => {
    expect(checkFileName(name, "the name")).toBe(name);
  });
});

test("a run id is the UTC time and the config's hash", () => {
  expect(runId(new Date("2031-02-03T04:05:06.789Z"), "sha256:abcdef0123")).toBe("20310203T040506Z-sha256ab");
  expect(runId(new Date("2031-02-03T04:05:06.789Z"), "abcdef0123")).toBe("20310203T040506Z-abcdef01");
});
