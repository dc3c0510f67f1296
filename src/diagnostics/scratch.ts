/** Longer arrays are not kept: 2 MB for each use. */
const LONGEST_KEPT = 2 ** 18;

/**
 * Arrays of one length that are used again and again: a summary goes through many variables of one size, and what each leaves
 * behind would be a good part of its time, and of the memory of a run.
 * @returns an array of the length asked for, whose content is left over; it is the caller's until the next call
 */
export function reused<A extends { readonly length: number }>(make: (length: number) => A): (length: number) => A {
  let held = make(0);
  return (length) => {
    if (held.length === length) return held;
    const made = make(length);
    if (length <= LONGEST_KEPT) held = made;
    return made;
  };
}

/** A new array of numbers. */
export const floats = (length: number): Float64Array => new Float64Array(length);

/** A new array of places. */
export const places = (length: number): Uint32Array => new Uint32Array(length);

/** Where a variable's arrays come from: new ones, or, where the variable is gone before the next is made, the same again. */
export interface Arrays {
  readonly all: (length: number) => Float64Array;
  readonly sorted: (length: number) => Float64Array;
  readonly order: (length: number) => Uint32Array;
  readonly centred: (length: number) => Float64Array;
  readonly scores: (length: number) => Float64Array;
}

export const newArrays: Arrays = { all: floats, sorted: floats, order: places, centred: floats, scores: floats };

/** For variables one after another. */
export const sameArrays = (): Arrays => ({
  all: reused(floats),
  sorted: reused(floats),
  order: reused(places),
  centred: reused(floats),
  scores: reused(floats),
});
