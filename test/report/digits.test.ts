import { describe, expect, test } from "vitest";
import { estimateText } from "../../src/report/digits.ts";
import { renderReport, renderSummary } from "../../src/report/index.ts";
import type { SummaryNumber } from "../../src/store/index.ts";
import { row, run } from "./example.ts";

type Change = NonNullable<Parameters<typeof row>[1]>;

function texts(change: Change, keys: readonly SummaryNumber[] = ["mean", "q5", "q50", "q95"]): string {
  return keys.map((key) => estimateText(row("x", change), key)).join(" ");
}

const around = (center: number, sd: number, mcse: number): Change => ({
  mean: center,
  sd,
  mcse_mean: mcse,
  q5: center - 1.645 * sd,
  q50: center,
  q95: center + 1.645 * sd,
  mcse_q5: 2 * mcse,
  mcse_q50: 1.25 * mcse,
  mcse_q95: 2 * mcse,
});

describe("digits below the Monte Carlo error are not shown", () => {
  test.each([
    ["of size 1", around(0.123456, 0.456, 0.0123), "0.12 -0.63 0.12 0.87"],
    ["negative", around(-0.123456, 0.456, 0.00123), "-0.123 -0.874 -0.123 0.627"],
    ["far from zero, narrow", around(1e6 + 0.0213, 0.03, 0.001), "1000000.021 999999.972 1000000.021 1000000.071"],
    ["far below zero", around(-1e6, 0.03, 0.001), "-1000000.000 -1000000.049 -1000000.000 -999999.951"],
    ["seconds since 1970", around(1700000030, 17.3, 0.14), "1700000030.0 1700000001.5 1700000030.0 1700000058.5"],
    ["large", around(123456, 5000, 300), "1.235e5 1.152e5 1.235e5 1.317e5"],
    ["large, below 1e5", around(12345, 5000, 300), "12300 4100 12300 20600"],
    ["huge", around(1.2345e12, 1e10, 1e8), "1.2345e12 1.2181e12 1.2345e12 1.2510e12"],
    ["tiny", around(1.2345e-8, 1e-9, 1e-11), "1.235e-8 1.070e-8 1.235e-8 1.399e-8"],
    ["whole numbers", around(3, 1.5, 0.02), "3.00 0.53 3.00 5.47"],
    ["no more than three digits of the spread", around(0.5, 1, 1e-6), "0.50 -1.15 0.50 2.15"],
  ])("%s", (_, change, expected) => {
    expect(texts(change)).toBe(expected);
  });

  test("a mean that is zero within its error has no sign and no exponent", () => {
    expect(texts({ mean: -0.0004, sd: 1, mcse_mean: 0.011 }, ["mean"])).toBe("0.00");
    expect(texts({ mean: 4.2e-4, sd: 1, mcse_mean: 0.011 }, ["mean"])).toBe("0.00");
    expect(texts({ mean: 0, sd: 1, mcse_mean: 0.011 }, ["mean"])).toBe("0.00");
  });

  test("quantiles that differ are told apart, whatever their errors", () => {
    const coarse = { ...around(10, 0.5, 3), mcse_q5: 3, mcse_q50: 3, mcse_q95: 3 };
    const [, q5, q50, q95] = texts(coarse).split(" ");
    expect(new Set([q5, q50, q95]).size).toBe(3);
  });

  test("without an error, or a spread, what is known decides", () => {
    const unknown = { mcse_mean: Number.NaN, mcse_q5: Number.NaN, mcse_q50: Number.NaN, mcse_q95: Number.NaN };
    expect(texts({ ...around(12.3456, 0.5, 0.01), ...unknown })).toBe("12.346 11.523 12.346 13.168");
    const constant = { sd: 0, ...unknown };
    expect(texts({ mean: 1700000000, q5: 2, q50: 0.1, q95: -2.5, ...constant })).toBe("1700000000 2 0.1 -2.5");
    expect(texts({ mean: Number.NaN, q5: Number.POSITIVE_INFINITY, q50: Number.NEGATIVE_INFINITY, q95: 1 })).toMatch(
      /^NaN Inf -Inf /,
    );
    expect(texts({ mean: 1, sd: Number.NaN, mcse_mean: Number.NaN }, ["mean", "sd"])).toBe("1 NaN");
    expect(texts({ mean: 5.25, sd: 0.5, mcse_mean: 0 }, ["mean"])).toBe("5.250");
  });
});

test("both reports show them", async () => {
  const quantities = [row("when", around(1e6, 0.03, 0.001))];
  const text = renderSummary({ quantities, gates: [], run, width: 120 });
  expect(text).toMatch(/when +1000000\.000 +0\.0300 +0\.0010 +999999\.951 +1000000\.000 +1000000\.049/);
  expect(await renderReport({ title: "t", summary: { run, gates: [], quantities } })).toContain(">999999.951</td>");
});
