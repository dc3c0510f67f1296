import type { Shape } from "./types.ts";

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** What two shapes broadcast to by NumPy's rule; where they do not fit, some shape that one of them cannot take. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const length = (shape: Shape, i: number): number => shape[i - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, i) => (length(a, i) === 1 ? length(b, i) : length(a, i)));
}

/** Whether a value of this shape repeats into `to`. */
export function repeatsInto(from: Shape, to: Shape): boolean {
  const offset = to.length - from.length;
  return from.every((n, i) => n === 1 || n === to[offset + i]);
}
