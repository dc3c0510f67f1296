import { rhatNested } from "../diagnostics/index.ts";
import { type Gate, momentsRows, type StoredMoments, type SummaryRow } from "../store/index.ts";
import type { GateLimits } from "./gates.ts";
import { isNamed, standsStill } from "./gates.ts";

/** What nested R-hat says of a run whose chains start in superchains. */
export interface NestedFacts {
  readonly superchains?: number;
  /** The largest nested R-hat of all quantities that vary, and whose it is. */
  readonly nested_rhat_max?: number;
  readonly nested_rhat_worst?: string;
}

/** Nested R-hat by quantity, of the quantities that vary; NaN of a parameter that does not move in every chain. */
export interface NestedRhat {
  readonly values: ReadonlyMap<string, number>;
  readonly facts: NestedFacts;
}

export interface Superchained {
  readonly superchains: number;
  /** The chains whose draws are given, by their index in the run. */
  readonly chains: readonly number[];
  /** Chains of the whole run. */
  readonly of: number;
}

interface NestedRhats {
  /** @param draws `[chain][draw]`, of the chains given */
  addDraws(row: SummaryRow, draws: readonly Float64Array[]): void;
  addMoments(stored: StoredMoments): void;
  result(): NestedRhat;
}

/** Gathers nested R-hat [Margossian et al. 2024]; not a number where superchains are not whole, in a run that stopped early. */
export function nestedRhats({ superchains, chains, of }: Superchained): NestedRhats {
  const values = new Map<string, number>();
  const isWhole = chains.length === of;
  const add = (row: SummaryRow, value: () => number): void => {
    if (row.sd === 0 && !standsStill(row)) return;
    values.set(row.name, isWhole && !standsStill(row) ? value() : Number.NaN);
  };
  return {
    addDraws: (row, draws) => add(row, () => rhatNested(draws, superchains)),
    addMoments: (stored) => {
      momentsRows(stored).forEach((row, quantity) => {
        add(row, () => stored.moments.rhatNested(quantity, superchains));
      });
    },
    result: () => ({ values, facts: factsOf(values) }),
  };
}

/** Not-a-number is worst. */
function factsOf(values: ReadonlyMap<string, number>): NestedFacts {
  const order = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  const [worst] = [...values].toSorted(([, a], [, b]) => order(b) - order(a));
  return worst === undefined ? {} : { nested_rhat_worst: worst[0], nested_rhat_max: worst[1] };
}

/** The gate `nested_rhat`: of the quantities that gates ask of; none without a limit. */
export function nestedGate(
  { values }: NestedRhat,
  { nested_rhat: limit, quantities = "all" }: GateLimits & { readonly nested_rhat?: number },
): Gate[] {
  if (limit === undefined) return [];
  const isAsked = (name: string): boolean => quantities === "all" || quantities.some((asked) => isNamed(name, asked));
  const judged = new Map([...values].filter(([name]) => isAsked(name)));
  const { nested_rhat_worst: worst, nested_rhat_max: value = Number.NaN } = factsOf(judged);
  const failing = [...judged.values()].filter((each) => !(each < limit)).length;
  const pass = judged.size > 0 && failing === 0;
  return [{ name: "nested_rhat", limit, value, pass, failing, ...(worst !== undefined && { worst }) }];
}
