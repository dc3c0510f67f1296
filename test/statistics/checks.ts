import { diagnostics } from "../../src/index.ts";
import type { Collected, Draws } from "./collect.ts";

/** What is known of a quantity; what is not said is not tested. */
export interface Known {
  readonly mean?: number;
  readonly sd?: number;
  /** Probability → quantile. */
  readonly quantiles?: Readonly<Record<number, number>>;
}

/** The largest allowed |found − expected| in standard errors: one chance in two million for each number. */
const LIMIT = 5;

/**
 * Everything that draws must pass, as one sentence for each failure; none for a correct sampler. The same list judges
 * samplers that were broken on purpose, which must not come out empty.
 */
export function failures(draws: Collected, known: Readonly<Record<string, Known>>): string[] {
  return Object.entries(known).flatMap(([name, expected]) => {
    const own = draws.posterior[name];
    if (own === undefined) return [`${name}: no draws`];
    return [...wrongNumbers(own, expected), ...notConverged(own), ...dependent(own)].map((why) => `${name}: ${why}`);
  });
}

/** Means, standard deviations and quantiles that are more than 5 standard errors off. */
export function wrongNumbers(draws: Draws, { mean, sd, quantiles = {} }: Known): string[] {
  const compare = (what: string, found: number, expected: number, error: number): string[] => {
    const z = (found - expected) / error;
    // Not `>`: what is not a number has failed.
    return Math.abs(z) <= LIMIT ? [] : [`${what} ${found} is ${z} standard errors from ${expected}`];
  };
  return [
    ...(mean === undefined ? [] : compare("mean", diagnostics.mean(draws), mean, diagnostics.mcseMean(draws))),
    ...(sd === undefined ? [] : compare("sd", diagnostics.sd(draws), sd, diagnostics.mcseSd(draws))),
    ...Object.entries(quantiles).flatMap(([p, quantile]) => {
      const { share, error } = shareBelow(draws, quantile, Number(p));
      return compare(`share below ${quantile},`, share, Number(p), error);
    }),
  ];
}

/**
 * The share of draws below a quantile that is known, with its standard error. The standard error of a quantile itself is
 * estimated from the few draws near it, which in a tail is too rough to count five of.
 */
function shareBelow(draws: Draws, quantile: number, p: number): { readonly share: number; readonly error: number } {
  const below = draws.map((row) => row.map((x) => Number(x <= quantile)));
  return { share: diagnostics.mean(below), error: Math.sqrt((p * (1 - p)) / diagnostics.essMean(below)) };
}

/** Chains that have not mixed, or never moved. */
export function notConverged(draws: Draws): string[] {
  const rhat = diagnostics.rhat(draws);
  const stuck = diagnostics.stuckChains(draws);
  return [
    ...(rhat < 1.05 ? [] : [`rhat ${rhat}`]),
    ...(stuck.length === 0 ? [] : [`chains ${stuck.join(", ")} never moved`]),
  ];
}

/**
 * Chains that move together. The mean over C independent chains varies 1/C as much as a draw does; chains that share
 * their random numbers coalesce, and it varies as much. Its variance over n effective draws is known to √(2/n).
 */
export function dependent(draws: Draws): string[] {
  const chains = draws.length;
  const length = draws[0]!.length;
  const overChains = Float64Array.from({ length }, (_, t) => draws.reduce((sum, row) => sum + row[t]!, 0) / chains);
  const ratio = (chains * diagnostics.sd([overChains]) ** 2) / diagnostics.sd(draws) ** 2;
  // A heavy tail, or slow mixing, makes the ratio less certain; a factor of 2 is far from the C of shared numbers.
  const ess = diagnostics.essMean([overChains]);
  const allowed = LIMIT * Math.sqrt(2 / ess) + 0.5;
  return Math.abs(ratio - 1) <= allowed ? [] : [`the chains' mean varies ${ratio} times as it would by independence`];
}
