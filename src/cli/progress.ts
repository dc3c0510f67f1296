import Table from "cli-table3";
import { auditTime, type Observable, scan } from "rxjs";
import type { CheckEvent, RunEvent } from "../run/events.ts";
import type { Finding } from "../summary/stopRule.ts";
import { counted, duration, harmless, plain, short, type Terminal } from "./output.ts";
import { advance, type BatchState, initialState, type ProgressState, secondsLeft } from "./progressState.ts";

/** Milliseconds between redraws. */
const REDRAW_EVERY = 100;
/** Rows of batches in the live table. */
const MOST_ROWS = 12;

type Clock = () => number;

/** Seconds since now. */
export function stopwatch(): Clock {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

/** One line about the run as a whole. */
export function headline({ planned }: ProgressState): string {
  if (planned === undefined) return "";
  const { name, model, dimension, batches, workers, helpers, engine, seed } = planned;
  const chains = batches.reduce((sum, batch) => sum + batch.chains, 0);
  const where = workers === 0 ? "this thread" : counted(workers, "worker");
  const help = helpers === 0 ? "" : ` with up to ${counted(helpers, "helper")}`;
  return (
    `${plain(name)}: ${plain(model)} (${counted(dimension, "dimension")}), ${counted(chains, "chain")} in ` +
    `${counted(batches.length, "batch")} on ${where}${help}, ${engine.name} ${engine.precision}, seed ${seed}`
  );
}

/** Progress as a table that is redrawn in place, at most ten times a second. */
export async function liveProgress(events: Observable<RunEvent>, terminal: Terminal): Promise<void> {
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(process.stderr);
  const clock = stopwatch();
  const drawing = events
    .pipe(
      scan((state: ProgressState, event) => advance(state, event, clock()), initialState),
      auditTime(REDRAW_EVERY),
    )
    .subscribe({
      next: (state) => update(harmless(liveText(state, terminal.width, clock()), true)),
      error: () => undefined,
    });
  // At once, before the report is written below: not when the last redraw is due.
  const end = (): void => {
    if (drawing.closed) return;
    drawing.unsubscribe();
    update.clear();
    update.done();
  };
  events.subscribe({ next: (event) => event.kind === "finished" && end(), complete: end, error: end });
}

/** The live display. */
export function liveText(state: ProgressState, width: number, now: number): string {
  const table = new Table({
    head: ["batch", "phase", "iterations", "per second", "step size", "steps", "acceptance", "divergences"],
    style: { head: [], border: [], compact: true },
    chars: borders,
    colAligns: ["right", "left", "right", "right", "right", "right", "right", "right"],
  });
  const numbered = state.batches.map((batch, index) => ({ batch, index }));
  const active = numbered.filter(({ batch }) => batch.phase !== "done" && batch.phase !== "waiting");
  for (const { batch, index } of active.slice(0, MOST_ROWS)) table.push(row(batch, index));
  const count = (phase: BatchState["phase"]): number => numbered.filter(({ batch }) => batch.phase === phase).length;
  const rest = [
    ...(active.length > MOST_ROWS ? [`${active.length - MOST_ROWS} more running`] : []),
    ...(state.batches.length > 1 ? [`${count("done")} done`, `${count("waiting")} waiting`] : []),
  ];
  const foot = [...rest, ...status(state), `${duration(now)} so far`, ...outlook(state, now)];
  const lines = [headline(state), ...(active.length > 0 ? [table.toString()] : []), foot.join(" · ")];
  return lines.map((line) => clip(line, width)).join("\n");
}

const borders = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
    .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"])
    .map((name) => [name, name === "middle" ? " " : ""]),
);

function row(batch: BatchState, index: number): string[] {
  const { phase, done, of, rate, trace, divergences } = batch;
  const steps = trace === undefined ? "–" : String(trace.steps);
  return [
    String(index),
    phase,
    of === 0 ? "–" : `${done}/${of}`,
    short(rate),
    short(trace?.stepSize ?? Number.NaN),
    steps,
    short(trace?.acceptance ?? Number.NaN),
    String(divergences),
  ];
}

