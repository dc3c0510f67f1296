import { loop, type Node } from "../graph/node.ts";
import { type KeyNodes, normal, split, uniform } from "../random/program.ts";
import { type EvaluatedPoint, type Integrator, leapfrogStep } from "./leapfrog.ts";
import type { Target } from "./target.ts";

/**
 * One transition of Hamiltonian Monte Carlo [Neal 2011, Fig. 2; Sountsov et al. 2024, `hmc_step`], as nodes.
 *
 * z position, m momentum, g = ∇ log p(z), H = ½ mᵀM⁻¹m − log p(z) energy, ε step size, L steps; a prime marks the end
 * of the trajectory.
 */

/** A chain's state: carried from transition to transition, so that a step costs one gradient. */
export interface HmcState {
  readonly z: Node;
  readonly logDensity: Node;
  readonly g: Node;
}

export interface HmcTransition {
  readonly state: HmcState;
  readonly info: HmcInfo;
}

/** What a transition tells besides the new state; all per chain. */
export interface HmcInfo {
  readonly isAccepted: Node;
  /** H − H′; what it is where H′ is not finite depends on how it failed. */
  readonly logAcceptRatio: Node;
  /** min(1, e^{H − H′}); 0 for a divergence that is not finite. */
  readonly acceptance: Node;
  /** H′ is not finite, or H′ − H > 1000. */
  readonly isDiverging: Node;
  /** H before, and H′. */
  readonly energy: Node;
  readonly proposalEnergy: Node;
  /** The momentum that was drawn, `[D]`. */
  readonly momentum: Node;
  /** The trajectory's end: momentum not flipped. */
  readonly proposal: EvaluatedPoint;
}

/** Beyond this error in energy a trajectory counts as divergent (one-sided, as in Stan, NumPyro and BlackJAX). */
const DIVERGENCE_THRESHOLD = 1000;

/** What a transition needs besides the state. */
export interface HmcSettings extends Integrator {
  /** L ≥ 1, a shared int32 scalar. */
  readonly steps: Node;
  /** The transition's key; split into (momentum key, acceptance key), in that order. */
  readonly key: KeyNodes;
  /** The momentum, `[D]`, where it is not to be drawn. */
  readonly momentum?: Node;
}

export function hmcTransition(target: Target, state: HmcState, settings: HmcSettings): HmcTransition {
  const { inverseMass } = settings;
  const [momentumKey, acceptanceKey] = split(settings.key) as [KeyNodes, KeyNodes];
  const momentum = settings.momentum ?? normal(momentumKey, target.dimension).div(inverseMass.sqrt());
  const energy = hamiltonian(state.logDensity, momentum, inverseMass);
  const proposal = integrate(target, { ...state, m: momentum }, settings);
  const proposalEnergy = hamiltonian(proposal.logDensity, proposal.m, inverseMass);
  const logAcceptRatio = energy.sub(proposalEnergy);
  const finite = proposalEnergy.isFinite();
  const isDiverging = finite.not().or(logAcceptRatio.lt(-DIVERGENCE_THRESHOLD));
  const u = uniform(acceptanceKey, 1).at(0);
  const isAccepted = u.log().lt(logAcceptRatio).and(isDiverging.not());
  const acceptance = finite.select(logAcceptRatio.min(0), Number.NEGATIVE_INFINITY).exp();
  return {
    state: {
      z: isAccepted.select(proposal.z, state.z),
      logDensity: isAccepted.select(proposal.logDensity, state.logDensity),
      g: isAccepted.select(proposal.g, state.g),
    },
    info: { isAccepted, logAcceptRatio, acceptance, isDiverging, energy, proposalEnergy, momentum, proposal },
  };
}

/** H = ½ mᵀM⁻¹m − log p(z). */
function hamiltonian(logDensity: Node, m: Node, inverseMass: Node): Node {
  return m.mul(inverseMass.mul(m)).sum().mul(0.5).sub(logDensity);
}

/**
 * L leapfrog steps. The first L − 1 need no log density, so the last stands outside of the loop: a program has two
 * gradient sites, and only one of them pays for log p.
 */
function integrate(target: Target, start: HmcState & { readonly m: Node }, settings: HmcSettings): EvaluatedPoint {
  const { z, m, g } = loop(settings.steps.sub(1), { z: start.z, m: start.m, g: start.g }, (point) => {
    const next = leapfrogStep(target, point, settings);
    return { z: next.z, m: next.m, g: next.g };
  });
  return leapfrogStep(target, { z, m, g }, settings);
}
