/** Reads events.ndjson: how warm-up went and what each batch did. Lines that cannot be read are passed over. */
import type { BatchFacts, WarmupPoint } from "./input.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What events tell of one batch. */
export type BatchEnd = Pick<BatchFacts, "stepSize" | "trajectoryLength" | "divergences" | "seconds">;

export interface EventHistory {
  readonly warmup: readonly WarmupPoint[];
  readonly batches: ReadonlyMap<number, BatchEnd>;
}

/** A run that was killed may have left half a line. */
function parse(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(fields: unknown, key: string): number {
  const value = typeof fields === "object" && fields !== null ? (fields as Fields)[key] : undefined;
  return typeof value === "number" ? value : Number.NaN;
}

function pointOf(event: Fields): WarmupPoint | undefined {
  const [batch, iteration] = [numberOf(event, "batch"), numberOf(event, "iteration")];
  if (!Number.isSafeInteger(batch) || !Number.isSafeInteger(iteration)) return undefined;
  return {
    batch,
    iteration,
    stepSize: numberOf(event, "stepSize"),
    steps: numberOf(event, "steps"),
    trajectoryLength: numberOf(event, "trajectoryLength"),
    acceptance: numberOf(event, "acceptance"),
    divergences: numberOf(event, "divergences") || 0,
  };
}

const UNKNOWN: BatchEnd = {
  stepSize: Number.NaN,
  trajectoryLength: Number.NaN,
  divergences: { warmup: Number.NaN, sampling: Number.NaN },
  seconds: { warmup: Number.NaN, sampling: Number.NaN },
};

function addEnd(batches: Map<number, BatchEnd>, event: Fields): void {
  const batch = numberOf(event, "batch");
  if (!Number.isSafeInteger(batch)) return;
  const known = batches.get(batch) ?? UNKNOWN;
  const both = (key: string): { warmup: number; sampling: number } => ({
    warmup: numberOf(event[key], "warmup"),
    sampling: numberOf(event[key], "sampling"),
  });
  if (event["kind"] === "adapted") {
    const { stepSize, trajectoryLength } = {
      ...known,
      stepSize: numberOf(event, "stepSize"),
      trajectoryLength: numberOf(event, "trajectoryLength"),
    };
    batches.set(batch, { ...known, stepSize, trajectoryLength });
  } else {
    const of = (key: string): Record<string, number> => {
      const value = numberOf(event["seconds"], key);
      return Number.isNaN(value) ? {} : { [key]: value };
    };
    const seconds = { ...both("seconds"), ...of("kernel"), ...of("transfer") };
    batches.set(batch, { ...known, divergences: both("divergences"), seconds });
  }
}

/**
 * What events.ndjson tells. Of an iteration that was run twice (before and after a resume), the later counts.
 * @param text the file's lines
 */
export function readEvents(text: string): EventHistory {
  const points = new Map<string, WarmupPoint>();
  const batches = new Map<number, BatchEnd>();
  for (const line of text.split("\n")) {
    const event = line === "" ? undefined : parse(line);
    if (event === undefined) continue;
    if (event["kind"] === "adapting") {
      const point = pointOf(event);
      if (point !== undefined) points.set(`${point.batch} ${point.iteration}`, point);
    } else if (event["kind"] === "adapted" || event["kind"] === "done") addEnd(batches, event);
  }
  return { warmup: [...points.values()].sort((a, b) => a.batch - b.batch || a.iteration - b.iteration), batches };
}

/** The facts of a batch that no event told of. */
export function unknownEnd(): BatchEnd {
  return UNKNOWN;
}