function status({ progress }: ProgressState): string[] {
  if (progress === undefined || Number.isNaN(progress.rhat)) return [];
  return [`R-hat so far ${progress.rhat.toFixed(3)} (${plain(progress.worst ?? "")})`];
}

function outlook(state: ProgressState, now: number): string[] {
  if (state.batches.length > 0 && state.batches.every(({ phase }) => phase === "done")) return ["summarising"];
  const left = secondsLeft(state, now);
  return Number.isNaN(left) ? [] : [`about ${duration(left)} left`];
}

/** Lines of at most `width` columns, so that a redraw takes back as many lines as it wrote. */
function clip(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => ([...line].length > width ? `${[...line].slice(0, width - 1).join("")}…` : line.trimEnd()))
    .join("\n");
}

/** Progress as lines: each stage of each batch, and every tenth of its iterations. */
export function plainProgress(events: Observable<RunEvent>, { write }: Terminal): void {
  const clock = stopwatch();
  let state = initialState;
  events.subscribe({
    next: (event) => {
      const before = state;
      state = advance(state, event, clock());
      const text = lineOf(event, before, state);
      if (text !== undefined) write(`[${duration(clock()).padStart(6)}] ${text}\n`);
    },
    error: () => undefined,
  });
}

/** The line of an event, if it gets one. */
export function lineOf(event: RunEvent, before: ProgressState, state: ProgressState): string | undefined {
  if (event.kind === "planned") return headline(state);
  if (event.kind === "finished" || event.kind === "progress") return undefined;
  if (event.kind === "check") return checkLine(event);
  const old = before.batches[event.batch];
  const batch = state.batches[event.batch];
  if (batch === undefined || old === undefined) return undefined;
  const name = `batch ${event.batch}:`;
  switch (event.kind) {
    case "compiled":
      return `${name} compiled in ${duration(event.seconds)}`;
    case "initialized":
      return `${name} starting points found${event.redrawn > 0 ? ` (${event.redrawn} redrawn)` : ""}`;
    case "adapting":
      return tenth(batch) > tenth(old) ? `${name} warm-up ${batch.done}/${batch.of}, ${tuning(batch)}` : undefined;
    case "adapted":
      return `${name} warmed up: ${tuning(batch)}`;
    case "precision":
    case "checkpoint":
      return undefined;
    case "block": {
      if (event.phase === "warmup" || tenth(batch) === tenth(old)) return undefined;
      return [`${name} draws ${batch.done}/${batch.of}`, `${short(batch.rate)} per second`, divergent(batch)]
        .concat(status(state))
        .join(", ");
    }
    case "done":
      return `${name} done`;
  }
}

function checkLine({ draws, met, rhat, ess }: CheckEvent): string {
  const found = (name: string, finding: Finding | undefined): string[] =>
    finding?.quantity === undefined ? [] : [`${name} ${finding.value.toPrecision(4)} (${plain(finding.quantity)})`];
  const parts = [...found("R-hat", rhat), ...found("ESS", ess)].join(", ");
  return `check at ${draws} draws: ${met ? "enough" : "not yet"}${parts === "" ? "" : `: ${parts}`}`;
}

function tenth({ done, of }: BatchState): number {
  return of === 0 ? 0 : Math.floor((10 * done) / of);
}

function tuning(batch: BatchState): string {
  const { trace } = batch;
  if (trace === undefined) return divergent(batch);
  const parts = [
    `step size ${short(trace.stepSize)}`,
    counted(trace.steps, "step"),
    `acceptance ${short(trace.acceptance)}`,
  ];
  return [...parts, counted(trace.divergences, "divergence")].join(", ");
}

function divergent({ divergences }: BatchState): string {
  return counted(divergences, "divergence");
}
