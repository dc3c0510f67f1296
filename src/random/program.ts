import { constant, make, Node, type Operand } from "../graph/node.ts";

/**
 * The generator of `threefry.ts` as nodes of a program: the same keys give the same bits, for every chain at once.
 * [Salmon et al. 2011], in JAX's partitionable layout.
 */

/** A key per chain, or other pairs of 32-bit words: two uint32 nodes of one shape. */
export interface KeyNodes {
  readonly high: Node;
  readonly low: Node;
}

const PARITY = 0x1bd11bda;
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Threefry-2x32 with 20 rounds, elementwise: a key that broadcasts against the counters. */
export function threefry(key: KeyNodes, counter: KeyNodes): KeyNodes {
  const schedule = [key.high, key.low, key.high.xor(key.low).xor(PARITY)] as const;
  let high = counter.high.add(schedule[0]);
  let low = counter.low.add(schedule[1]);
  for (let injection = 1; injection <= 5; injection++) {
    for (const rotation of ROTATIONS[(injection - 1) % 2]!) {
      high = high.add(low);
      low = low.rotateLeft(rotation).xor(high);
    }
    high = high.add(schedule[injection % 3]!);
    low = low.add(schedule[(injection + 1) % 3]!).add(injection);
  }
  return { high, low };
}

/** A key `[2]` (high word, low word) as its two words. */
export function keyOf(words: Node): KeyNodes {
  return { high: words.at(0), low: words.at(1) };
}

/** A new key from a key and a uint32: threefry at the counter (0, data), `jax.random.fold_in`. */
export function foldIn(key: KeyNodes, data: Operand): KeyNodes {
  const low = data instanceof Node ? data : constant(data, [], "uint32");
  return threefry(key, { high: constant(0, [], "uint32"), low });
}

/** The first `count` of the keys that `jax.random.split` gives. */
export function split(key: KeyNodes, count = 2): KeyNodes[] {
  return Array.from({ length: count }, (_, i) => foldIn(key, i));
}

/** The two words at indices 0 … count − 1 of a key's stream, `[count]` each. */
export function words(key: KeyNodes, count: number): KeyNodes {
  const zeros = new Uint32Array(count);
  const indices = zeros.map((_, i) => i);
  return threefry(key, { high: constant(zeros, [count], "uint32"), low: constant(indices, [count], "uint32") });
}

/** Uniform on [0, 1), `[count]`. */
export function uniform(key: KeyNodes, count: number): Node {
  const { high, low } = words(key, count);
  return make("unitInterval", [high, low], {});
}

/**
 * Standard normal, `[count]`: √2 · erfinv(u) with u uniform on [−1 + ε/2, 1), the lower end being the float after −1.
 * Doubling a fraction and shifting it by that end are exact, so no rounding depends on a fused multiply-add.
 */
export function normal(key: KeyNodes, count: number): Node {
  const low = make("epsilon", [], {}).mul(0.5).sub(1);
  const u = uniform(key, count).mul(2).add(low);
  return u.max(low).erfinv().mul(Math.SQRT2);
}
