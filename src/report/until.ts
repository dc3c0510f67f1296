/** In words: how the rule that says when there are enough draws stood at each check. */
import { type CheckRecord, type UntilFacts, untilOf } from "../store/checks.ts";
import type { RunFacts } from "../store/index.ts";
import { longerWarmup, maySample, NEAR, type Signs } from "./signs.ts";
import { quoted, rhatText, shortCount } from "./text.ts";

/** `R-hat < 1.01 and ESS > 1000`. */
export function ruleText({ rhat, ess, rule }: Pick<UntilFacts, "rhat" | "ess" | "rule">): string {
  const parts = [...(rhat === undefined ? [] : [`R-hat < ${rhat}`]), ...(ess === undefined ? [] : [`ESS > ${ess}`])];
  return parts.join(rule === "all" ? " and " : " or ");
}

/** `R-hat 1.0123 (tau), ESS 812 (mu)`: what a check found; of what is met, the worst; of what is not, one example. */
export function foundText({ rhat, ess }: CheckRecord): string {
  const of = (quantity: string | undefined): string => (quantity === undefined ? "" : ` (${quoted(quantity)})`);
  const parts = [
    ...(rhat === undefined ? [] : [`R-hat ${rhatText(rhat.value, 4)}${of(rhat.quantity)}`]),
    ...(ess === undefined ? [] : [`ESS ${shortCount(ess.value)}${of(ess.quantity)}`]),
  ];
  return parts.join(", ");
}

/** Checks that the terminal shows. */
const SHOWN = 6;

/** The trail of checks, a line each, the last ones; none where the run has no such rule. */
export function untilLines(run: RunFacts): string[] {
  const until = untilOf(run);
  if (until === undefined) return [];
  const { checks } = until;
  const left = checks.length - SHOWN;
  const width = String(checks.at(-1)?.draws ?? 0).length;
  return [
    `Draws until ${ruleText(until)}, looked at every ${until.check} draws, at most ${until.max}:`,
    ...(left > 0 ? [`  … ${left} checks before, in summary.json and report.html`] : []),
    ...checks
      .slice(-SHOWN)
      .map((each) => `  ${String(each.draws).padStart(width)}  ${each.met ? "enough" : "not yet"}: ${foundText(each)}`),
    ...(checks.length === 0 ? ["  no check yet"] : []),
  ];
}

/** What to do where the most draws did not do. */
export function untilAdvice(run: RunFacts, worst: string | undefined, signs: Signs): string {
  const until = untilOf(run);
  const rule = until === undefined ? "" : ` (${ruleText(until)})`;
  const example = worst === undefined ? "" : `; ${quoted(worst)} does not meet it`;
  const rhat = until?.checks.at(-1)?.rhat;
  const isNear = maySample(signs) && (rhat === undefined || rhat.met || rhat.value < NEAR);
  const draws = isNear ? "more draws (`draws.max`), since the chains agree; " : "";
  return (
    `The rule of \`draws.until\`${rule} was not met after ${run.draws} draws, the most that the config allows${example}. ` +
    `What usually helps: ${draws}${longerWarmup(run)}; or another parametrisation.`
  );
}
