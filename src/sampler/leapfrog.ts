import { valueAndGradient } from "../graph/autodiff.ts";
import type { Node } from "../graph/node.ts";
import type { Evaluation, Target } from "./target.ts";

/**
 * The leapfrog integrator [Neal 2011, §2.3; Sountsov et al. 2024], as nodes.
 *
 * z position, m momentum, g = ∇ log p(z), ε step size, v = M⁻¹ m velocity (M diagonal).
 */
export interface PhasePoint {
  readonly z: Node;
  readonly m: Node;
  readonly g: Node;
}

/** A phase point with its log density. */
export interface EvaluatedPoint extends PhasePoint {
  readonly logDensity: Node;
}

/** What all steps of a trajectory share: ε, a scalar, and the diagonal of M⁻¹, `[D]`. */
export interface Integrator {
  readonly stepSize: Node;
  readonly inverseMass: Node;
}

export function evaluate(target: Target, z: Node): Evaluation {
  const { value, gradient } = valueAndGradient(target.logDensity(z), [z]);
  return { logDensity: value, gradient: gradient[0]! };
}

/** One step: half a kick, a drift, a new gradient, half a kick. Costs one gradient. */
export function leapfrogStep(
  target: Target,
  { z, m, g }: PhasePoint,
  { stepSize, inverseMass }: Integrator,
): EvaluatedPoint {
  const half = stepSize.mul(0.5);
  const kicked = m.add(half.mul(g));
  const moved = z.add(stepSize.mul(inverseMass.mul(kicked)));
  const { logDensity, gradient } = evaluate(target, moved);
  return { z: moved, m: kicked.add(half.mul(gradient)), g: gradient, logDensity };
}
