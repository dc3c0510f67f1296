import { describe, expect, it } from "vitest";
import { ModelError } from "../../src/errors.ts";
import { bind } from "../../src/model/bind.ts";
import { real } from "../../src/model/data.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { model } from "../../src/model/model.ts";
import { withShape } from "../../src/model/plainData.ts";

describe("data as programs hold them", () => {
  it.each([
    ["a number", 3, [3], []],
    ["a truth value", true, [1], []],
    ["a list", [1, 2, 3], [1, 2, 3], [3]],
    ["an empty list", [], [], [0]],
    [
      "lists in lists",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [1, 2, 3, 4, 5, 6],
      [2, 3],
    ],
    [
      "three axes",
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [1, 2, 3, 4],
      [2, 2, 1],
    ],
    ["a typed array", new Float32Array([0.5, 1.5]), [0.5, 1.5], [2]],
    ["typed arrays in a list", [new Int32Array([1, 2]), new Int32Array([3, 4])], [1, 2, 3, 4], [2, 2]],
  ])("%s has the shape that it is made of", (_, given, data, shape) => {
    expect(withShape("y", given)).toEqual({ data, shape });
  });

  it("with a shape are taken as they are", () => {
    const given = { data: new Float64Array(4), shape: [2, 2] };
    expect(withShape("y", given)).toBe(given);
  });

  it.each([
    ["rows of unequal length", [[1, 2], [3]], "Data y[1] must have 2 entries, as those before it; it has 1."],
    ["a number among lists", [[1, 2], 3], "Data y[1] must have 2 entries, as those before it; it is 3."],
    ["a list among numbers", [1, [2]], "Data y[1] must be a number; it is a list."],
    ["a text", [1, "2"], "Data y[1] must be a number; it is 2."],
    ["nothing", undefined, "Data y must be a number, a list of numbers"],
    ["an object", { rows: 3 }, "Data y must be a number, a list of numbers"],
  ])("%s is an error with its place", (_, given, text) => {
    expect(() => withShape("y", given)).toThrow(ModelError);
    expect(() => withShape("y", given)).toThrow(text);
  });

  it("bind the same model in every form", () => {
    const line = model({
      data: { x: real("row", "column"), y: real("row"), scale: real() },
      parameters: { b: normal(0, 1).over("column") },
      likelihood: ({ x, y, scale, b }) => normal(x.matvec(b), scale).observe(y),
    });
    const shaped = bind(line, {
      data: {
        x: { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] },
        y: { data: [1, -1], shape: [2] },
        scale: { data: [2], shape: [] },
      },
    });
    const plain = bind(line, {
      data: { x: [[1, 2, 3], new Float64Array([4, 5, 6])], y: new Float32Array([1, -1]), scale: 2 },
    });
    expect(plain.observed).toEqual(shaped.observed);
    expect(plain.constants).toEqual(shaped.constants);
  });
});
