import { sizeOf } from "./shape.ts";
import type { Shape } from "./types.ts";

/** Row-major strides of a shape: `[12, 4, 1]` of `[2, 3, 4]`. */
export function strides(shape: Shape): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) result[i] = result[i + 1]! * shape[i + 1]!;
  return result;
}

/**
 * For each element of `shape` in row-major order, the offset Σ index_i · steps_i. With a source's strides as steps
 * (0 along an axis that repeats) these are the positions that a broadcast, transpose or reduction reads or writes.
 */
export function offsets(shape: Shape, steps: readonly number[]): Int32Array {
  let result = Int32Array.of(0);
  shape.forEach((length, axis) => {
    const next = new Int32Array(result.length * length);
    result.forEach((base, outer) => {
      for (let i = 0; i < length; i++) next[outer * length + i] = base + i * steps[axis]!;
    });
    result = next;
  });
  return result;
}

/** Where element i of a broadcast to `shape` reads its source of shape `from` (source axis a is axis `axes[a]`). */
export function broadcastOffsets(from: Shape, shape: Shape, axes: readonly number[]): Int32Array {
  const source = strides(from);
  const steps = shape.map((_, axis) => (axes.includes(axis) ? source[axes.indexOf(axis)]! : 0));
  return offsets(shape, steps);
}

/** Where element i of a transpose reads its source of shape `from`. */
export function transposeOffsets(from: Shape, permutation: readonly number[]): Int32Array {
  const source = strides(from);
  return offsets(
    permutation.map((axis) => from[axis]!),
    permutation.map((axis) => source[axis]!),
  );
}

/** Where element i of `from` goes in its reduction over `axes`. */
export function reductionOffsets(from: Shape, axes: readonly number[]): Int32Array {
  const kept = from.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const target = strides(kept.map((axis) => from[axis]!));
  return offsets(
    from,
    from.map((_, axis) => (kept.includes(axis) ? target[kept.indexOf(axis)]! : 0)),
  );
}

/** Number of elements of the axes before `axis`, and of those after it. */
export function around(shape: Shape, axis: number): { readonly outer: number; readonly inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), inner: sizeOf(shape.slice(axis + 1)) };
}
