import { describe, expect, test } from "vitest";
import { duration, listed, percent, shortCount, shorten, shortNumber, textWidth, wrap } from "../../src/report/text.ts";

test.each([
  [0, "0"],
  [1.2345, "1.23"],
  [-0.12345, "-0.123"],
  [0.00123, "0.0012"],
  [0.000123, "1.2e-4"],
  [123.4, "123"],
  [12345.6, "12346"],
  [1234567, "1.2e6"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
])("shortNumber(%d) is %s", (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

test.each([
  [0, "0"],
  [99999, "99999"],
  [123456, "123k"],
  [12_345_678, "12.3M"],
  [2.5e9, "2.5G"],
  [Number.NaN, "NaN"],
])("shortCount(%d) is %s", (value, text) => {
  expect(shortCount(value)).toBe(text);
});

test("percent", () => {
  expect([percent(0.01), percent(0.0001875), percent(0), percent(Number.NaN)]).toEqual([
    "1 %",
    "0.0187 %",
    "0 %",
    "NaN",
  ]);
});

test("listed", () => {
  expect([listed([]), listed([1]), listed([1, 2]), listed([1, 2, 3]), listed([1, 2, 3, 4, 5], 3)]).toEqual([
    "",
    "1",
    "1 and 2",
    "1, 2 and 3",
    "1, 2, 3 and 2 more",
  ]);
});

describe("shorten", () => {
  test("keeps both ends", () => {
    expect(shorten("coefficient[worst concave points]", 20)).toBe("coefficien…e points]");
    expect(shorten("tau", 3)).toBe("tau");
  });
  test("counts wide letters twice and never cuts one", () => {
    for (let width = 1; width < 20; width++)
      expect(textWidth(shorten("平均半径😀平均半径😀", width))).toBeLessThanOrEqual(width);
  });
});

test("wrap breaks at spaces only, and indents", () => {
  expect(wrap("one two three four", 9, "  ", "- ")).toBe("- one two\n  three\n  four");
  expect(wrap("averyveryverylongword x", 5)).toBe("averyveryverylongword\nx");
});

test.each([
  [11.94, "11.9 s"],
  [119.4, "119 s"],
  [119.6, "2 min 0 s"],
  [226.2, "3 min 46 s"],
  [7199.9, "120 min 0 s"],
  [Number.NaN, "NaN s"],
])("a duration of %d seconds is %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
