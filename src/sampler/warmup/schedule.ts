import { ConfigError } from "../../errors.ts";

/**
 * A stretch of warm-up iterations, `start` (included) to `end` (excluded), counted from 0.
 * - `fast`: the step size and the trajectory's length adapt, the metric stays;
 * - `window`: the moments are gathered as well, and at its end the metric is estimated anew from them.
 */
export interface Stage {
  readonly kind: "fast" | "window";
  readonly start: number;
  readonly end: number;
}

/** The three lengths of Stan's schedule, in iterations. */
export interface ScheduleOptions {
  /** Of the first fast stage; 75. */
  readonly initial?: number;
  /** Of the first window, each next one twice as long; 25. */
  readonly window?: number;
  /** Of the last fast stage; 50. */
  readonly final?: number;
}

/** Below this many iterations the metric is not adapted. */
const SHORTEST = 20;

/**
 * The stages of a warm-up of `iterations` iterations, in order, without gaps: fast, then windows that double, then
 * fast [Stan reference manual, "Automatic parameter tuning"; windowed_adaptation.hpp]. The last window is stretched
 * to the final stage where the next one, twice as long, would not fit. Where the three lengths do not fit together
 * they become 15 %, 75 % and 10 % of the whole.
 *
 * Departure: Stan computes that short schedule but never updates its metric in it (20 to 149 iterations);
 * here, as in NumPyro, it does. Below 20 iterations there is one fast stage, for none an empty list.
 *
 * @throws ConfigError where a length is no integer ≥ 0 (the window's: ≥ 1)
 */
export function schedule(iterations: number, options: ScheduleOptions = {}): readonly Stage[] {
  checkLength("the number of warm-up iterations", iterations, 0);
  if (iterations === 0) return [];
  if (iterations < SHORTEST) return [{ kind: "fast", start: 0, end: iterations }];
  const { initial, window, final } = lengths(iterations, options);
  const slowEnd = iterations - final;
  const stages: Stage[] = [];
  if (initial > 0) stages.push({ kind: "fast", start: 0, end: initial });
  stages.push(...windows(initial, slowEnd, window));
  if (final > 0) stages.push({ kind: "fast", start: slowEnd, end: iterations });
  return stages;
}

/** The three lengths, made to fit into `iterations`. */
function lengths(iterations: number, options: ScheduleOptions): Required<ScheduleOptions> {
  const { initial = 75, window = 25, final = 50 } = options;
  checkLength("the length of the first stage", initial, 0);
  checkLength("the length of the first window", window, 1);
  checkLength("the length of the last stage", final, 0);
  if (initial + window + final <= iterations) return { initial, window, final };
  const first = Math.floor((15 * iterations) / 100);
  const last = Math.floor(iterations / 10);
  return { initial: first, window: iterations - first - last, final: last };
}

/** Windows that double from `first`, from `start` to `end`. */
function windows(start: number, end: number, first: number): Stage[] {
  const stages: Stage[] = [];
  let from = start;
  let to = start + first;
  let size = first;
  while (true) {
    stages.push({ kind: "window", start: from, end: to });
    if (to >= end) return stages;
    size *= 2;
    from = to;
    // The window after this one would be 2·size long: this one takes its place where that does not fit.
    to = from + 3 * size > end ? end : from + size;
  }
}

function checkLength(what: string, length: number, least: number): void {
  if (Number.isInteger(length) && length >= least) return;
  throw new ConfigError(
    `The warm-up schedule expects ${what} to be an integer of at least ${least}, but found ${length}. ` +
      "Change warmup in the config.",
  );
}
