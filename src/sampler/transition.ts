import type { Roles } from "../engine/engine.ts";
import { input, type Node } from "../graph/node.ts";
import { type Program, program } from "../graph/program.ts";
import { foldIn, keyOf } from "../random/program.ts";
import { hmcTransition } from "./hmc.ts";
import { evaluate } from "./leapfrog.ts";
import type { Target } from "./target.ts";

/** A program with its roles: what a batch runs. */
export interface TransitionProgram {
  readonly program: Program;
  readonly roles: Roles;
}

/** Prefixes that keep a model's names apart from the sampler's among a program's outputs. */
export const POSTERIOR = "posterior.";
export const STATISTICS = "statistics.";

/** log p(z) and its gradient: input `z`; outputs `log_density` and `gradient`, both carried nowhere. */
export function densityProgram(target: Target): Program {
  const z = positionInput(target);
  const { logDensity, gradient } = evaluate(target, z);
  return program(`${target.name} density`, { log_density: logDensity.perChain(), gradient }, [z]);
}

function positionInput(target: Target): Node {
  return input("z", { dtype: "float", shape: [target.dimension] });
}

/**
 * A transition of HMC with L steps for every chain: the program of the samplers `hmc` and `chees`, which differ in how
 * their tuning is found, not in what a transition is.
 *
 * Inputs. State: `z`, `log_density`, `gradient`. Tuning: `step_size`, `inverse_mass`. Key: `chain_key`. Each iteration:
 * `iteration`, `steps`. The transition's key is foldIn(chain key, iteration).
 * Outputs. The new state; the trajectory's end as `proposal_z` and `proposal_momentum`; each of the model's values under
 * `posterior.`, recorded; each statistic under `statistics.`, recorded.
 */
export function hmcProgram(target: Target, options: { readonly recordPosition: boolean }): TransitionProgram {
  const z = positionInput(target);
  const logDensity = input("log_density", { dtype: "float", shape: [] });
  const g = input("gradient", { dtype: "float", shape: [target.dimension] });
  const stepSize = input("step_size", { dtype: "float", shape: [], shared: true });
  const inverseMass = input("inverse_mass", { dtype: "float", shape: [target.dimension], shared: true });
  const chainKey = input("chain_key", { dtype: "uint32", shape: [2] });
  const iteration = input("iteration", { dtype: "uint32", shape: [], shared: true });
  const steps = input("steps", { dtype: "int32", shape: [], shared: true });
  const key = foldIn(keyOf(chainKey), iteration);
  const { state, info } = hmcTransition(target, { z, logDensity, g }, { stepSize, inverseMass, steps, key });
  const posterior = prefixed(POSTERIOR, target.values(state.z));
  const statistics = prefixed(STATISTICS, {
    lp: state.logDensity,
    acceptance_rate: info.acceptance,
    diverging: info.isDiverging,
    // The energy of the phase point that was kept, as Stan reports it; E-BFMI is computed from it.
    energy: info.isAccepted.select(info.proposalEnergy, info.energy),
    energy_error: info.logAcceptRatio.neg(),
  });
  const outputs = {
    z: state.z,
    log_density: state.logDensity,
    gradient: state.g,
    proposal_z: info.proposal.z,
    proposal_momentum: info.proposal.m,
    ...posterior,
    ...statistics,
  };
  const declared = [z, logDensity, g, stepSize, inverseMass, chainKey, iteration, steps];
  const recorded = [...Object.keys(posterior), ...Object.keys(statistics), ...(options.recordPosition ? ["z"] : [])];
  return {
    program: program(`${target.name} hmc`, outputs, declared),
    roles: {
      carried: { z: "z", log_density: "log_density", gradient: "gradient" },
      scheduled: ["iteration", "steps"],
      recorded,
    },
  };
}

function prefixed(prefix: string, nodes: Readonly<Record<string, Node>>): Record<string, Node> {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [prefix + name, node.perChain()]));
}
