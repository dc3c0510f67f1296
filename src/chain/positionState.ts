/**
 * A state (of an adaptation, of sums) as numbers, and its shape as JSON: an object of objects, of numbers (`"number"`) and of
 * float64 arrays (their length), in the order of its keys.
 */
import { StoreError } from "../errors.ts";
import type { Adaptation } from "../sampler/adaptation.ts";

export type StateShape = { readonly [key: string]: StateShape | number | "number" };

/** Deeper, or of more entries, no state is. */
const MOST_DEPTH = 4;
const MOST_ENTRIES = 64;

/** Takes a state apart. @throws RangeError for what is neither number, array nor object */
export function flatten(state: object): { readonly shape: StateShape; readonly numbers: readonly number[] } {
  const numbers: number[] = [];
  const shapeOf = (value: object): StateShape => {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([key, each]) => [key, leaf(each)]));
  };
  const leaf = (value: unknown): StateShape | number | "number" => {
    if (typeof value === "number") {
      numbers.push(value);
      return "number";
    }
    if (value instanceof Float64Array) {
      for (const each of value) numbers.push(each);
      return value.length;
    }
    if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) return shapeOf(value);
    throw new RangeError(`a state holds ${typeof value}, which a checkpoint cannot.`);
  };
  return { shape: shapeOf(state), numbers };
}

/**
 * How many numbers a shape stands for.
 * @param lengths those that an array may have
 * @throws StoreError for what is no shape
 */
export function countOf(shape: unknown, lengths: readonly number[], depth = 0): number {
  if (shape === "number") return 1;
  if (typeof shape === "number" && lengths.includes(shape)) return shape;
  const entries = typeof shape === "object" && shape !== null && !Array.isArray(shape) ? Object.entries(shape) : [];
  const isSound = entries.every(([key]) => /^[a-z]\w*$/i.test(key));
  if (entries.length === 0 || entries.length > MOST_ENTRIES || !isSound || depth > MOST_DEPTH) {
    throw new StoreError("a batch's position has a state that is none.");
  }
  return entries.reduce((sum, [, each]) => sum + countOf(each, lengths, depth + 1), 0);
}

/** A state that was put together again. */
type Restored = { readonly [key: string]: Restored | number | Float64Array };

/** Puts a state together again. @param shape checked by `countOf` @param next gives the numbers in order */
export function restore(shape: StateShape, next: () => number): Restored {
  const put = (each: StateShape | number | "number"): Restored | number | Float64Array => {
    if (each === "number") return next();
    if (typeof each === "number") return Float64Array.from({ length: each }, next);
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, put(inner)]));
  };
  return put(shape) as Restored;
}

/** Puts the state of an adaptation together again. @throws StoreError where it is another's */
export function restoreAdaptation(shape: StateShape, next: () => number): Adaptation {
  const state = restore(shape, next) as unknown as Adaptation;
  for (const key of ["stepSize", "inverseMass", "draws", "scores"] as const) {
    if (typeof state[key] !== "object") throw new StoreError(`a batch's position has an adaptation without ${key}.`);
  }
  // Absent where there is none, and so it is in the state.
  return { ...state, trajectory: state.trajectory };
}
