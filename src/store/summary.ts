/** summary.json: one row a quantity, the gates and the run's facts. */
import type { VariableRole } from "../draws.ts";
import type { Json, JsonObject } from "./json.ts";

/** Names of a row's numbers, in the order of summary.csv. */
export const SUMMARY_NUMBERS = [
  "mean",
  "sd",
  "mcse_mean",
  "mcse_sd",
  "q1",
  "q5",
  "q25",
  "q50",
  "q75",
  "q95",
  "q99",
  "mcse_q5",
  "mcse_q50",
  "mcse_q95",
  "rhat",
  "ess_bulk",
  "ess_tail",
] as const;

/** One number of a row. */
export type SummaryNumber = (typeof SUMMARY_NUMBERS)[number];

/** One scalar quantity: its name (`coefficient[mean radius]`) and its numbers, NaN where one is not defined. */
export type SummaryRow = {
  readonly name: string;
  /** Whether it is sampled; not known of older runs and of other programs' draws. */
  readonly role?: VariableRole;
  /** The chains in which it never moved, where there are any. */
  readonly still?: StillChains;
} & Readonly<Record<SummaryNumber, number>>;

/** Chains in which a quantity has one value in all draws. */
export interface StillChains {
  readonly chains: number;
  /** The first of them, by their index in the run. */
  readonly first: readonly number[];
}

/** One condition that the run had to meet. `value` is NaN when it could not be computed. */
export interface Gate {
  readonly name: string;
  readonly limit: number;
  readonly value: number;
  readonly pass: boolean;
  /** The quantity that gave the value. */
  readonly worst?: string;
  /** How many quantities fail it. */
  readonly failing?: number;
  /** What else must be said: constant quantities that were left out, a filter that matched nothing. */
  readonly note?: string;
}

/** The errors of float32 at states that were evaluated in float64 as well. */
export interface RoundingRecord {
  readonly states: number;
  /** Of a difference of log densities, root mean square. */
  readonly log_density: number;
  /** Of the gradient, relative to its size, in the coordinate where that is worst. */
  readonly gradient: number;
  readonly gradient_worst?: string;
  /** Of a quantity, relative to its standard deviation, for the one where that is worst. */
  readonly quantity: number;
  readonly quantity_worst?: string;
}

/** What a run did, in numbers. */
export interface RunFacts {
  readonly chains: number;
  /** Draws of each chain. */
  readonly draws: number;
  /** Warm-up iterations of each chain. */
  readonly warmup: number;
  readonly divergences: number;
  /** Gradient evaluations, summed over chains. */
  readonly gradients: { readonly warmup: number; readonly sampling: number };
  readonly seconds: {
    readonly compile: number;
    readonly warmup: number;
    readonly sampling: number;
    readonly total: number;
    /** Computing, from each call of the engine to its end. Not known of older runs. */
    readonly kernel?: number;
    /** Copies between host and device, and what converts the numbers; they overlap with the kernels. */
    readonly transfer?: number;
  };
  readonly engine: string;
  readonly precision: string;
  /** Why it has that, where the config left the choice. */
  readonly precision_reason?: string;
  /** Engine, precision, and what the bits of its draws depend on besides. Not known of older runs. */
  readonly engine_class?: string;
  /** Of a run in float32: what that costs at some of its states. Not known of older runs. */
  readonly rounding?: RoundingRecord;
  readonly seed: string | number;
  /** SHA-256 over the chains' digests; the store fills it in when the run ends. */
  readonly digest: string;
}

/** The content of summary.json. */
export interface SummaryDocument {
  readonly run: RunFacts;
  readonly gates: readonly Gate[];
  readonly quantities: readonly SummaryRow[];
}

/** JSON text; numbers that are not finite become null, keys keep their order. */
export function summaryJson(summary: SummaryDocument): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function readNumber(value: Json | undefined): number {
  return typeof value === "number" ? value : Number.NaN;
}

/** A row as summary.json holds it, with null read back as NaN. */
export function readRow(row: JsonObject): SummaryRow {
  const numbers = Object.fromEntries(SUMMARY_NUMBERS.map((key) => [key, readNumber(row[key])]));
  const role = row["role"];
  const still = readStill(row["still"]);
  return {
    name: String(row["name"] ?? ""),
    ...((role === "parameter" || role === "derived") && { role }),
    ...(still !== undefined && { still }),
    ...(numbers as Record<SummaryNumber, number>),
  };
}

function readStill(value: Json | undefined): StillChains | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { chains, first } = value as JsonObject;
  if (typeof chains !== "number") return undefined;
  return { chains, first: Array.isArray(first) ? first.filter((chain) => typeof chain === "number") : [] };
}
