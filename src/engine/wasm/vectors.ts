import type { Precision } from "../../draws.ts";

/** Chains in a vector of 128 bits. */
export function lanesPerVector(precision: Precision): number {
  return precision === "float32" ? 4 : 2;
}

/**
 * Chains that share a vector where there is one a group: as many as it has lanes, or, where threads would have none, fewer.
 * Which pays where lanes hold outputs of products (`outputLanes.ts`): those take less time for fewer chains.
 */
export function chainsOfVector(chains: number, precision: Precision, threads: number): number {
  return Math.min(lanesPerVector(precision), Math.ceil(chains / threads));
}

/**
 * Vectors that are worked on side by side: two hide the latency of arithmetic; where chains fill only one a thread, the
 * second would be wasted. Where V8 makes one of two (`wide`), four, as long as they fill a group, or two for each of several
 * threads, and few lanes are left over.
 */
export function vectorsSideBySide(chains: number, precision: Precision, threads: number, wide = false): number {
  const lanes = lanesPerVector(precision);
  const filled = (vectors: number): number => Math.ceil(chains / (lanes * vectors)) * lanes * vectors;
  const groups = chains / (4 * lanes);
  const isEnough = threads === 1 ? groups >= 1 : Math.ceil(groups) >= 2 * threads;
  if (wide && isEnough && filled(4) <= 1.125 * filled(2)) return 4;
  return chains > lanes * threads ? 2 : 1;
}
