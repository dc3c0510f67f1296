import { exp, inversePower, log } from "./numbers.ts";

/**
 * The trajectory length T of ChEES-HMC [HRS21: Hoffman, Radul, Sountsov 2021]: log T climbs the gradient of the
 * change in the estimator of the expected square, averaged over a batch's chains, by Adam.
 *
 * Departures. The cut at a_c > 1e−4 keeps out chains whose gradient is all weight and no signal. BlackJAX has no such
 * cut, and feeds the averaged T back into Adam; here Adam goes on from the raw log T and the average runs beside it.
 * Warm-up climbs another criterion by the same rule (`climb`): see `snaper.ts`.
 */
export interface TrajectoryLength {
  /** Updates so far [t]; an iteration without a usable chain is none. */
  readonly t: number;
  /** log T, the trajectory length of the next transition before jitter. */
  readonly logLength: number;
  /** Average of log T with weights t^−½; log T₀ before the first update. */
  readonly logLengthAverage: number;
  /** Adam's running mean of g² [ν]. */
  readonly secondMoment: number;
}

/** One transition of every chain of a batch, as the update reads it. Numbers may be float32 or float64. */
export interface BatchTransition {
  /** z_c, the states that the transition began at, `[chain, D]`. */
  readonly starts: ArrayLike<number>;
  /** z′_c, the proposals, accepted or not, `[chain, D]`. */
  readonly proposals: ArrayLike<number>;
  /** The momenta at the trajectories' ends, **not** flipped, `[chain, D]`. */
  readonly endMomenta: ArrayLike<number>;
  /** a_c = min(1, e^{H − H′}), `[chain]`. */
  readonly acceptance: ArrayLike<number>;
  /** Whether the transition diverged, `[chain]` (a number other than 0: it did). */
  readonly isDiverging: ArrayLike<boolean | number>;
  /** The diagonal of M⁻¹ that the transition used, `[D]`. */
  readonly inverseMass: ArrayLike<number>;
  /** h_t of the iteration. */
  readonly jitter: number;
  /** T of the iteration, before jitter. */
  readonly length: number;
}

/** The gradient of the criterion in log T. */
export interface CheesGradient {
  /** g; 0 where no chain is used, NaN where a used chain's values are not finite. */
  readonly gradient: number;
  /** How many chains it is made of. */
  readonly usedChains: number;
}

/** Adam's settings, with β₁ = 0. */
export interface TrajectoryOptions {
  /** Adam's learning rate; 0.025. */
  readonly rate?: number;
  /** β₂, how slowly ν forgets; 0.95. */
  readonly beta2?: number;
  /** The largest change of log T in one update; 0.35 (at rate 0.025 it never binds). */
  readonly clip?: number;
  /** The acceptance that a chain must exceed to count; 1e−4. */
  readonly cut?: number;
}

/** Keeps Adam's quotient finite [Kingma, Ba 2015]. */
const ADAM_EPSILON = 1e-8;

const DEFAULT_CUT = 1e-4;

/** The state before the first update. @param length T₀ > 0 */
export function init(length: number): TrajectoryLength {
  const logLength = log(length);
  return { t: 0, logLength, logLengthAverage: logLength, secondMoment: 0 };
}

/** T of the next transition of warm-up. */
export function trajectoryLength(state: TrajectoryLength): number {
  return exp(state.logLength);
}

/** T̄, the trajectory length to keep after warm-up. */
export function averagedTrajectoryLength(state: TrajectoryLength): number {
  return exp(state.logLengthAverage);
}

/** The state after one transition of the batch; the same state where it says nothing (no usable chain, or g not finite). */
export function update(
  state: TrajectoryLength,
  transition: BatchTransition,
  options: TrajectoryOptions = {},
): TrajectoryLength {
  const { gradient, usedChains } = cheesGradient(transition, options.cut);
  return usedChains === 0 ? state : climb(state, gradient, options);
}

/**
 * One step of Adam with β₁ = 0 up the gradient g, and the iterate average. A g that is not finite, or whose square is
 * not, changes nothing: ν would never forget it.
 */
