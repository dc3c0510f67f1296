import { Node, type Operand } from "../graph/node.ts";

/** What is known before anything runs: a number, or data. */
export function knownNumbers(operand: Operand): ArrayLike<number> | undefined {
  if (!(operand instanceof Node)) return [operand];
  const node = operand.is("convert") ? operand.inputs[0]! : operand;
  return node.is("constant") ? node.attributes.data : undefined;
}

/**
 * True for counts known before anything runs of which some are large. A log density of such a count is the small difference of
 * numbers that float32 holds to a few tenths: distributions write it about the count instead, where nothing cancels.
 */
export function hasLargeCounts(counts: Operand): boolean {
  return Array.from(knownNumbers(counts) ?? []).some((count) => count > 1000);
}
