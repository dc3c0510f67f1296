import type { BatchTransition } from "./chees.ts";

/**
 * The criterion that the trajectory length climbs: ChEES along one direction, the one in which the chains move slowest
 * for their spread [SH21: Sountsov, Hoffman 2021, arXiv 2110.11576, "SNAPER"]. It is the principal component of the
 * draws in the metric's scale, xᵢ = zᵢ/√M⁻¹ᵢ, found by Oja's rule from each iteration's chains.
 *
 * Departures. C/T^γ is climbed, between C (which pays nothing for a trajectory) and their C/T (which stops short of slow
 * directions); by the slope of its logarithm, so that it has no scale: the slopes of a start far from the posterior, 10¹²
 * times as large, would be all that Adam's ν remembers. The mean of the starts is weighted like that of the proposals,
 * since a chain that is stuck would shift one of them alone.
 */
export interface PrincipalComponent {
  /** The direction, a unit vector, `[D]`. */
  readonly direction: Float64Array;
  /** About how many iterations it is an average of. */
  readonly points: number;
  /** Standard deviation of the chains along it, in the metric's scale, at the last iteration. */
  readonly spread: number;
}

/** The direction is an average over about the last eighth of the iterations. */
const MEMORY = 8;

/** A slope is cut to ± this: where trajectories happen to end at their starts' distance, C and log C say nothing. */
const STEEPEST = 4;

/** Equal parts of each dimension. */
export function init(dimension: number): PrincipalComponent {
  return { direction: new Float64Array(dimension).fill(1 / Math.sqrt(dimension)), points: 1, spread: 1 };
}

/**
 * Oja's rule for a batch: the direction moves towards Σ_c ⟨x_c, p⟩ x_c, with x the deviations from the chains' mean.
 * Where all chains are at one point it stays.
 *
 * @param positions z, `[chain, D]`
 * @param inverseMass the diagonal of M⁻¹, `[D]`
 * @param iteration counts from 0
 */
export function update(
  state: PrincipalComponent,
  positions: ArrayLike<number>,
  inverseMass: ArrayLike<number>,
  iteration: number,
): PrincipalComponent {
  const { direction } = state;
  const scale = rootsOf(inverseMass).map((r) => 1 / r);
  const deviations = centred(positions, direction.length);
  const along = project(deviations, direction, scale);
  const turned = weightedSum(deviations, along, direction.length).map((sum, i) => sum * scale[i]!);
  const norm = normOf(turned);
  if (!(norm > 0 && norm < Number.POSITIVE_INFINITY)) return state;
  const points = Math.min(state.points + 1, Math.max(1, iteration / MEMORY));
  const share = 1 / (points + 1);
  const moved = direction.map((p, i) => p + (turned[i]! / norm - p) * share);
  const length = normOf(moved);
  const spread = normOf(along) / Math.sqrt(Math.max(along.length - 1, 1));
  return length > 0 ? { direction: moved.map((p) => p / length), points, spread } : state;
}

/**
 * d log C / d log T of the criterion C = ¼ Σ a_c Δ_c² / Σ a_c with Δ_c = ⟨x′_c − m′, p⟩² − ⟨x_c − m, p⟩², over the
 * chains that do not diverge and have a_c above the cut: τ Σ a Δ ⟨x′ − m′, p⟩⟨v′, p⟩ / ¼ Σ a Δ². Near 2 while trajectories
 * are short for the direction, 0 where C is largest; cut to ±4. NaN where no chain is used or none has moved.
 *
 * @param transition its `jitter` and `length` are not read
 * @param direction p, a unit vector, `[D]`
 * @param time τ = ε·L, how long the trajectories were
 */
export function logSlope(
  transition: BatchTransition,
  direction: ArrayLike<number>,
  time: number,
  cut: number = 1e-4,
): number {
  const { acceptance, isDiverging, inverseMass } = transition;
  const root = rootsOf(inverseMass);
  const scale = root.map((r) => 1 / r);
  const before = project(transition.starts, direction, scale);
  const after = project(transition.proposals, direction, scale);
  const velocity = project(transition.endMomenta, direction, root);
  const weights = Float64Array.from(acceptance);
  for (let c = 0; c < weights.length; c++) if (isDiverging[c] || !(weights[c]! > 0)) weights[c] = 0;
  const [m, mPrime] = [weightedMean(before, weights), weightedMean(after, weights)];
  let slope = 0;
  let criterion = 0;
  for (let c = 0; c < weights.length; c++) {
    const a = weights[c]!;
    if (!(a > cut)) continue;
    const end = after[c]! - mPrime;
    const change = end * end - (before[c]! - m) * (before[c]! - m);
    slope += a * change * end * velocity[c]!;
    criterion += a * 0.25 * change * change;
  }
  return criterion > 0 ? Math.min(Math.max((time * slope) / criterion, -STEEPEST), STEEPEST) : Number.NaN;
}

/** Σᵢ valuesᵢ scaleᵢ pᵢ of each chain. */
function project(values: ArrayLike<number>, direction: ArrayLike<number>, scale: ArrayLike<number>): Float64Array {
  const dimension = direction.length;
  const result = new Float64Array(values.length / dimension);
  for (let c = 0; c < result.length; c++) {
    let sum = 0;
    for (let i = 0; i < dimension; i++) sum += values[c * dimension + i]! * scale[i]! * direction[i]!;
    result[c] = sum;
  }
  return result;
}

/** Σ_c weights_c values_c, over the chains in their order, `[D]`. */
function weightedSum(values: ArrayLike<number>, weights: Float64Array, dimension: number): Float64Array {
  const sums = new Float64Array(dimension);
  for (let c = 0, at = 0; c < weights.length; c++) {
    const weight = weights[c]!;
    for (let i = 0; i < dimension; i++, at++) sums[i]! += weight * values[at]!;
  }
  return sums;
}

/** Each chain's deviation from the mean over the chains, `[chain, D]`. */
function centred(positions: ArrayLike<number>, dimension: number): Float64Array {
  const chains = positions.length / dimension;
  const mean = weightedSum(positions, new Float64Array(chains).fill(1), dimension).map((sum) => sum / chains);
  const deviations = new Float64Array(positions.length);
  for (let c = 0, at = 0; c < chains; c++) {
    for (let i = 0; i < dimension; i++, at++) deviations[at] = positions[at]! - mean[i]!;
  }
  return deviations;
}

/** A value of weight 0 is not read, it may be NaN. */
function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let c = 0; c < weights.length; c++) {
    const w = weights[c]!;
    if (w === 0) continue;
    sum += w * values[c]!;
    total += w;
  }
  return sum / total;
}

function normOf(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return Math.sqrt(sum);
}

function rootsOf(values: ArrayLike<number>): Float64Array {
  const roots = Float64Array.from(values);
  for (let i = 0; i < roots.length; i++) roots[i] = Math.sqrt(roots[i]!);
  return roots;
}
