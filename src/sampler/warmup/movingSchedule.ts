import { type Stage, schedule } from "./schedule.ts";

/**
 * A stretch of the warm-up of many chains. In a `window` the metric moves at each iteration, from the estimator; at the
 * end of each but the last the step size is searched anew, since dual averaging moves less and less.
 */
export interface MovingStage extends Stage {
  /**
   * `fisher`: draws and scores, right long before the chains have spread; `variance`: draws alone, which gives long tails
   * their width.
   */
  readonly estimator: "fisher" | "variance";
}

/**
 * Ends of the windows in a warm-up of 200 iterations; the first starts where the first stage ends. A shorter warm-up
 * shrinks all of them, a longer one stretches the last alone: many chains need no longer to find where they should be,
 * and trajectories cost most before the metric is right.
 */
const ENDS = [20, 40, 60, 90, 130, 180] as const;
const FIRST = 10;
const WHOLE = 200;

/** From here on the variances are the metric. */
const SPREAD = 60;

/**
 * The stages of a warm-up of `iterations` iterations of many chains, in order, without gaps. Below 20 iterations there is
 * one fast stage, for none an empty list.
 *
 * @throws ConfigError where the number is no integer ≥ 0
 */
export function movingSchedule(iterations: number): readonly MovingStage[] {
  const plain = schedule(iterations);
  if (!plain.some(({ kind }) => kind === "window")) return plain.map((stage) => ({ ...stage, estimator: "fisher" }));
  const last = Math.floor((9 * iterations) / 10);
  const at = (iteration: number): number =>
    iteration === ENDS.at(-1) ? last : Math.floor((iteration * Math.min(iterations, WHOLE)) / WHOLE);
  const windows = ENDS.map((end, i): MovingStage => {
    const from = ENDS[i - 1] ?? FIRST;
    return { kind: "window", start: at(from), end: at(end), estimator: from < SPREAD ? "fisher" : "variance" };
  });
  return [
    { kind: "fast", start: 0, end: at(FIRST), estimator: "fisher" },
    ...windows.filter(({ start, end }) => end > start),
    { kind: "fast", start: last, end: iterations, estimator: "variance" },
  ];
}
