import type { BoundModel } from "../model/boundModel.ts";
import { elementNames } from "../model/coordinates.ts";

/**
 * What float32 costs, summed over states of chains that were evaluated in float64 as well. Sums of batches add up to those
 * of a run, and are part of a batch's position: a run that goes on knows those of the states before.
 */
export interface RoundingSums {
  /** States that were looked at. */
  readonly states: number;
  /** Of log p in float32 − log p in float64: their mean, and the sum of squares about it. */
  readonly density: Moments<number>;
  /** By coordinate of z: the sums of squares of the gradient's errors, and of the gradient. */
  readonly gradient: { readonly errors: Float64Array; readonly squares: Float64Array };
  /** By quantity: the sum of squares of its errors; mean and sum of squares about it of its values. */
  readonly quantities: Moments<Float64Array> & { readonly errors: Float64Array };
}

interface Moments<T> {
  readonly means: T;
  readonly squares: T;
}

/** The errors of float32 that the states of a run show; each 0 where there is none. */
export interface RoundingFacts {
  readonly states: number;
  /** Of a difference of log densities, root mean square: what the acceptance of a proposal sees. */
  readonly log_density: number;
  /** Of the gradient, relative to its size, in the coordinate where that is worst. */
  readonly gradient: number;
  readonly gradient_worst?: string;
  /** Of a quantity, relative to its standard deviation, for the quantity where that is worst. */
  readonly quantity: number;
  readonly quantity_worst?: string;
}

/** One state, as the run had it and in float64. */
export interface TwiceEvaluated {
  readonly density: readonly [float32: number, float64: number];
  /** `[D]`. */
  readonly gradient: readonly [float32: ArrayLike<number>, float64: ArrayLike<number>];
  /** Every element of every float variable. */
  readonly quantities: readonly [float32: ArrayLike<number>, float64: ArrayLike<number>];
}

export function noRounding(dimension: number, quantities: number): RoundingSums {
  const zeros = (): Float64Array => new Float64Array(quantities);
  return {
    states: 0,
    density: { means: 0, squares: 0 },
    gradient: { errors: new Float64Array(dimension), squares: new Float64Array(dimension) },
    quantities: { errors: zeros(), means: zeros(), squares: zeros() },
  };
}

/** The sums with those of more states. */
export function withStates(sums: RoundingSums, states: readonly TwiceEvaluated[]): RoundingSums {
  return states.length === 0 ? sums : mergeRounding(sums, sumsOf(states));
}

function sumsOf(states: readonly TwiceEvaluated[]): RoundingSums {
  const [{ gradient, quantities }] = states as [TwiceEvaluated, ...TwiceEvaluated[]];
  const [D, Q] = [gradient[1].length, quantities[1].length];
  const slopes = { errors: new Float64Array(D), squares: new Float64Array(D) };
  const values = { errors: new Float64Array(Q), means: new Float64Array(Q), squares: new Float64Array(Q) };
  const density = { means: 0, squares: 0 };
  states.forEach((state, n) => {
    const error = state.density[0] - state.density[1];
    const [distance, before] = [error - density.means, n / (n + 1)];
    density.means += distance / (n + 1);
    density.squares += distance * distance * before;
    const [found, exact] = state.gradient;
    for (let d = 0; d < D; d++) {
      slopes.errors[d]! += (found[d]! - exact[d]!) ** 2;
      slopes.squares[d]! += exact[d]! ** 2;
    }
    const [told, right] = state.quantities;
    for (let q = 0; q < Q; q++) {
      // What is no finite number in float64 either is no fault of float32: the other gates speak of it.
      if (!Number.isFinite(right[q]!) && Object.is(told[q]!, right[q]!)) continue;
      const away = right[q]! - values.means[q]!;
      values.errors[q]! += squaredError(told[q]!, right[q]!);
      values.means[q]! += away / (n + 1);
      values.squares[q]! += away * away * before;
    }
  });
  return { states: states.length, density, gradient: slopes, quantities: values };
}

