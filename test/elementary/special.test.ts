import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ElementaryName, elementary, float32, float64 } from "../../src/elementary/index.ts";

type Row = readonly [number | string, number | string];
const special: { readonly tables: Readonly<Record<string, { readonly rows: readonly Row[] }>> } = JSON.parse(
  readFileSync(new URL("../reference/special_functions/special.json", import.meta.url), "utf8"),
);

const TABLES: Readonly<Record<string, ElementaryName>> = {
  lgamma: "lgamma",
  digamma: "digamma",
  trigamma: "trigamma",
  erf: "erf",
  erfc: "erfc",
  normal_cdf: "normalCdf",
  normal_log_cdf: "normalLogCdf",
  erfinv: "erfinv",
  log1p_exp: "softplus",
  log1m_exp: "log1mExp",
  inv_logit: "sigmoid",
  log_inv_logit: "logSigmoid",
  expm1: "expm1",
  log1p: "log1p",
};

const SMALLEST = { float64: 2 ** -1022, float32: 2 ** -125 } as const;

describe.each(Object.entries(TABLES))("the table %s", (table, name) => {
  const rows = special.tables[table]!.rows;

  it("in float64, to 2e-15 relative", () => {
    expect(rows.length).toBeGreaterThan(3);
    for (const [x, value] of rows) {
      const expected = Number(value);
      const found = elementary[name](float64, Number(x));
      // the table's number near the zero of digamma is itself exact to its digits
      expect(Math.abs(found - expected), `${name}(${x}) = ${found}`).toBeLessThanOrEqual(2e-15 * Math.abs(expected));
    }
  });

  it("in float32, to 4e-7 relative", () => {
    for (const [x] of rows) {
      const argument = Math.fround(Number(x));
      // the value at the rounded argument, from the float64 function that the test above holds to the table
      const expected = elementary[name](float64, argument);
      const found = elementary[name](float32, argument);
      expect(Math.fround(found)).toBe(found);
      if (Math.abs(expected) < SMALLEST.float32) expect(Math.abs(found)).toBeLessThan(SMALLEST.float32);
      else if (Math.abs(expected) > 3.4028235e38) expect(found).toBe(Math.sign(expected) * Infinity);
      else {
        const error = Math.abs(found - expected);
        expect(error, `${name}(${argument}) = ${found}`).toBeLessThanOrEqual(4e-7 * Math.abs(expected));
      }
    }
  });
});
