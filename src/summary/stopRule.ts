import type { DrawsUntil, ResolvedConfig, ResolvedStopRule } from "../config/types.ts";
import { type Summary, stuckChains } from "../diagnostics/index.ts";
import type { VariableSpec } from "../draws.ts";
import {
  type CheckFinding,
  type CheckRecord,
  type QuantityDraws,
  quantityNames,
  type StoreLayout,
} from "../store/index.ts";
import { hasNoTails, isNamed } from "./gates.ts";
import { type DrawsSource, summaryOf } from "./summarize.ts";

/** When a run has enough draws, and when that is asked. */
export interface StopRule {
  readonly until: ResolvedStopRule;
  /** After every so many draws of each chain. */
  readonly check: NonNullable<DrawsUntil["check"]>;
  /** Most draws of each chain. */
  readonly max: NonNullable<DrawsUntil["max"]>;
}

/** How one part of the rule stands. */
export type Finding = CheckFinding;

/** How the rule stands at a check. */
export type Verdict = Omit<CheckRecord, "draws">;

/** The rule of a config, if it has one. */
export function stopRuleOf({ draws }: Pick<ResolvedConfig, "draws">): StopRule | undefined {
  return typeof draws === "object" && draws !== null ? draws : undefined;
}

/** The first of some names, with its place, that stands for none of a model's quantities, and what was expected. */
export function unknownQuantity(
  asked: "all" | readonly string[],
  { variables, coordinates }: StoreLayout,
): { readonly place: number; readonly text: string } | undefined {
  if (asked === "all") return undefined;
  const names = variables.flatMap((variable) => quantityNames(variable, coordinates));
  const place = asked.findIndex((each) => !names.some((name) => isNamed(name, each)));
  if (place < 0) return undefined;
  const listed = variables.map(({ name }) => name).join(", ");
  return { place, text: `expected names of the model's quantities (${listed}), found ${JSON.stringify(asked[place])}` };
}

/** The first check that is to come, or to be done again, where batches have so many draws. */
export function nextCheck({ check, max }: StopRule, draws: readonly number[]): number {
  // A batch goes beyond a check only after the rule was not met there.
  const most = Math.max(0, ...draws);
  return Math.min(max, Math.max(check, Math.ceil(most / check) * check));
}

export type Judge = (source: DrawsSource) => Promise<Verdict>;
type Criterion = "rhat" | "ess";

/**
 * Makes the judge of a run. It looks at all chains of all batches, in chain order, and stops at the first quantity that
 * does not meet the rule, beginning with the one that did not the last time: so checks that fail, as most do, are cheap.
 * What it decides is a function of the draws alone.
 *
 * @param earlier the check before the judge's first, of a run that goes on: so it tells what a run left alone would tell
 */
export function createJudge({ until }: Pick<StopRule, "until">, earlier?: CheckRecord): Judge {
  const last = new Map<Criterion, string>();
  for (const criterion of ["rhat", "ess"] as const) {
    const quantity = earlier?.[criterion]?.quantity;
    if (quantity !== undefined) last.set(criterion, quantity);
  }
  return async (source) => {
    const reader = createReader(source, until.quantities);
    const parts: [Criterion, Finding][] = [];
    for (const criterion of ["rhat", "ess"] as const) {
      const limit = until[criterion];
      if (limit === undefined) continue;
      const found = await find(reader, CRITERIA[criterion], limit, last.get(criterion));
      if (found.quantity !== undefined) last.set(criterion, found.quantity);
      parts.push([criterion, found]);
    }
    const met = until.rule === "all" ? parts.every(([, { met }]) => met) : parts.some(([, { met }]) => met);
    return { met, ...Object.fromEntries(parts) };
  };
}

interface Measure {
  readonly of: (summary: Summary) => number;
  readonly meets: (value: number, limit: number) => boolean;
  /** True if `a` is worse than `b`. */
  readonly isWorse: (a: number, b: number) => boolean;
}

const CRITERIA: Readonly<Record<Criterion, Measure>> = {
  rhat: { of: ({ rhat }) => rhat, meets: (value, limit) => value < limit, isWorse: (a, b) => a > b },
  ess: {
    of: (summary) => (hasNoTails(summary) ? summary.ess_bulk : Math.min(summary.ess_bulk, summary.ess_tail)),
    meets: (value, limit) => value > limit,
    isWorse: (a, b) => a < b,
  },
};

async function find(reader: Reader, measure: Measure, limit: number, first: string | undefined): Promise<Finding> {
  let worst: Finding | undefined;
  for (const variable of reader.inOrder(first)) {
    for (const quantity of firstOf(await reader.read(variable), first)) {
      const { name, draws } = quantity;
      if (!reader.isAsked(name)) continue;
      const still = variable.role === "parameter" && stuckChains(draws).length > 0;
      if (still) return { met: false, quantity: name, value: Number.NaN };
      if (isConstant(draws)) continue;
      const value = measure.of(reader.summary(quantity));
      if (!measure.meets(value, limit)) return { met: false, quantity: name, value };
      if (worst === undefined || measure.isWorse(value, worst.value)) worst = { met: true, quantity: name, value };
    }
  }
  // Where nothing varies there is nothing to judge.
  return worst ?? { met: false, value: Number.NaN };
}

/** The quantities, that of a name first. */
function firstOf(quantities: readonly QuantityDraws[], name: string | undefined): readonly QuantityDraws[] {
  const named = quantities.filter((each) => each.name === name);
  return [...named, ...quantities.filter((each) => each.name !== name)];
}

function isConstant(draws: readonly Float64Array[]): boolean {
  const first = draws[0]?.[0];
  return draws.every((chain) => chain.every((value) => value === first));
}

/** The draws of the quantities that are asked of, each variable read once a check. */
interface Reader {
  isAsked(quantity: string): boolean;
  /** The variables, that of a quantity first. */
  inOrder(first: string | undefined): readonly VariableSpec[];
  read(variable: VariableSpec): Promise<readonly QuantityDraws[]>;
  summary(quantity: QuantityDraws): Summary;
}

function createReader(source: DrawsSource, asked: ResolvedStopRule["quantities"]): Reader {
  const { layout } = source;
  const isAsked = (quantity: string): boolean => asked === "all" || asked.some((name) => isNamed(quantity, name));
  const variables = layout.variables.filter((variable) => quantityNames(variable, layout.coordinates).some(isAsked));
  const known = new Map<string, Promise<readonly QuantityDraws[]>>();
  return {
    isAsked,
    summary: (quantity) => summaryOf(source, quantity),
    inOrder: (first) => {
      const owns = ({ name }: VariableSpec): boolean => first !== undefined && isNamed(first, name);
      return [...variables.filter(owns), ...variables.filter((variable) => !owns(variable))];
    },
    read: ({ name }) => {
      const found = known.get(name) ?? source.draws(name, [...layout.batches.keys()]);
      known.set(name, found);
      return found;
    },
  };
}
