import { concat, type Node } from "../../graph/node.ts";

/**
 * U-turns, checked without recursion [Phan, Pradhan, Jankowiak 2019, NumPyro's iterative NUTS; Lao and Dillon 2019]: of
 * all points of a subtree only the left ends of the complete binary sub-subtrees that are still open are kept, one a
 * level, and a point with an odd index closes as many of them as it has trailing ones in binary.
 */

/**
 * Momentum m and sum of momenta ρ up to and with it, at the left ends of open sub-subtrees: `[levels · D]`, level after level.
 * "Left" is where a subtree began: the criterion is the same in both directions of time.
 */
export interface Checkpoints {
  readonly m: Node;
  readonly rho: Node;
}

/** Levels that the subtrees of a tree with at most 2^maxDepth points need: their last even index has that many bits. */
export function levelsOf(maxDepth: number): number {
  return Math.max(1, maxDepth - 1);
}

/**
 * The generalised criterion [Betancourt 2017, A.4.2] as NumPyro and BlackJAX have it: with half of each end taken off ρ,
 * one of the ends' velocities points against it. `a`, `b`, `rho`: `[D]`.
 */
export function isTurning(a: Node, b: Node, rho: Node, inverseMass: Node): Node {
  const between = rho.sub(a.add(b).mul(0.5)).mul(inverseMass);
  const ahead = (end: Node): Node => between.mul(end).sum().gt(0);
  return ahead(a).and(ahead(b)).not();
}

/** After the leaf `index` (uint32, from 0) of a subtree with momentum m `[D]`, ρ `[D]` being the sum from its first leaf on. */
export function nextCheckpoints(
  open: Checkpoints,
  { index, m, rho }: { readonly index: Node; readonly m: Node; readonly rho: Node },
  inverseMass: Node,
): { readonly checkpoints: Checkpoints; readonly isTurning: Node } {
  // A bit of the index, less its last, is a complete sub-subtree to the left of the one that this leaf is in.
  const current = bitCount(index.shiftRight(1));
  // As many sub-subtrees end here as the index has trailing ones; they lie at the levels from current down.
  const closed = bitCount(index.xor(index.add(1))).sub(1);
  const levels = Array.from({ length: open.m.size / m.size }, (_, level) => {
    const [from, to] = [level * m.size, (level + 1) * m.size];
    const left = { m: open.m.slice(from, to), rho: open.rho.slice(from, to) };
    // Level by level, and not as one matrix: so all of it is one loop over D.
    const isClosed = current.ge(level).and(current.lt(closed.add(level)));
    const opens = current.eq(level).and(closed.eq(0));
    return {
      m: opens.select(m, left.m),
      rho: opens.select(rho, left.rho),
      isTurning: isClosed.and(isTurning(left.m, m, rho.sub(left.rho).add(left.m), inverseMass)),
    };
  });
  return {
    checkpoints: { m: concat(levels.map((level) => level.m)), rho: concat(levels.map((level) => level.rho)) },
    isTurning: levels.map((level) => level.isTurning).reduce((any, one) => any.or(one)),
  };
}

/** The number of ones of a uint32 in binary. */
function bitCount(x: Node): Node {
  const pairs = x.sub(x.shiftRight(1).and(0x55555555));
  const nibbles = pairs.and(0x33333333).add(pairs.shiftRight(2).and(0x33333333));
  const bytes = nibbles.add(nibbles.shiftRight(4)).and(0x0f0f0f0f);
  return bytes.mul(0x01010101).shiftRight(24);
}
