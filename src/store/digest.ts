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
import { Sha256 } from "./sha256.ts";
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
  /** One digest of what was added so far of some chains. */
  part(firstChain: number, chains: number): string;
}

/** The digest of a run, from the digests of its chains in order. */
export function runDigest(chains: readonly string[]): string {
  const hash = createHash("sha256");
  for (const chain of chains) hash.update(Buffer.from(chain, "hex"));
  return hash.digest("hex");
}

/** Digests whose state can be saved, for a run that does not keep the draws. */
export interface ResumableDigests extends ChainDigests {
  /** The state of a chain's digest: `SHA256_STATE_BYTES` bytes. */
  save(chain: number): Uint8Array;
  /** Goes on from a saved state. @param draws the draws that it covers */
  restore(chain: number, draws: number, state: Uint8Array): void;
}

interface StreamingHash {
  update(bytes: Uint8Array): unknown;
}

/** Packs draws of one chain as the digest takes them: draw after draw, variables in declared order. */
function rowPacker(
  variables: readonly VariableSpec[],
): (draws: number, values: Readonly<Record<string, Numbers>>) => Uint8Array {
  const sizes = variables.map((variable) => elements(variable) * elementBytes(variable.dtype));
  const row = sizes.reduce((sum, size) => sum + size, 0);
  return (draws, values) => {
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
    return bytes;
  };
}

function digestsOver<H extends StreamingHash>(
  hashes: readonly H[],
  counts: number[],
  variables: readonly VariableSpec[],
  hex: (hash: H) => string,
): ChainDigests {
  const pack = rowPacker(variables);
  return {
    add: (chain, draws, values) => {
      const hash = hashes[chain];
      if (hash === undefined) throw new StoreError(`chain ${chain} is not one of the run's ${hashes.length} chains.`);
      hash.update(pack(draws, values));
      counts[chain] = (counts[chain] ?? 0) + draws;
    },
    current: () => {
      const digests = hashes.map(hex);
      return { run: runDigest(digests), chains: digests, draws: [...counts] };
    },
    part: (firstChain, chains) => runDigest(hashes.slice(firstChain, firstChain + chains).map(hex)),
  };
}

/** Starts the digests of `chains` chains of these variables in declared order. */
export function chainDigests(chains: number, variables: readonly VariableSpec[]): ChainDigests {
  const hashes: Hash[] = Array.from({ length: chains }, () => createHash("sha256"));
  return digestsOver(hashes, new Array<number>(chains).fill(0), variables, (hash) => hash.copy().digest("hex"));
}

/** As `chainDigests`, the same digests, with a state that can be saved; several times as slow. */
export function resumableDigests(chains: number, variables: readonly VariableSpec[]): ResumableDigests {
  const hashes = Array.from({ length: chains }, () => new Sha256());
  const counts = new Array<number>(chains).fill(0);
  const at = (chain: number): Sha256 => {
    const hash = hashes[chain];
    if (hash === undefined) throw new StoreError(`chain ${chain} is not one of the run's ${chains} chains.`);
    return hash;
  };
  return {
    ...digestsOver(hashes, counts, variables, (hash) => hash.digest()),
    save: (chain) => at(chain).save(),
    restore: (chain, draws, state) => {
      at(chain);
      hashes[chain] = Sha256.from(state);
      counts[chain] = draws;
    },
  };
}
