/** In words: what each failed gate means and what usually helps. */
import type { Gate, RunFacts, SummaryRow } from "../store/index.ts";
import { GATED, type GateLimits, standsStill } from "../summary/gates.ts";
import type { ChainNotes } from "../summary/summarize.ts";
import { precisionWords } from "./precision.ts";
import { longerWarmup, maySample, remedies, type Signs, signsOf } from "./signs.ts";
import { standstillAdvice } from "./standstill.ts";
import { failuresOf, limitsOf, ordered } from "./table.ts";
import { counted, listed, percent, plain, quoted, rhatText, shortCount } from "./text.ts";
import { untilAdvice } from "./until.ts";

/** What advice is made of; the terminal report's input fits. */
export interface AdviceInput {
  readonly gates: readonly Gate[];
  readonly quantities: readonly SummaryRow[];
  readonly gatedQuantities?: GateLimits["quantities"];
  readonly run: RunFacts;
  readonly chains?: ChainNotes;
}

/** One failed gate with the quantities that fail it by a finite number, worst first. */
interface Failure {
  readonly gate: Gate;
  readonly rows: readonly SummaryRow[];
  /** The worst finite value. */
  readonly value: number;
}

function named(rows: readonly SummaryRow[]): string {
  return listed(
    rows.map((row) => quoted(row.name)),
    3,
  );
}

function chainList(chains: readonly number[]): string {
  return `${chains.length === 1 ? "chain" : "chains"} ${listed(chains)}`;
}

/** Draws that would reach a limit, rounded up to two digits. */
function drawsNeeded(run: RunFacts, ess: number, limit: number): number {
  const needed = 1.1 * run.draws * (limit / Math.max(ess, 1));
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(needed)) - 1);
  return Math.ceil(needed / scale) * scale;
}

function rhatWords({ gate, rows, value }: Failure, input: AdviceInput, signs: Signs): string {
  const notes = input.chains ?? {};
  const worst = rows[0]?.name ?? "";
  const apart = notes.apart !== undefined && Object.hasOwn(notes.apart, worst) ? (notes.apart[worst] ?? []) : [];
  const verb = apart.length === 1 ? "lies" : "lie";
  const who =
    apart.length === 0
      ? ""
      : ` For ${quoted(worst)}, ${chainList(apart)} ${verb} apart from the others: stuck, or in another mode.`;
  return (
    `The chains do not agree on ${named(rows)}: R-hat is up to ${rhatText(value, 4)}, and must be below ${gate.limit}.${who} ` +
    `Do not use these draws yet. What usually helps: ${series(remedies(signs, input.run))}.`
  );
}

/** `a; b; and c`. */
function series(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join("; ")}; and ${parts.at(-1)}`;
}

/** As many draws as would do, where that is a number that anyone would wait for. */
const MOST_TIMES = 50;

function essWords({ gate, rows, value }: Failure, { run }: AdviceInput, signs: Signs): string {
  const [part, meaning] =
    gate.name === "ess_bulk" ? ["bulk", "means are"] : ["tails", "the 5 % and 95 % quantiles are"];
  const head =
    `${named(rows)} ${rows.length === 1 ? "has" : "have"} too few independent draws in the ${part}: ESS is down to ` +
    `${shortCount(value)}, and must be above ${gate.limit}; ${meaning} not yet to be trusted.`;
  if (!maySample(signs)) return `${head} More draws do not help while the chains do not agree: mend that first.`;
  const needed = drawsNeeded(run, value, gate.limit);
  const draws = needed <= MOST_TIMES * run.draws ? [`more draws (\`draws:\u00a0${needed}\`)`] : [];
  const others = [longerWarmup(run), "a parametrisation in which the quantities depend less on each other"];
  return `${head} What usually helps: ${series([...draws, ...others])}.`;
}

function divergenceWords(gate: Gate, run: RunFacts, notes: ChainNotes): string {
  const counts = (notes.divergences ?? []).map((count, chain) => ({ count, chain })).filter(({ count }) => count > 0);
  counts.sort((a, b) => b.count - a.count || a.chain - b.chain);
  const most = counts.slice(0, 3).map(({ chain }) => chain);
  const where = counts.length === 0 ? "" : ` (most in ${chainList(most)})`;
  return (
    `${counted(run.divergences, "transition")} diverged${where}: ${percent(gate.value)} of all draws, and at most ` +
    `${percent(gate.limit)} may. The chains do not get into some narrow region, so the draws are biased. What usually ` +
    "helps: smaller steps (a higher `sampler.target_acceptance`, or a smaller `sampler.step_size` where it is fixed), and " +
    "a non-centred parametrisation of scales that can go to zero."
  );
}

