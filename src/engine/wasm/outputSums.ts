import type { StepCode } from "./code.ts";
import { type Local, simd, V128 } from "./encoder.ts";
import type { Lane } from "./lanes.ts";
import type { Place } from "./memory.ts";
import { BLOCK_ROWS } from "./schedule.ts";
import { transposed } from "./transposition.ts";

/** Sums that registers hold beside the operands; where V8 makes one vector of two, twice as many. */
const SUMS = 8;

/** Vectors of outputs that each chain works on at once: a power of two, so that they divide a block. */
export function vectorsAtOnce({ storage }: StepCode): number {
  return 2 ** Math.floor(Math.log2((SUMS * inPair(storage)) / storage.chains));
}

/** Vectors that V8 makes one of, so that a loop should have a multiple of them. */
export function inPair({ wide }: { readonly wide: boolean }): number {
  return wide ? 2 : 1;
}

/** Where a loop over the terms of sums stands. */
export interface Terms {
  /** A pointer into the matrix, moved by `step` bytes a term. */
  readonly matrix: Local;
  /** Of its first number, beside the pointer. */
  readonly address: number;
  readonly step: number;
  /** A pointer to the vector's element, of all chains, and its end; `apart` are the bytes from one to the next. */
  readonly vector: Local;
  readonly end: Local;
  readonly apart: number;
}

/** sums[chain][i] = Σ matrix[term][i] · vector[term][chain]: locals, for `vectors` of neighbours i a chain. */
export function emitSums(
  code: StepCode,
  vectors: number,
  { matrix, address, step, vector, end, apart }: Terms,
): Local[][] {
  const { f, storage, lanes } = code;
  const sums = Array.from({ length: storage.chains }, () => Array.from({ length: vectors }, () => f.local(V128)));
  for (const sum of sums.flat()) {
    lanes.push(lanes.bits(0n));
    f.set(sum);
  }
  const load = (pointer: Local, op: typeof simd.load | typeof code.splat, bytes: number): Lane => {
    f.get(pointer);
    f.memory(op, bytes);
    return lanes.keep();
  };
  f.doWhile(
    () => {
      const mark = f.mark();
      const numbers = sums.map((_, chain) => load(vector, code.splat, chain * storage.laneBytes));
      for (let i = 0; i < vectors; i++) {
        const x = load(matrix, simd.load, address + 16 * i);
        for (const [chain, number] of numbers.entries()) {
          const sum = sums[chain]![i]!;
          lanes.push(code.addProduct({ locals: [sum] }, x, number));
          f.set(sum);
        }
      }
      code.increase(matrix, step);
      code.increase(vector, apart);
      f.release(mark);
    },
    () => {
      f.get(vector);
      f.get(end);
      f.lessThan();
    },
  );
  return sums;
}

/** Where `loadSums` expects them: `[chain][output of the block]`. */
export function placeOfSums({ storage }: StepCode): Place {
  return storage.scratch(0);
}

/** Keep sums at a place, `at` bytes after each chain's first; the last first, as pairs want it (`StepCode.storeAll`). */
export function storeSums(code: StepCode, sums: readonly (readonly Local[])[], place: Place, at?: Local): void {
  for (const [chain, vectors] of [...sums.entries()].reverse()) {
    for (const [i, sum] of [...vectors.entries()].reverse()) {
      code.pushBase(place, at);
      code.f.get(sum);
      code.f.memory(simd.store, place.offset + startOf(code, chain) + 16 * i);
    }
  }
}

/** The sums of as many outputs as there are lanes, from output `first` on or `at` bytes further: each of all chains. */
export function loadSums(code: StepCode, at?: Local, first = 0): readonly Lane[] {
  const place = placeOfSums(code);
  const chains = Array.from({ length: code.storage.chains }, (_, chain) => {
    code.pushBase(place, at);
    code.f.memory(simd.load, place.offset + startOf(code, chain) + first * code.storage.laneBytes);
    return code.lanes.keep();
  });
  return transposed(code, chains);
}

/** Bytes before a chain's sums. */
function startOf(code: StepCode, chain: number): number {
  return chain * BLOCK_ROWS * code.storage.laneBytes;
}
