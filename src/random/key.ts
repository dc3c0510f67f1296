import { ConfigError } from "../errors.ts";
import { type Key, wordsAt } from "./threefry.ts";

/** How a seed becomes a key. */
export interface KeyOptions {
  /**
   * Whether seeds have 64 bits, as in JAX with `jax_enable_x64`. Without, as in JAX by default, a seed counts modulo
   * 2³² and the key's high word is 0. Both give the same key for seeds in 0 … 2³² − 1. Default true.
   */
  readonly x64?: boolean;
}

/**
 * The key of a seed: its 64-bit two's complement value as (high word, low word), `jax.random.key(seed)`.
 * The seed is an integer from −2⁶³ to 2⁶⁴ − 1; beyond 2⁵³ it must be a bigint. Throws ConfigError otherwise.
 */
export function key(seed: bigint | number, { x64 = true }: KeyOptions = {}): Key {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new ConfigError(
      `seed: expected an integer (a bigint beyond ±(2^53 - 1)), found ${seed}. Write a whole number, or append n to it.`,
    );
  }
  const value = BigInt(seed);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new ConfigError(`seed: expected an integer from -2^63 to 2^64 - 1, found ${value}. Choose a smaller one.`);
  }
  const low = Number(BigInt.asUintN(32, value));
  return [x64 ? Number(BigInt.asUintN(32, value >> 32n)) : 0, low];
}

/** `count` keys, independent of each other and of `parent`: threefry at the counters (0, i) [JAX's partitionable layout]. */
export function split(parent: Key, count = 2): Key[] {
  return Array.from({ length: count }, (_, i) => wordsAt(parent, i));
}

/**
 * A new key from a key and a number in 0 … 2³² − 1: threefry at the counter (0, data), `jax.random.fold_in`.
 * Throws ConfigError for other data.
 */
export function foldIn(parent: Key, data: number): Key {
  if (!Number.isInteger(data) || data < 0 || data >= 2 ** 32) {
    throw new ConfigError(`foldIn: expected data as an integer from 0 to 2^32 - 1, found ${data}. Fold in two parts.`);
  }
  return wordsAt(parent, data);
}
