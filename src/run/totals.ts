import type { BatchEvent } from "../chain/batch.ts";
import { mergeRounding, type RoundingSums } from "../chain/rounding.ts";
import type { RunFacts } from "../store/index.ts";

type Seconds = Required<Omit<RunFacts["seconds"], "total">>;

/** Of a batch that has not begun. */
export const NO_SECONDS: Seconds = { compile: 0, warmup: 0, sampling: 0, kernel: 0, transfer: 0 };

/** Work and time of a run, summed over its events. */
export interface Totals {
  add(event: BatchEvent, worker: number): void;
  /** A batch goes on: what it had done before. */
  resume(batch: number, before: BatchWork, rounding?: RoundingSums): void;
  /** A batch is done; its seconds are those of this process. */
  finish(event: Extract<BatchEvent, { kind: "done" }>): void;
  /** What a batch has done so far. */
  of(batch: number): BatchWork;
  /** Batches that are done. */
  done(): number;
  /** What float32 costs, over all states that were looked at. */
  rounding(): RoundingSums | undefined;
  /**
   * Gradients over all chains. Seconds of the busiest worker in each phase, and of kernels and transfers: batches of one
   * worker run one after the other, those of several at once.
   */
  facts(): { readonly gradients: RunFacts["gradients"]; readonly seconds: Seconds };
}

/** Gradients and seconds of one batch. */
export interface BatchWork {
  readonly gradients: RunFacts["gradients"];
  readonly seconds: Seconds;
}

interface BatchTotals {
  worker: number;
  /** Seconds of earlier processes. */
  before: Seconds;
  begun: number;
  isDone: boolean;
  gradients: { warmup: number; sampling: number };
  seconds: { -readonly [phase in keyof Seconds]: number };
  rounding: RoundingSums | undefined;
}

export function createTotals(): Totals {
  const batches = new Map<number, BatchTotals>();
  const of = (batch: number, worker: number): BatchTotals => {
    const known = batches.get(batch) ?? empty(worker);
    batches.set(batch, known);
    return known;
  };
  return {
    add: (event, worker) => {
      const own = of(event.batch, worker);
      own.worker = worker;
      count(own, event);
    },
    resume: (batch, { gradients, seconds }, rounding) => {
      batches.set(batch, {
        ...empty(-1 - batch),
        rounding,
        before: seconds,
        seconds: { ...seconds },
        gradients: { ...gradients },
      });
    },
    finish: (event) => count(of(event.batch, -1 - event.batch), event),
    of: (batch) => {
      const { gradients, seconds } = of(batch, 0);
      return { gradients: { ...gradients }, seconds: { ...seconds } };
    },
    rounding: () => {
      // In order of the batches, since sums of floating-point numbers depend on it.
      const inOrder = [...batches].toSorted(([a], [b]) => a - b);
      return inOrder
        .flatMap(([, { rounding }]) => rounding ?? [])
        .reduce<RoundingSums | undefined>(
          (all, each) => (all === undefined ? each : mergeRounding(all, each)),
          undefined,
        );
    },
    done: () => [...batches.values()].filter(({ isDone }) => isDone).length,
    facts: () => {
      const all = [...batches.values()];
      const phase = (name: keyof Seconds): number => busiest(all, name);
      return {
        gradients: {
          warmup: all.reduce((sum, { gradients }) => sum + gradients.warmup, 0),
          sampling: all.reduce((sum, { gradients }) => sum + gradients.sampling, 0),
        },
        seconds: {
          compile: phase("compile"),
          warmup: phase("warmup"),
          sampling: phase("sampling"),
          kernel: phase("kernel"),
          transfer: phase("transfer"),
        },
      };
    },
  };
}

function empty(worker: number): BatchTotals {
  return {
    worker,
    before: NO_SECONDS,
    begun: performance.now(),
    isDone: false,
    gradients: { warmup: 0, sampling: 0 },
    seconds: { ...NO_SECONDS },
    rounding: undefined,
  };
}

/** Sums up what a batch tells on its way; what it says at its end is exact and replaces that. */
function count(totals: BatchTotals, event: BatchEvent): void {
  if (event.kind === "compiled") totals.seconds.compile = totals.before.compile + event.seconds;
  if (event.kind === "compiled" || event.kind === "initialized") totals.begun = performance.now();
  if (event.kind === "adapted") {
    totals.seconds.warmup = totals.before.warmup + (performance.now() - totals.begun) / 1000;
  }
  if (event.kind === "block") {
    totals.gradients[event.phase] += event.gradients;
    if (event.phase === "sampling") totals.seconds.sampling += event.seconds;
  }
  if (event.kind === "checkpoint") {
    const {
      tuning,
      totals: { warmup, sampling },
    } = event.position;
    totals.rounding = event.position.rounding;
    if (tuning === undefined) totals.seconds.warmup = totals.before.warmup + (performance.now() - totals.begun) / 1000;
    totals.gradients = { warmup: warmup.gradients, sampling: sampling.gradients };
    totals.seconds.kernel += event.seconds?.kernel ?? 0;
    totals.seconds.transfer += event.seconds?.transfer ?? 0;
  }
  if (event.kind === "done") {
    totals.isDone = true;
    totals.gradients = { ...event.gradients };
    totals.seconds = addSeconds(totals.before, event.seconds);
  }
}

type Told = Extract<BatchEvent, { kind: "done" }>["seconds"];

/** The sum of what a batch took in two parts. */
export function addSeconds(before: Seconds, now: Told): Seconds {
  return {
    compile: before.compile + now.compile,
    warmup: before.warmup + now.warmup,
    sampling: before.sampling + now.sampling,
    kernel: before.kernel + (now.kernel ?? 0),
    transfer: before.transfer + (now.transfer ?? 0),
  };
}

function busiest(batches: readonly BatchTotals[], phase: keyof Seconds): number {
  const byWorker = new Map<number, number>();
  for (const { worker, seconds } of batches) byWorker.set(worker, (byWorker.get(worker) ?? 0) + seconds[phase]);
  return Math.max(0, ...byWorker.values());
}
