/** What the summary says of a run that goes on until a rule is met. */
import type { CheckRecord, Gate, UntilFacts } from "../store/index.ts";
import type { DrawsSource } from "./summarize.ts";

/** The rule, and how it stood at the checks; undefined where the run has none. @param draws that each chain has */
export async function untilFacts(source: DrawsSource, draws: number): Promise<UntilFacts | undefined> {
  if (source.rule === undefined) return undefined;
  const { until, check, max } = source.rule;
  const { rhat, ess, rule } = until;
  // Where a resumed run lost draws, checks of them are still to come again.
  const checks = (await source.checks()).filter((each) => each.draws <= draws);
  const met = checks.at(-1)?.met === true;
  return { ...(rhat !== undefined && { rhat }), ...(ess !== undefined && { ess }), rule, check, max, met, checks };
}

/** The gate `until`: none before the rule was met, or the most draws were there. */
export function untilGate({ max, met, checks }: UntilFacts): Gate[] {
  const last = checks.at(-1);
  if (last === undefined || (!met && last.draws < max)) return [];
  const worst = met ? undefined : worstOf(last);
  return [{ name: "until", limit: max, value: last.draws, pass: met, ...(worst !== undefined && { worst }) }];
}

/** A quantity that does not meet the rule. */
function worstOf({ rhat, ess }: CheckRecord): string | undefined {
  return [rhat, ess].find((finding) => finding?.met === false)?.quantity;
}
