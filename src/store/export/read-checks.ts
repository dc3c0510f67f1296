/** What is looked at once all chains are read: their lengths, chains that are there twice, a single chain, missing values. */
import { StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { some } from "./read-table.ts";

function checkLengths(quantities: readonly QuantityDraws[]): void {
  for (const { draws } of quantities) {
    const expected = draws[0]?.length ?? 0;
    draws.forEach(({ length }, chain) => {
      if (length === expected) return;
      throw new StoreError(
        `chain ${chain} has ${length} draws, chain 0 has ${expected}: all chains must have the same number.`,
      );
    });
  }
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, draw) => Object.is(value, b[draw]));
}

/** The first two chains with the same draws of everything, of which something varies. */
function twins(quantities: readonly QuantityDraws[]): readonly [number, number] | undefined {
  const moving = quantities.filter(({ draws }) => draws.some((chain) => chain.some((value) => value !== chain[0])));
  const [first] = moving;
  if (first === undefined || (first.draws[0]?.length ?? 0) < 4) return undefined;
  const seen = new Map<string, number[]>();
  for (const [chain, draws] of first.draws.entries()) {
    // Chains that differ differ in their first draws.
    const key = draws.subarray(0, 4).join();
    const candidates = seen.get(key) ?? [];
    const twin = candidates.find((other) => moving.every((each) => isSame(each.draws[other]!, each.draws[chain]!)));
    if (twin !== undefined) return [twin, chain];
    seen.set(key, [...candidates, chain]);
  }
  return undefined;
}

/**
 * Checks draws before they are summarised.
 * @returns what a user should know of, in sentences
 * @throws StoreError where chains have other lengths, or two of them are one and the same
 */
export function checkDraws(quantities: readonly QuantityDraws[], files: readonly string[]): string[] {
  checkLengths(quantities);
  const twin = twins(quantities);
  if (twin !== undefined) {
    throw new StoreError(
      `chains ${twin[0]} and ${twin[1]} of ${files.slice(0, 3).join(", ")} (counted from 0) have the same draws of every quantity: a chain is given twice, or two were run with one seed. Leave one out.`,
    );
  }
  const notes: string[] = [];
  const chains = quantities[0]?.draws.length ?? 0;
  if (chains === 1) {
    notes.push(
      "there is one chain: R-hat compares its two halves, and cannot see what other starts would have found. Run four or more.",
    );
  }
  const missing = quantities.flatMap(({ name, draws }) => {
    const count = draws.reduce((sum, chain) => sum + chain.filter((value) => Number.isNaN(value)).length, 0);
    return count === 0 ? [] : [`${name} (${count})`];
  });
  if (missing.length > 0)
    notes.push(`values that are missing (NaN): ${some(missing)}. Their diagnostics are NaN and fail.`);
  return notes;
}
