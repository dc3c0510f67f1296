/** What a run gives to its model that float32 cannot hold: data, bounds and starting values that it cannot tell apart. */
import type { ResolvedConfig } from "../config/types.ts";
import type { DataArray } from "../model/boundData.ts";
import type { BoundModel } from "../model/boundModel.ts";

/** Something that float32 is too coarse for, and where the config has it. */
export interface Coarse {
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * Rounding may be this share of a standard deviation: what is standardised from it then keeps three digits, and its mean and
 * variance change by less than the Monte Carlo error of a million draws.
 */
const MOST_SHARE = 1e-3;
/** Of different numbers, no more than this share may become the same. */
const MOST_LOST = 0.1;
/** Different numbers are counted where there are no more. */
const MOST_COUNTED = 100_000;
/** sd of a uniform distribution, relative to its width: 1/√12. */
const UNIFORM = 0.288675;

export function coarseParts(model: BoundModel, { init }: Pick<ResolvedConfig, "init">): Coarse[] {
  const arrays = [...Object.values(model.observed), ...Object.values(model.constants)];
  return [
    ...arrays.flatMap(coarseData),
    ...coarseIntervals(model),
    ...("values" in init ? Object.entries(init.values) : []).flatMap(([name, given]) => {
      const text = Array.isArray(given) ? coarseColumn(`the starting values of ${name}`, flat(given)) : undefined;
      return text === undefined ? [] : [{ path: ["init", "values", name], text }];
    }),
  ];
}

function coarseIntervals(model: BoundModel): Coarse[] {
  const texts = new Map<string, string>();
  for (const { name, lower, upper } of model.intervals()) {
    const text = texts.has(name) ? undefined : coarseBounds(name, lower, upper);
    if (text !== undefined) texts.set(name, text);
  }
  return [...texts.values()].map((text) => ({ path: ["model"], text }));
}

function flat(values: readonly (number | readonly number[])[]): Float64Array {
  return Float64Array.from(values.flat());
}

/** Of a matrix each column by itself: its columns may have any units. */
function coarseData({ name, dtype, shape, data }: DataArray): Coarse[] {
  if (dtype !== "float") return [];
  const columns = shape.length > 1 ? shape.at(-1)! : 1;
  for (let column = 0; column < columns; column++) {
    const values =
      columns === 1
        ? data
        : Float64Array.from({ length: data.length / columns }, (_, row) => data[row * columns + column]!);
    const what = columns === 1 ? `data ${name}` : `column ${column} (from 0) of data ${name}`;
    const text = coarseColumn(what, values as Float64Array);
    if (text !== undefined) return [{ path: ["data", name], text }];
  }
  return [];
}

/** What is wrong with some numbers in float32, with a sample. */
function coarseColumn(what: string, values: Float64Array): string | undefined {
  let [mean, squares, worst, at] = [0, 0, 0, 0];
  values.forEach((x, i) => {
    const difference = x - mean;
    mean += difference / (i + 1);
    squares += difference * (x - mean);
    const error = Math.abs(x - Math.fround(x));
    if (error > worst) [worst, at] = [error, i];
  });
  const sd = Math.sqrt(squares / Math.max(values.length - 1, 1));
  if (worst === 0 || sd === 0) return undefined;
  if (worst > MOST_SHARE * sd) {
    const x = values[at]!;
    return (
      `float32 is too coarse for ${what}: ${x} is ${Math.fround(x)} in it, an error of ${short(worst)} beside a standard ` +
      `deviation of ${short(sd)}`
    );
  }
  return values.length > MOST_COUNTED ? undefined : lostNumbers(what, values);
}

function lostNumbers(what: string, values: Float64Array): string | undefined {
  const different = new Set(values);
  const left = new Set(Float32Array.from(different));
  if (different.size - left.size <= MOST_LOST * different.size) return undefined;
  const seen = new Map<number, number>();
  for (const x of different) {
    const before = seen.get(Math.fround(x));
    if (before !== undefined)
      return `float32 cannot tell the numbers of ${what} apart: ${before} and ${x} are both ${Math.fround(x)} in it`;
    seen.set(Math.fround(x), x);
  }
  return undefined;
}

/** A parameter between two bounds is about uniform there, for all that is known. */
function coarseBounds(name: string, lower: number, upper: number): string | undefined {
  const size = Math.max(Math.abs(lower), Math.abs(upper));
  if (!Number.isFinite(size) || lower === upper) return undefined;
  const step = stepAt(size);
  if (step / 2 <= MOST_SHARE * UNIFORM * Math.abs(upper - lower)) return undefined;
  return (
    `float32 is too coarse for the parameter ${name}, which lies between ${lower} and ${upper}: its neighbouring numbers ` +
    `there are ${short(step)} apart`
  );
}

/** How far neighbouring float32 numbers of a size are apart. */
function stepAt(size: number): number {
  const x = Math.fround(size);
  if (!Number.isFinite(x)) return Number.POSITIVE_INFINITY;
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  bits[0]! += 1;
  return new Float32Array(bits.buffer)[0]! - x;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
