/** Rows and facts for the tests of the report. */
import type { RunFacts, SummaryRow } from "../../src/store/index.ts";

export function row(name: string, change: Partial<Omit<SummaryRow, "name">> = {}): SummaryRow {
  return {
    name,
    mean: -0.12345,
    sd: 0.456,
    mcse_mean: 0.00123,
    mcse_sd: 0.001,
    q1: -1.2,
    q5: -0.98765,
    q25: -0.3,
    q50: -0.1,
    q75: 0.2,
    q95: 0.87654,
    q99: 1.1,
    mcse_q5: 0.002,
    mcse_q50: 0.002,
    mcse_q95: 0.002,
    rhat: 1.0012,
    ess_bulk: 12345,
    ess_tail: 9876,
    ...change,
  };
}

/** A quantity that never changed, as `summarize` describes it. */
export function constant(name: string): SummaryRow {
  const at = { mean: 2, sd: 0, q1: 2, q5: 2, q25: 2, q50: 2, q75: 2, q95: 2, q99: 2 };
  return row(name, { ...at, mcse_mean: Number.NaN, rhat: Number.NaN, ess_bulk: Number.NaN, ess_tail: Number.NaN });
}

export const run: RunFacts = {
  chains: 64,
  draws: 1000,
  warmup: 500,
  divergences: 12,
  gradients: { warmup: 1_234_567, sampling: 2_345_678 },
  seconds: { compile: 0.123, warmup: 4.5, sampling: 6.7, total: 11.9 },
  engine: "wasm",
  precision: "float32",
  seed: "18446744073709551615",
  digest: "ab".repeat(32),
};

export const limits = { rhat: 1.01, ess_bulk: 400, ess_tail: 400, divergences: 0.01 } as const;