/** One paragraph for all quantities whose diagnostics are not numbers. */
function undefinedWords(rows: readonly SummaryRow[], run: RunFacts): string {
  const head = `R-hat or ESS of ${named(rows)} cannot be computed`;
  if (run.draws < 4)
    return `${head} from ${counted(run.draws, "draw")} of each chain: at least 4 are needed. Raise \`draws\`.`;
  if (rows.every(({ mean }) => Number.isFinite(mean)))
    return (
      `${head}: all draws are finite, but chains stay where they are. What usually helps: smaller steps, a longer warm-up ` +
      "(`warmup`), other starting points (`init`), or another parametrisation."
    );
  return (
    `${head}: some draws are not finite. Look for a division by zero, an overflow or a logarithm of zero in what the ` +
    "model derives, and for chains that left the range of the numbers."
  );
}

function nestedWords({ worst, value, limit }: Gate, { run }: AdviceInput, signs: Signs): string {
  const of = worst === undefined ? "" : ` on ${quoted(worst)}`;
  const found = Number.isNaN(value) ? "cannot be computed" : `is up to ${rhatText(value, 4)}`;
  return (
    `The superchains do not agree${of}: nested R-hat ${found}, and must be below ${limit}: where chains start still shows. ` +
    `What usually helps: ${series(remedies(signs, run))}.`
  );
}

/** The advice on one gate, where finite numbers fail it, or nothing could be judged. */
function gateWords(gate: Gate, rows: readonly SummaryRow[], input: AdviceInput, signs: Signs): string[] {
  const notes = input.chains ?? {};
  if (gate.name === "divergences") return [divergenceWords(gate, input.run, notes)];
  if (gate.name === "precision") return [precisionWords(gate, input.run)];
  if (gate.name === "until") return [untilAdvice(input.run, gate.worst, signs)];
  const key = GATED.find((candidate) => candidate === gate.name);
  if (gate.name === "nested_rhat") return [nestedWords(gate, input, signs)];
  if (key === undefined) return [`${quoted(gate.name)} is ${gate.value}, and its limit is ${gate.limit}.`];
  const worst = rows[0];
  if (worst === undefined) return [];
  const failure: Failure = { gate, rows, value: worst[key] };
  return [key === "rhat" ? rhatWords(failure, input, signs) : essWords(failure, input, signs)];
}

/** What to do: one paragraph for each failed gate, and one for diagnostics that are not numbers. */
export function adviceOn(input: AdviceInput): string[] {
  const undefinedRows = new Set<SummaryRow>();
  const notes = new Set<string>();
  const paragraphs: string[] = [];
  const signs = signsOf(input);
  // Where numbers are wrong, nothing else that is said of them counts.
  const first: string[] = [];
  for (const gate of input.gates.filter((candidate) => !candidate.pass)) {
    const limits = limitsOf([gate], input.gatedQuantities);
    const fails = (row: SummaryRow): boolean => failuresOf(row, limits).length > 0;
    // What stands still has a paragraph of its own.
    const still = input.quantities.some((row) => fails(row) && standsStill(row));
    const failing = ordered(input.quantities, limits).filter((row) => fails(row) && !standsStill(row));
    const key = GATED.find((candidate) => candidate === gate.name);
    const finite = failing.filter((row) => key === undefined || !Number.isNaN(row[key]));
    for (const row of failing) if (!finite.includes(row)) undefinedRows.add(row);
    if (failing.length === 0 && !still && key !== undefined) notes.add(gate.note ?? "there is no quantity");
    const words = gateWords(gate, finite, input, signs);
    if (gate.name === "precision") first.push(...words);
    else paragraphs.push(...words);
  }
  for (const note of notes) {
    paragraphs.push(
      `Convergence cannot be judged: ${plain(note)}. Check \`gates.quantities\` in the config, and the model.`,
    );
  }
  if (undefinedRows.size > 0) paragraphs.unshift(undefinedWords([...undefinedRows], input.run));
  const limits = limitsOf(input.gates, input.gatedQuantities);
  paragraphs.unshift(...standstillAdvice(input.quantities, limits, input.run, signs.coarse));
  return [...first, ...paragraphs];
}
