import type { Draw } from "./engine-compare.ts";

/** Everyday floats, both signs. */
export const ordinary: Draw = (random) => (random() - 0.5) * 8;
/** Floats over many orders of magnitude, both signs. */
export const wide: Draw = (random) => (random() < 0.5 ? -1 : 1) * 10 ** ((random() - 0.5) * 30);
/** Positive floats around 1. */
export const positive: Draw = (random) => Math.exp((random() - 0.5) * 8);
/** On (−1, 1). */
export const withinOne: Draw = (random) => 2 * random() - 1;
/** What `logProduct` is made for. */
export const halfToTwo: Draw = (random) => 0.5 + 1.5 * random();
export const anyInt32: Draw = (random) => (random() * 2 ** 32) | 0;
export const smallInt32: Draw = (random) => Math.floor(random() * 7) - 3;
export const anyUint32: Draw = (random) => Math.floor(random() * 2 ** 32);
export const smallUint32: Draw = (random) => Math.floor(random() * 4);
export const anyBool: Draw = (random) => Number(random() < 0.5);
export const indexBelow =
  (n: number): Draw =>
  (random) =>
    Math.floor(random() * n);

/** The listed values in turn. */
export const these =
  (values: readonly number[]): Draw =>
  (_random, i) =>
    values[i % values.length]!;

const Inf = Number.POSITIVE_INFINITY;
export const floatEdges: readonly number[] = [
  ...[0, -0, Inf, -Inf, Number.NaN, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 17, -17, 1e-8, -1e-8],
  ...[1e-30, -1e-30, 1e30, -1e30, 88, -88, 100, -100, 800, -800, 2 ** 24, 8388607.5, 1e-4, 0.9999],
];
export const positiveEdges: readonly number[] = floatEdges.filter((x) => x > 0);
export const int32Edges: readonly number[] = [0, 1, -1, 2, 7, 65536, 2 ** 31 - 1, -(2 ** 31), 1 - 2 ** 31];
export const uint32Edges: readonly number[] = [0, 1, 2, 7, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
