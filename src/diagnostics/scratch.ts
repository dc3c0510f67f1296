/**
 * Arrays of one length that are used again and again: a summary goes through many variables of one size, and what each leaves
 * behind would be a good part of its time, and of the memory of a run.
 * @returns an array of the length asked for, whose content is left over; it is the caller's until the next call
 */
export function reused<A extends { readonly length: number }>(make: (length: number) => A): (length: number) => A {
  let held = make(0);
  return (length) => {
    if (held.length !== length) held = make(length);
    return held;
  };
}

export const floats = (length: number): Float64Array => new Float64Array(length);
