import type { Numbers, Precision } from "../../draws.ts";
import type { DType } from "../../graph/types.ts";

/**
 * Numbers in and out of a kernel's memory. All goes as words of 32 bits, whatever the numbers are: code that is given
 * arrays of many types is many times slower than code that always has the same.
 */

/** Elements in lanes: the word that the first begins at, and how many words lie from each to the next. */
export interface Run {
  readonly at: number;
  readonly stride: number;
}

/** Runs one after another, of `size` elements each. */
export interface Runs extends Run {
  readonly size: number;
  readonly count: number;
  /** Words from the start of each run to that of the next. */
  readonly apart: number;
}

/**
 * `count` of the values from `first` on, as lanes have them, one after another: a truth value is all ones or all zeros,
 * an integer in a lane of 64 bits has its sign in the upper half.
 */
export function encode(
  values: ArrayLike<number>,
  { first, count }: { readonly first: number; readonly count: number },
  { dtype, precision }: { readonly dtype: DType; readonly precision: Precision },
): Uint32Array {
  if (dtype === "float") {
    const part = Array.isArray(values)
      ? values.slice(first, first + count)
      : typed(values).subarray(first, first + count);
    return new Uint32Array((precision === "float32" ? new Float32Array(part) : new Float64Array(part)).buffer);
  }
  const width = precision === "float32" ? 1 : 2;
  const words = new Uint32Array(count * width);
  for (let i = 0; i < count; i++) {
    const value = values[first + i]!;
    const low = dtype === "bool" ? -Number(value !== 0) : value;
    words[i * width] = low;
    if (width === 2) words[i * width + 1] = dtype === "uint32" || (low | 0) >= 0 ? 0 : -1;
  }
  return words;
}

function typed(values: ArrayLike<number>): Float64Array | Float32Array {
  return values instanceof Float32Array || values instanceof Float64Array ? values : Float64Array.from(values);
}

/** Words of an encoded element. */
export function widthOf(precision: Precision): number {
  return precision === "float32" ? 1 : 2;
}

/** Encoded elements from number `first` on, into lanes. */
export function scatter(
  encoded: Uint32Array,
  { first, count, width }: { readonly first: number; readonly count: number; readonly width: number },
  lanes: Uint32Array,
  { at, stride }: Run,
): void {
  for (let i = 0, from = first * width, to = at; i < count; i++, from += width, to += stride) {
    lanes[to] = encoded[from]!;
    if (width === 2) lanes[to + 1] = encoded[from + 1]!;
  }
}

/** What numbers are read into: by words, or by truth values. */
export type Target =
  | { readonly kind: "words"; readonly words: Uint32Array; readonly width: number }
  | { readonly kind: "truths"; readonly truths: Uint8Array };

export function targetOf(numbers: Numbers): Target {
  if (numbers instanceof Uint8Array) return { kind: "truths", truths: numbers };
  const { buffer, byteOffset, byteLength } = numbers;
  return {
    kind: "words",
    words: new Uint32Array(buffer, byteOffset, byteLength / 4),
    width: numbers.BYTES_PER_ELEMENT / 4,
  };
}

/** Elements of lanes, into those of the target from number `first` on. */
export function gather(lanes: Uint32Array, runs: Runs, target: Target, first: number): void {
  const { at, stride, size, count, apart } = runs;
  if (target.kind === "truths") {
    const { truths } = target;
    for (let r = 0, to = first; r < count; r++) {
      for (let i = 0, from = at + r * apart; i < size; i++, from += stride) truths[to++] = lanes[from] === 0 ? 0 : 1;
    }
    return;
  }
  const { words, width } = target;
  for (let r = 0, to = first * width; r < count; r++) {
    const start = at + r * apart;
    if (width === 1) for (let i = 0, from = start; i < size; i++, from += stride) words[to++] = lanes[from]!;
    else {
      for (let i = 0, from = start; i < size; i++, from += stride) {
        words[to++] = lanes[from]!;
        words[to++] = lanes[from + 1]!;
      }
    }
  }
}
