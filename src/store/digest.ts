/**
 * Digests of draws.
 *
 * The digest of a chain is the SHA-256 of its posterior draws as bytes: draw after draw, each draw being the variables in
 * declared order, each variable row-major, little-endian in its stored type (bool: one byte). Warm-up, statistics and
 * unconstrained values are not part of it. It does not depend on blocks, chunks or batches. The digest of a run is the
 * SHA-256 of its chains' digests (32 bytes each) in chain order.
 */
import { createHash, type Hash } from "node:crypto";
import type { Numbers, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { elements } from "./layout.ts";
import { bytesOf, elementBytes } from "./zarr.ts";

/** Digests in hexadecimal. */
export interface Digests {
  readonly run: string;
  readonly chains: readonly string[];
  /** Draws of each chain that the digests cover. */
  readonly draws: readonly number[];
}

/** Streaming digests of all chains of a run. */
export interface ChainDigests {
  /**
   * Adds draws of one chain.
   * @param values by variable name, `[draws, ...shape]` row-major, in the variable's stored type
   */
  add(chain: number, draws: number, values: Readonly<Record<string, Numbers>>): void;
  /** Digests of what was added so far; adding may go on. */
  current(): Digests;
}

/** The digest of a run, from the digests of its chains in order. */
export function runDigest(chains: readonly string[]): string {
  const hash = createHash("sha256");
  for (const chain of chains) hash.update(Buffer.from(chain, "hex"));
  return hash.digest("hex");
}

/** Starts the digests of `chains` chains of these variables in declared order. */
export function chainDigests(chains: number, variables: readonly VariableSpec[]): ChainDigests {
  const hashes: Hash[] = Array.from({ length: chains }, () => createHash("sha256"));
  const counts = new Array<number>(chains).fill(0);
  const sizes = variables.map((variable) => elements(variable) * elementBytes(variable.dtype));
  const row = sizes.reduce((sum, size) => sum + size, 0);
  const add: ChainDigests["add"] = (chain, draws, values) => {
    const hash = hashes[chain];
    if (hash === undefined) throw new StoreError(`chain ${chain} is not one of the run's ${chains} chains.`);
    const bytes = new Uint8Array(draws * row);
    let start = 0;
    variables.forEach((variable, index) => {
      const size = sizes[index] ?? 0;
      const source = values[variable.name];
      if (source === undefined) throw new StoreError(`draws of variable "${variable.name}" are missing.`);
      const from = bytesOf(source);
      for (let draw = 0; draw < draws; draw++)
        bytes.set(from.subarray(draw * size, (draw + 1) * size), draw * row + start);
      start += size;
    });
    hash.update(bytes);
    counts[chain] = (counts[chain] ?? 0) + draws;
  };
  const current = (): Digests => {
    const digests = hashes.map((hash) => hash.copy().digest("hex"));
    return { run: runDigest(digests), chains: digests, draws: [...counts] };
  };
  return { add, current };
}
