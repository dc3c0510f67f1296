/** Reads the reference files and names the function that computes each of their metrics. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Draws,
  essBasic,
  essBulk,
  essMean,
  essMedian,
  essQuantile,
  essSd,
  essTail,
  mcseMean,
  mcseMedian,
  mcseQuantile,
  mcseSd,
  mean,
  quantile,
  rhat,
  rhatBasic,
  rhatBulk,
  rhatFolded,
  sd,
} from "../../src/diagnostics/index.ts";

export type Stored = number | string;
export interface Input {
  readonly chains: number;
  readonly draws: number;
  readonly x: readonly (readonly Stored[])[];
}
export interface Expected {
  readonly posterior: Readonly<Record<string, Readonly<Record<string, Stored>>>>;
  readonly per_case_tolerance_relative: Readonly<Record<string, number>>;
}

const copied = (name: string): string => fileURLToPath(new URL(`../reference/diagnostics/${name}`, import.meta.url));
const shared = (name: string): string => {
  const folder = process.env["MANYCHAIN_REFERENCE"];
  const root = folder ?? fileURLToPath(new URL("../../../shared/reference", import.meta.url));
  return `${root}/diagnostics/${name}`;
};
export const hasShared: boolean = existsSync(shared("inputs.json"));
export const requireShared: boolean = process.env["MANYCHAIN_REQUIRE_REFERENCE"] === "1";

const read = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;
export const readCopied = <T>(name: string): T => read<T>(copied(name));
export const readShared = <T>(name: string): T => read<T>(shared(name));

export const toDraws = (x: readonly (readonly Stored[])[]): number[][] => x.map((row) => row.map(Number));

export const metrics: Readonly<Record<string, (draws: Draws) => number>> = {
  mean,
  sd,
  median: (draws) => quantile(draws, 0.5),
  q5: (draws) => quantile(draws, 0.05),
  q95: (draws) => quantile(draws, 0.95),
  rhat,
  rhat_basic_split: (draws) => rhatBasic(draws),
  rhat_basic_nosplit: (draws) => rhatBasic(draws, { split: false }),
  rhat_bulk: rhatBulk,
  rhat_folded: rhatFolded,
  ess_bulk: essBulk,
  ess_tail: essTail,
  ess_mean: essMean,
  ess_sd: essSd,
  ess_median: essMedian,
  ess_basic_split: (draws) => essBasic(draws),
  ess_basic_nosplit: (draws) => essBasic(draws, { split: false }),
  ess_q5: (draws) => essQuantile(draws, 0.05),
  ess_q10: (draws) => essQuantile(draws, 0.1),
  ess_q95: (draws) => essQuantile(draws, 0.95),
  mcse_mean: mcseMean,
  mcse_sd: mcseSd,
  mcse_median: mcseMedian,
  mcse_q5: (draws) => mcseQuantile(draws, 0.05),
  mcse_q95: (draws) => mcseQuantile(draws, 0.95),
};

/** Whether two numbers agree: both NaN, equal (also infinite), or within a relative tolerance. */
export function agrees(found: number, expected: number, tolerance: number): boolean {
  if (Number.isNaN(expected) || Number.isNaN(found)) return Number.isNaN(expected) && Number.isNaN(found);
  return found === expected || Math.abs(found - expected) <= tolerance * Math.abs(expected);
}

/** The metrics of a case that do not agree with `expected`, as readable lines. */
export function disagreements(
  draws: Draws,
  expected: Readonly<Record<string, Stored>>,
  tolerance: number,
  names: readonly string[] = Object.keys(expected),
): string[] {
  return names.flatMap((name) => {
    const metric = metrics[name];
    if (!metric) return [`${name}: no such metric here`];
    const want = Number(expected[name]);
    const got = metric(draws);
    return agrees(got, want, tolerance) ? [] : [`${name}: expected ${want}, found ${got}`];
  });
}
