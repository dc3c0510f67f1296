import type { Precision } from "../../draws.ts";

/** Chains in a vector of 128 bits. */
export function lanesPerVector(precision: Precision): number {
  return precision === "float32" ? 4 : 2;
}

/** Threads that can share a batch's chains: each takes a vector of them at least. */
export function mostThreads(chains: number, precision: Precision): number {
  return Math.ceil(chains / lanesPerVector(precision));
}

/**
 * Vectors that are worked on side by side: two hide the latency of arithmetic; where chains fill only one a thread, the
 * second would be wasted.
 */
export function vectorsSideBySide(chains: number, precision: Precision, threads: number): number {
  return chains > lanesPerVector(precision) * threads ? 2 : 1;
}