export function climb(state: TrajectoryLength, g: number, options: TrajectoryOptions = {}): TrajectoryLength {
  if (!Number.isFinite(g * g)) return state;
  const { rate = 0.025, beta2 = 0.95, clip = 0.35 } = options;
  const t = state.t + 1;
  const secondMoment = beta2 * state.secondMoment + (1 - beta2) * g * g;
  const unbiased = secondMoment / (1 - integerPower(beta2, t));
  const change = (rate * g) / (Math.sqrt(unbiased) + ADAM_EPSILON);
  const logLength = state.logLength + Math.min(Math.max(change, -clip), clip);
  const logLengthAverage = averageIterate(state.logLengthAverage, logLength, t);
  return { t, logLength, logLengthAverage, secondMoment };
}

/** The state with its present T, not its average, brought between two lengths. */
export function bounded(state: TrajectoryLength, least: number, most: number): TrajectoryLength {
  const logLength = Math.min(Math.max(state.logLength, log(least)), log(most));
  return logLength === state.logLength ? state : { ...state, logLength };
}

/** x̄ ← t^−½ x + (1 − t^−½) x̄, the average over iterates; t counts from 1, and the first x replaces x̄. */
export function averageIterate(average: number, x: number, t: number): number {
  const weight = inversePower(t, 0.5);
  return weight * x + (1 - weight) * average;
}

/** xⁿ for an integer n ≥ 0, by repeated squaring. */
function integerPower(x: number, n: number): number {
  let power = 1;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}

/**
 * g = Σ a_c g_c / Σ a_c over the chains that do not diverge and have a_c above the cut, in chain order, with
 * g_c = h T (‖z′_c − m′‖² − ‖z_c − m‖²) ⟨z′_c − m′, v′_c⟩ in the metric's scale: lengths are divided by √M⁻¹ᵢ, and
 * so is the velocity v′ = M⁻¹p′, which leaves ⟨z′_c − m′, p′_c⟩ for the product. m is the mean of the starts of all
 * chains, m′ the mean of the proposals of the chains that do not diverge, weighted with a_c.
 */
export function cheesGradient(transition: BatchTransition, cut: number = DEFAULT_CUT): CheesGradient {
  const { acceptance, jitter, length } = transition;
  const startMean = weightedMean(transition, transition.starts, () => 1);
  const proposalMean = weightedMean(transition, transition.proposals, (c) => weightOf(transition, c));
  let weighted = 0;
  let total = 0;
  let usedChains = 0;
  for (let c = 0; c < acceptance.length; c++) {
    const a = weightOf(transition, c);
    if (!(a > cut)) continue;
    usedChains++;
    total += a;
    weighted += a * chainTerm(transition, c, startMean, proposalMean);
  }
  return { gradient: usedChains === 0 ? 0 : (jitter * length * weighted) / total, usedChains };
}

/** a_c; 0 for a chain that diverged or whose value is no number. */
function weightOf(transition: BatchTransition, chain: number): number {
  const a = transition.acceptance[chain]!;
  return !transition.isDiverging[chain] && a > 0 ? a : 0;
}

/** The mean over chains of `[chain, D]` values; a chain of weight 0 is not read, its values may be NaN. */
function weightedMean(
  transition: BatchTransition,
  values: ArrayLike<number>,
  weight: (chain: number) => number,
): Float64Array {
  const dimension = transition.inverseMass.length;
  const sum = new Float64Array(dimension);
  let total = 0;
  for (let c = 0; c < transition.acceptance.length; c++) {
    const w = weight(c);
    if (w === 0) continue;
    total += w;
    for (let i = 0; i < dimension; i++) sum[i]! += w * values[c * dimension + i]!;
  }
  return sum.map((s) => s / total);
}

/** g_c without the factor h T. */
function chainTerm(
  transition: BatchTransition,
  chain: number,
  startMean: Float64Array,
  proposalMean: Float64Array,
): number {
  const { starts, proposals, endMomenta, inverseMass } = transition;
  const dimension = inverseMass.length;
  let change = 0;
  let product = 0;
  for (let i = 0; i < dimension; i++) {
    const at = chain * dimension + i;
    const before = starts[at]! - startMean[i]!;
    const after = proposals[at]! - proposalMean[i]!;
    change += (after * after - before * before) / inverseMass[i]!;
    product += after * endMomenta[at]!;
  }
  return change * product;
}
