/** The convergence report of the terminal. */
import pc from "picocolors";
import type { Gate, RunFacts, RunStatus, SummaryRow } from "../store/index.ts";
import { allPass, type GateLimits, gatedQuantities } from "../summary/gates.ts";
import type { ChainNotes } from "../summary/summarize.ts";
import { adviceOn } from "./advice.ts";
import { precisionText } from "./precision.ts";
import { noValue } from "./standstill.ts";
import { failuresOf, leastEss, limitsOf, ordered, summaryTable } from "./table.ts";
import {
  type Colors,
  counted,
  engineText,
  percent,
  plain,
  quantityCount,
  quoted,
  rhatText,
  shortCount,
  shortNumber,
  wrap,
} from "./text.ts";
import { deviceText, phasesText } from "./times.ts";
import { untilLines } from "./until.ts";

/** What the report is made of. */
export interface SummaryInput {
  readonly quantities: readonly SummaryRow[];
  readonly gates: readonly Gate[];
  readonly run: RunFacts;
  /** How the run stands; default: complete. Of one that has not ended, gates that pass are no verdict. */
  readonly status?: RunStatus;
  /** The config's `gates.quantities`, which the gates were made with; default "all". */
  readonly gatedQuantities?: GateLimits["quantities"];
  /** Columns of the terminal, at least 40; default 80. */
  readonly width?: number;
  /** Colours; the caller looks at NO_COLOR and whether it writes to a terminal. Default: none. */
  readonly color?: boolean;
  /** Most rows of the table; default 20. */
  readonly maxRows?: number;
  /** What is known about single chains, for the advice. */
  readonly chains?: ChainNotes;
  /** The run's name and where its results lie. */
  readonly title?: string;
  readonly directory?: string;
}

/** What is not known (of a run that was killed, of draws from elsewhere) is left out. */
function factLines(input: SummaryInput, width: number): string[] {
  const { run } = input;
  const { sampling, total } = run.seconds;
  const known = (value: number, text: () => string): string[] => (Number.isFinite(value) ? [text()] : []);
  const { value: ess } = leastEss(input.quantities, limitsOf(input.gates, input.gatedQuantities));
  const speeds = [
    ...known(ess / sampling, () => `${shortNumber(ess / sampling)} per second of sampling`),
    ...known(ess / total, () => `${shortNumber(ess / total)} per second in all`),
  ].join(", ");
  const divergences = known(
    run.divergences,
    () =>
      `${counted(run.divergences, "divergence")} (${percent(run.divergences / (run.chains * run.draws))} of all draws)`,
  );
  const after = known(run.warmup, () => ` after ${run.warmup} of warm-up`).join("");
  const facts = [
    [`${counted(run.chains, "chain")} × ${counted(run.draws, "draw")}${after}`, ...divergences].join("; "),
    ...[phasesText(run.seconds), deviceText(run.seconds)].filter((text) => text !== undefined),
    ...known(
      run.gradients.sampling,
      () =>
        `${shortCount(run.gradients.warmup)} gradients in warm-up, ${shortCount(run.gradients.sampling)} in sampling`,
    ),
    `least bulk ESS ${Number.isFinite(ess) ? shortCount(ess) : "not known"}${speeds === "" ? "" : `: ${speeds}`}`,
    `engine ${plain(engineText(run))}, seed ${plain(String(run.seed))}`,
    ...(run.precision_reason === undefined ? [] : [plain(run.precision_reason)]),
    ...(run.digest === "" ? [] : [`digest ${plain(run.digest)}`]),
  ];
  return facts.map((fact) => wrap(fact, width, "  "));
}

/** What a gate on a quantity asks, and which side of its worst value is meant. */
const ASKED: Readonly<Record<string, readonly [name: string, sign: string, side: string]>> = {
  rhat: ["R-hat", "<", "at most"],
  ess_bulk: ["bulk ESS", ">", "at least"],
  ess_tail: ["tail ESS", ">", "at least"],
  nested_rhat: ["nested R-hat", "<", "at most"],
};

/** @param words what is said where the value is no number */
function gateText(gate: Gate, run: RunFacts, words: string | undefined): string {
  const shown = gate.worst === undefined ? "" : ` (${quoted(gate.worst)})`;
  const [name, sign, side] = ASKED[gate.name] ?? [];
  if (name !== undefined) {
    const number = gate.name.endsWith("rhat") ? rhatText(gate.value, 4) : shortCount(gate.value);
    const value = words === undefined ? `${side} ${number}${shown}` : `${worstOf(gate)}${words}`;
    return `${name} ${sign} ${gate.limit}: ${value}`;
  }
  switch (gate.name) {
    case "divergences":
      return `divergences ≤ ${percent(gate.limit)}: ${percent(gate.value)} (${run.divergences})`;
    case "precision":
      return precisionText(gate);
    case "until":
      return gate.pass
        ? `draws.until: met after ${gate.value} draws`
        : `draws.until: not met after ${gate.value} draws, the most${shown}`;
    default:
      return `${quoted(gate.name)}: ${gate.value}, limit ${gate.limit}`;
  }
}

