import type { StepCode } from "./code.ts";
import type { Lane } from "./lanes.ts";

/**
 * From vectors that each hold neighbouring elements of one chain to vectors that each hold one element of all chains: out[k]
 * has in lane c what vector c has in lane k. Lanes without a chain repeat the last.
 */
export function transposed(code: StepCode, chains: readonly Lane[]): readonly Lane[] {
  const [a, b, c, d] = Array.from(
    { length: code.storage.lanesPerVector },
    (_, i) => chains[Math.min(i, chains.length - 1)]!,
  );
  if (c === undefined || d === undefined) return [shuffled(code, a!, b!, [0, 2]), shuffled(code, a!, b!, [1, 3])];
  const [low, high] = [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ] as const;
  return [low, high].flatMap((half) => {
    const [ab, cd] = [shuffled(code, a!, b!, half), shuffled(code, c, d, half)];
    return [shuffled(code, ab, cd, [0, 1, 4, 5]), shuffled(code, ab, cd, [2, 3, 6, 7])];
  });
}

/** Lanes of a, and after them of b, by number. */
function shuffled(code: StepCode, a: Lane, b: Lane, picked: readonly number[]): Lane {
  const { lanes, f } = code;
  const { laneBytes } = code.storage;
  lanes.push(a);
  lanes.push(b);
  f.shuffle(picked.flatMap((lane) => Array.from({ length: laneBytes }, (_, byte) => lane * laneBytes + byte)));
  return lanes.keep();
}
