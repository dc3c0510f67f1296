/** Two 32-bit words, each an integer in 0 … 2³² − 1. */
export type Words = readonly [number, number];

/** What chooses a stream of random bits: two 32-bit words, the higher one first. JAX's raw threefry key. */
export type Key = Words;

const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Threefry-2x32: a keyed bijection on pairs of 32-bit words, the source of all randomness [Salmon et al. 2011].
 * The counter is given as JAX does, high word first. `rounds` is 20 for every draw; the known answers have 13 and 32 too.
 */
export function threefry2x32(key: Key, counter: Words, rounds = 20): Words {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ PARITY] as const;
  let x0 = (counter[0] + key[0]) | 0;
  let x1 = (counter[1] + key[1]) | 0;
  for (let round = 0; round < rounds; round++) {
    const rotation = ROTATIONS[round % 8]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + schedule[injection % 3]!) | 0;
      x1 = (x1 + schedule[(injection + 1) % 3]! + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** The two words at index i of a key's stream: the block cipher at the counter (⌊i / 2³²⌋, i mod 2³²). */
export function wordsAt(key: Key, index: number): Words {
  return threefry2x32(key, [Math.floor(index / 2 ** 32), index >>> 0]);
}