function worstOf({ worst }: Gate): string {
  return worst === undefined ? "" : `${quoted(worst)} `;
}

function gateLine(gate: Gate, { run, quantities }: SummaryInput, colors: Colors, width: number): string {
  const verdict = gate.pass ? colors.green("pass") : colors.red(colors.bold("FAIL"));
  const count = gate.failing ?? 0;
  const failing = count === 0 ? "" : `; ${quantityCount(count)} ${count === 1 ? "fails" : "fail"}`;
  const none = noValue(gate, quantities);
  const remark = none === undefined ? gate.note : none.note;
  const note = remark === undefined ? "" : ` – ${plain(remark)}`;
  return `  ${verdict}  ${wrap(`${gateText(gate, run, none?.words)}${failing}${note}`, width - 8, "        ")}`;
}

/** Where not all rows are shown, those that gates judge come first; otherwise as declared. */
function judgedFirst(rows: readonly SummaryRow[], limits: GateLimits, most: number): readonly SummaryRow[] {
  if (rows.length <= most) return rows;
  const judged = new Set(gatedQuantities(rows, limits));
  return [...judged, ...rows.filter((row) => !judged.has(row))];
}

function tableLines(input: SummaryInput, colors: Colors, width: number): string[] {
  const limits = limitsOf(input.gates, input.gatedQuantities);
  const failed = input.gates.some((gate) => !gate.pass);
  const most = input.maxRows ?? 20;
  const rows = failed ? ordered(input.quantities, limits) : judgedFirst(input.quantities, limits, most);
  const shown = rows.slice(0, most);
  const { text, leftOut } = summaryTable(shown, limits, colors, width);
  const more = rows.length - shown.length;
  const remarks: string[] = [];
  if (more > 0) {
    const hidden = rows.slice(shown.length).filter((row) => failuresOf(row, limits).length > 0).length;
    // A run that died has written no table.
    const place = input.status === "running" || input.status === "failed" ? "report.html" : "summary.csv";
    remarks.push(`… and ${more} more in ${place}${hidden > 0 ? `, ${hidden} of them failing` : ""}`);
  }
  if (leftOut.length > 0) remarks.push(`(not shown at this width: ${leftOut.join(", ")}; see summary.csv)`);
  return [text, ...remarks.map((remark) => colors.dim(wrap(remark, width, "  ", "  ")))];
}

function verdict({ gates, status = "complete" }: SummaryInput, colors: Colors): string {
  if (gates.length === 0) return "No gates were set, so convergence was not judged.";
  const passed = `${gates.length === 1 ? "the gate" : `all ${gates.length} gates`} passed.`;
  if (allPass(gates) && status !== "complete") return `Not finished; so far ${passed}`;
  if (allPass(gates)) return colors.green(`Converged: ${passed}`);
  const failed = gates.filter((gate) => !gate.pass).length;
  return colors.red(colors.bold(`NOT converged: ${failed} of ${counted(gates.length, "gate")} failed.`));
}

/**
 * The convergence report as text: the summary table (the worst quantities first when a gate fails), the run's facts, each
 * gate with pass or fail, what to do about each failure, and the verdict last. No line is longer than `width`, unless one
 * word is. Names from a user are stripped of control characters.
 */
export function renderSummary(input: SummaryInput): string {
  const width = Math.max(40, input.width ?? 80);
  const colors = pc.createColors(input.color ?? false);
  const parts: string[] = [];
  if (input.title !== undefined) parts.push(colors.bold(wrap(plain(input.title), width)));
  parts.push(tableLines(input, colors, width).join("\n"), factLines(input, width).join("\n"));
  const trail = untilLines(input.run);
  if (trail.length > 0) parts.push(trail.map((line) => wrap(line, width, "      ")).join("\n"));
  if (input.gates.length > 0) parts.push(input.gates.map((gate) => gateLine(gate, input, colors, width)).join("\n"));
  const advice = adviceOn(input);
  for (const paragraph of advice) parts.push(wrap(paragraph, width, "  ", "- "));
  const where = input.directory === undefined ? "" : `\n${wrap(`Results: ${plain(input.directory)}`, width, "  ")}`;
  parts.push(`${verdict(input, colors)}${where}`);
  return `${parts.join("\n\n")}\n`;
}
