/** One variable's row of the summary table. */
import type { Draws } from "./draws.ts";
import { essBulkOf, essQuantileOf } from "./ess.ts";
import { mcseMeanOf, mcseQuantileOf, mcseSdOf } from "./mcse.ts";
import { meanOfVariable, sdOfVariable } from "./point.ts";
import { rhatOf } from "./rhat.ts";
import { sameArrays } from "./scratch.ts";
import { Variable } from "./variable.ts";

/**
 * Point estimates, their Monte Carlo standard errors and the convergence diagnostics of one scalar quantity; all but
 * rhat and the two ESS are in the draws' unit. What cannot be said is NaN.
 */
export interface Summary {
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
  readonly mcse_sd: number;
  readonly q1: number;
  readonly q5: number;
  readonly q25: number;
  readonly q50: number;
  readonly q75: number;
  readonly q95: number;
  readonly q99: number;
  readonly mcse_q5: number;
  readonly mcse_q50: number;
  readonly mcse_q95: number;
  readonly rhat: number;
  readonly ess_bulk: number;
  readonly ess_tail: number;
}

/** How the numbers of several quantities lie in one array. */
export interface BlockShape {
  readonly chains: number;
  readonly draws: number;
  readonly quantities: number;
}

function summaryOf(variable: Variable): Summary {
  const ess5 = essQuantileOf(variable, 0.05);
  const ess50 = essQuantileOf(variable, 0.5);
  const ess95 = essQuantileOf(variable, 0.95);
  return {
    mean: meanOfVariable(variable),
    sd: sdOfVariable(variable),
    mcse_mean: mcseMeanOf(variable),
    mcse_sd: mcseSdOf(variable),
    q1: variable.quantile(0.01),
    q5: variable.quantile(0.05),
    q25: variable.quantile(0.25),
    q50: variable.quantile(0.5),
    q75: variable.quantile(0.75),
    q95: variable.quantile(0.95),
    q99: variable.quantile(0.99),
    mcse_q5: mcseQuantileOf(variable, 0.05, ess5),
    mcse_q50: mcseQuantileOf(variable, 0.5, ess50),
    mcse_q95: mcseQuantileOf(variable, 0.95, ess95),
    rhat: rhatOf(variable),
    ess_bulk: essBulkOf(variable),
    ess_tail: Math.min(ess5, ess95),
  };
}

/**
 * All of a quantity's summary from one sort and few transforms; each field is what the function of that name gives.
 * @param draws `[chain][draw]`
 * @throws RangeError for no chain, or chains of unequal length.
 */
export function summarize(draws: Draws): Summary {
  return summaryOf(new Variable(draws, arrays));
}

/** No variable outlives its summary. */
const arrays = sameArrays();

/**
 * The summary of every quantity in a block of draws.
 * @param values row-major `[chain, draw, quantity]`
 * @throws RangeError when the length does not fit the shape.
 */
export function summarizeBlock(values: ArrayLike<number>, shape: BlockShape): Summary[] {
  const { chains, draws, quantities } = shape;
  if (values.length !== chains * draws * quantities) {
    throw new RangeError(`Expected ${chains} × ${draws} × ${quantities} values, found ${values.length}.`);
  }
  const rows = Array.from({ length: chains }, () => new Float64Array(draws));
  return Array.from({ length: quantities }, (_, quantity) => {
    rows.forEach((row, chain) => {
      for (let draw = 0; draw < draws; draw++) row[draw] = values[(chain * draws + draw) * quantities + quantity]!;
    });
    return summarize(rows);
  });
}
