/** The checks of a run that goes on until a rule is met: what summary.json holds of them, and what events.ndjson tells. */
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { readBounded } from "./files.ts";
import type { JsonObject } from "./json.ts";
import { type SummaryReader, soundSummary } from "./read-summary.ts";

/** How one part of the rule stood. */
export interface CheckFinding {
  readonly met: boolean;
  /** The quantity that does not meet it, or, where all do, the worst one; none where nothing varies. */
  readonly quantity?: string;
  readonly value: number;
}

/** How the rule stood when all batches had so many draws. */
export interface CheckRecord {
  /** Draws of each chain. */
  readonly draws: number;
  readonly met: boolean;
  readonly rhat?: CheckFinding;
  readonly ess?: CheckFinding;
}

/** `until` of summary.json's `run`: the rule, and how it stood at each check. */
export interface UntilFacts {
  /** Every quantity's R-hat must be below this. */
  readonly rhat?: number;
  /** Every quantity's bulk and tail effective sample sizes must be above this. */
  readonly ess?: number;
  /** Whether both must be so, or one is enough. */
  readonly rule: "all" | "any";
  /** It is asked after every so many draws, and the run ends at the most draws. */
  readonly check: number;
  readonly max: number;
  readonly met: boolean;
  readonly checks: readonly CheckRecord[];
}

const MAX_EVENTS = 256 * 2 ** 20;

function findingOf(value: unknown): CheckFinding | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { met, quantity, value: number } = value as Record<string, unknown>;
  return {
    met: met === true,
    ...(typeof quantity === "string" && { quantity }),
    value: typeof number === "number" ? number : Number.NaN,
  };
}

/** A check from what a file holds; undefined for anything else. */
export function checkOf(value: unknown): CheckRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { draws, met, rhat, ess } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(draws)) return undefined;
  const parts = { rhat: findingOf(rhat), ess: findingOf(ess) };
  return {
    draws: draws as number,
    met: met === true,
    ...(parts.rhat !== undefined && { rhat: parts.rhat }),
    ...(parts.ess !== undefined && { ess: parts.ess }),
  };
}

/** Checks in the order of their draws; of one that was done twice, before and after a resume, the later counts. */
function inOrder(checks: readonly CheckRecord[]): CheckRecord[] {
  return [...new Map(checks.map((each) => [each.draws, each])).values()].sort((a, b) => a.draws - b.draws);
}

function parse(line: string): JsonObject | undefined {
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    // A killed process left half a line.
    return undefined;
  }
}

/**
 * The checks that events.ndjson of a results folder tells of; none where it is not there or has grown too large. Where it is
 * damaged, those of the summary.
 */
export async function readChecks(
  reader: SummaryReader & { readonly directory: string },
): Promise<readonly CheckRecord[]> {
  if ((await reader.damage("events.ndjson")) !== undefined) {
    return untilOf((await soundSummary(reader))?.run ?? {})?.checks ?? [];
  }
  const bytes = await readBounded(join(reader.directory, "events.ndjson"), MAX_EVENTS).catch((error: unknown) => {
    if (error instanceof StoreError) return undefined;
    throw error;
  });
  const lines = (bytes?.toString("utf8") ?? "").split("\n").filter((line) => line.includes('"kind":"check"'));
  return inOrder(lines.flatMap((line) => checkOf(parse(line)) ?? []));
}

/** `until` of a summary's `run`, where it holds one. */
export function untilOf(run: object): UntilFacts | undefined {
  const value = (run as { readonly until?: unknown }).until;
  if (typeof value !== "object" || value === null) return undefined;
  const { rhat, ess, rule, check, max, met, checks } = value as Record<string, unknown>;
  const count = (number: unknown): number => (typeof number === "number" ? number : Number.NaN);
  return {
    ...(typeof rhat === "number" && { rhat }),
    ...(typeof ess === "number" && { ess }),
    rule: rule === "any" ? "any" : "all",
    check: count(check),
    max: count(max),
    met: met === true,
    checks: Array.isArray(checks) ? checks.flatMap((each) => checkOf(each) ?? []) : [],
  };
}