/** Half the distance of neighbouring float32 numbers, relative to their size. */
const ROUNDOFF = 2 ** -24;

/**
 * No number is known better than it can be told, not even one that is exact by chance: a value that is uniform about its
 * float32 number errs by a third of the square of half a step.
 */
function squaredError(value: number, exact: number): number {
  return Math.max((value - exact) ** 2, (ROUNDOFF * exact) ** 2 / 3);
}

/** The sums of two sets of states [Chan, Golub and LeVeque 1983]. */
export function mergeRounding(a: RoundingSums, b: RoundingSums): RoundingSums {
  const states = a.states + b.states;
  if (a.states === 0 || b.states === 0) return a.states === 0 ? b : a;
  const mean = (x: number, y: number): number => x + ((y - x) * b.states) / states;
  const about = (x: number, y: number): number => ((y - x) ** 2 * a.states * b.states) / states;
  const added = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, i) => value + y[i]!);
  const [p, q] = [a.quantities, b.quantities];
  return {
    states,
    density: {
      means: mean(a.density.means, b.density.means),
      squares: a.density.squares + b.density.squares + about(a.density.means, b.density.means),
    },
    gradient: {
      errors: added(a.gradient.errors, b.gradient.errors),
      squares: added(a.gradient.squares, b.gradient.squares),
    },
    quantities: {
      errors: added(p.errors, q.errors),
      means: p.means.map((value, i) => mean(value, q.means[i]!)),
      squares: p.squares.map((value, i) => value + q.squares[i]! + about(p.means[i]!, q.means[i]!)),
    },
  };
}

/** The names of what the sums are by: the coordinates of z, and the elements of the float variables. */
export interface RoundingNames {
  readonly coordinates: readonly string[];
  readonly quantities: readonly string[];
}

/** The elements of a model's float variables. */
export function floatSize({ variables }: Pick<BoundModel, "variables">): number {
  const sizes = variables.map(({ dtype, shape }) => (dtype === "float" ? shape.reduce((a, b) => a * b, 1) : 0));
  return sizes.reduce((a, b) => a + b, 0);
}

export function roundingNames({ coordinateNames, variables, coordinates }: BoundModel): RoundingNames {
  const floats = variables.filter(({ dtype }) => dtype === "float");
  return {
    coordinates: coordinateNames,
    quantities: floats.flatMap(({ name, dims }) => elementNames(name, dims, coordinates)),
  };
}

/** What the sums say. */
export function roundingFacts(sums: RoundingSums, names: RoundingNames): RoundingFacts {
  const { states, density, gradient, quantities } = sums;
  const slope = worstOf(gradient.errors, (d) => gradient.squares[d]! / states, states);
  // A quantity that never changes has no spread to be small against: the gates speak of it.
  const value = worstOf(quantities.errors, (q) => quantities.squares[q]! / Math.max(states - 1, 1), states);
  return {
    states,
    // The difference of two states has twice the variance of one.
    log_density: states > 1 ? Math.sqrt((2 * density.squares) / (states - 1)) : Math.abs(density.means),
    gradient: slope.error,
    ...(slope.at >= 0 && { gradient_worst: names.coordinates[slope.at]! }),
    quantity: value.error,
    ...(value.at >= 0 && { quantity_worst: names.quantities[value.at]! }),
  };
}

/** The largest ratio of errors to sizes; what is not a number is largest, what has no size is left out. */
function worstOf(
  errors: Float64Array,
  sizeOf: (index: number) => number,
  states: number,
): { readonly error: number; readonly at: number } {
  let [error, at] = [0, -1];
  errors.forEach((sum, index) => {
    const size = sizeOf(index);
    const ratio = Math.sqrt(sum / states / size);
    if (size === 0 || ratio <= error || Number.isNaN(error)) return;
    [error, at] = [ratio, index];
  });
  return { error, at };
}
