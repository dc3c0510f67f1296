/** In words: parameters that never moved, in all chains or in some, whether a gate asks of them or not. */
import type { Gate, RunFacts, SummaryRow } from "../store/index.ts";
import { type GateLimits, gatedQuantities, isConstant, standsStill } from "../summary/gates.ts";
import { counted, listed, quoted } from "./text.ts";

/** Parameters that stand still, by how much of the run does. */
interface Standstill {
  /** In every draw of every chain. */
  readonly never: readonly SummaryRow[];
  /** In some chains. */
  readonly partly: readonly SummaryRow[];
}

function names(rows: readonly SummaryRow[]): string {
  return listed(
    rows.map((row) => quoted(row.name)),
    3,
  );
}

function isGated(row: SummaryRow, limits: GateLimits): boolean {
  const asks = limits.rhat !== undefined || limits.ess_bulk !== undefined || limits.ess_tail !== undefined;
  return asks && gatedQuantities([row], limits).length > 0;
}

function neverWords(rows: readonly SummaryRow[], all: readonly SummaryRow[], run: RunFacts): string {
  const [first] = rows;
  const where = `all ${counted(run.chains * run.draws, "draw")} of ${counted(run.chains, "chain")}`;
  const value = rows.length === 1 ? `${where} are ${first!.mean}` : `in each of them ${where} are the same`;
  const head = `${names(rows)} never moved: ${value}. These draws say nothing of the posterior. What usually helps: `;
  const isAll = all.every((row) => row.role !== "parameter" || rows.includes(row));
  if (isAll)
    return (
      `${head}no parameter moved, so no step was accepted: smaller steps (a smaller \`sampler.step_size\` where it is fixed, else ` +
      "a longer `warmup`), other starting points (`init`), and a look whether the log density is right there."
    );
  const coarse =
    run.precision === "float64"
      ? ""
      : "`precision: float64`, since float32 keeps 7 digits and may not tell its values apart; ";
  return `${head}${coarse}another unit or origin, so that its values are of size 1; and a look at its bounds.`;
}

function partlyWords(rows: readonly SummaryRow[], run: RunFacts, coarse: boolean): string {
  const most = rows.reduce((a, b) => ((b.still?.chains ?? 0) > (a.still?.chains ?? 0) ? b : a));
  const { chains, first } = most.still ?? { chains: 0, first: [] };
  const rest = chains - first.length;
  const which = rest > 0 ? `${first.join(", ")} and ${rest} more` : listed(first, first.length);
  const where = `${chains === 1 ? "chain" : "chains"} ${which}`;
  const upTo = rows.length > 1 ? "up to " : "";
  return (
    `${names(rows)} ${rows.length === 1 ? "does" : "do"} not move in ${upTo}${chains} of ${counted(run.chains, "chain")} ` +
    `(${where}), which ${chains === 1 ? "is" : "are"} stuck: the posterior was not sampled there, and more draws do not help. ` +
    `What usually helps: ${coarse ? "`precision: float64` first, " : ""}starting points nearer to the bulk (\`init\`), a longer warm-up (\`warmup\`), smaller steps (a higher ` +
    "`sampler.target_acceptance`), or another parametrisation."
  );
}

/** What is said instead of a gate's value where that is no number. */
export interface NoValue {
  /** `never moved`, `does not move in every chain`, `not known`. */
  readonly words: string;
  /** The gate's note without what the words say already. */
  readonly note: string | undefined;
}

/** Why a gate on R-hat or ESS has no number; undefined where it has one. */
export function noValue({ value, worst, note }: Gate, rows: readonly SummaryRow[]): NoValue | undefined {
  if (!Number.isNaN(value)) return undefined;
  const row = rows.find(({ name }) => name === worst);
  if (row === undefined || !standsStill(row)) return { words: "not known", note };
  const [words, told] = isConstant(row)
    ? ["never moved", `never moved: ${worst}`]
    : ["does not move in every chain", `not moving in every chain: ${worst}`];
  return { words, note: note === told ? undefined : note };
}

/** A column of which nobody says what it is. */
function unknownWords(rows: readonly SummaryRow[]): string {
  const one = rows.length === 1;
  return (
    `${names(rows)} ${one ? "is" : "are"} the same in every draw, and the draws do not say whether ${one ? "it is a parameter" : "they are parameters"} ` +
    `that ${one ? "is" : "are"} sampled. If so, the chains never moved, and these draws say nothing of the posterior.`
  );
}

function standstillOf(rows: readonly SummaryRow[]): Standstill {
  const still = rows.filter(standsStill);
  return { never: still.filter(isConstant), partly: still.filter((row) => !isConstant(row)) };
}

/**
 * A paragraph for parameters that never moved in any chain, one for those that move in some, one for what may be such.
 * @param coarse whether float32 was found not to be enough
 */
export function standstillAdvice(
  rows: readonly SummaryRow[],
  limits: GateLimits,
  run: RunFacts,
  coarse = false,
): string[] {
  const { never, partly } = standstillOf(rows);
  const unknown = rows.filter((row) => row.role === undefined && isConstant(row));
  // Where no gate fails for it, it is told all the same.
  const told = (chosen: readonly SummaryRow[], text: string): string =>
    chosen.some((row) => isGated(row, limits)) ? text : `Warning, of what no gate asks: ${text}`;
  return [
    ...(never.length > 0 ? [told(never, neverWords(never, rows, run))] : []),
    ...(partly.length > 0 ? [told(partly, partlyWords(partly, run, coarse))] : []),
    ...(unknown.length > 0 ? [unknownWords(unknown)] : []),
  ];
}
