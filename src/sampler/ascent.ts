/**
 * Climbs a log density by L-BFGS [Liu and Nocedal 1989] with backtracking, a proposal at a time, so that many climbs can share
 * the calls of one kernel. Only + − × ÷ √ in a fixed order: the same points on every machine.
 */

/** A point with what was evaluated there. */
export interface Climbed {
  readonly z: Float64Array;
  readonly logDensity: number;
}

/** Pairs of steps and gradient differences that are kept. */
const MEMORY = 8;
/** A step must gain this share of what the slope promises [Nocedal and Wright 2006, eq. 3.4]. */
const SUFFICIENT = 1e-4;
const SHORTER = 0.3;
/** Shorter steps than this share of the first say that there is no way up. */
const SHORTEST = 1e-12;
/** A climb ends when this many steps in a row gain less than `LITTLE`. */
const PATIENCE = 3;
const LITTLE = 0.01;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** One climb. Ask `proposal`, evaluate it, and tell; until `isDone`. */
export class Ascent {
  /** Where it stands, and the places where it stood, the last first. */
  readonly path: Climbed[] = [];
  proposal: Float64Array;
  isDone = false;
  /** How far in z the log density is about as high as here, as the last step told. */
  scale = 1;
  private gradient: Float64Array = new Float64Array();
  private direction: Float64Array = new Float64Array();
  private slope = 0;
  private length = 1;
  private pairs: Pair[] = [];
  private idle = 0;

  constructor(start: Float64Array) {
    this.proposal = start;
  }

  /** What the proposal's log density and gradient `[D]` are. */
  tell(logDensity: number, gradient: Float64Array): void {
    const [here] = this.path;
    if (this.isDone) return;
    const isSound = Number.isFinite(logDensity) && gradient.every(Number.isFinite);
    if (here === undefined) {
      this.isDone = !isSound;
      if (isSound) this.accept(logDensity, gradient);
      return;
    }
    if (isSound && logDensity >= here.logDensity + SUFFICIENT * this.length * this.slope) {
      const gained = logDensity - here.logDensity;
      this.remember(here.z, gradient);
      this.idle = gained < LITTLE ? this.idle + 1 : 0;
      this.accept(logDensity, gradient);
      if (this.idle >= PATIENCE) this.isDone = true;
      return;
    }
    this.length *= SHORTER;
    if (this.length < SHORTEST) this.isDone = true;
    else this.propose(here.z);
  }

  private accept(logDensity: number, gradient: Float64Array): void {
    this.path.unshift({ z: this.proposal, logDensity });
    this.gradient = gradient;
    this.direction = this.uphill();
    this.slope = dot(this.direction, gradient);
    if (!(this.slope > 0)) {
      this.pairs = [];
      this.direction = gradient;
      this.slope = dot(gradient, gradient);
    }
    // Nothing is known of the curvature at first: one unit of z is the scale of starting points.
    this.length = this.pairs.length > 0 ? 1 : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
    if (this.slope === 0) this.isDone = true;
    else this.propose(this.proposal);
  }

  private propose(from: Float64Array): void {
    this.proposal = from.map((x, d) => x + this.length * this.direction[d]!);
  }

  private remember(before: Float64Array, gradient: Float64Array): void {
    const step = this.proposal.map((x, d) => x - before[d]!);
    // Of the negative log density, which is what has positive curvature.
    const change = this.gradient.map((g, d) => g - gradient[d]!);
    const curvature = dot(step, change);
    if (!(curvature > 0)) return;
    this.scale = Math.sqrt(curvature / dot(change, change));
    this.pairs = [{ step, change, curvature }, ...this.pairs].slice(0, MEMORY);
  }

  /** The two-loop recursion [Nocedal and Wright 2006, alg. 7.4]. */
  private uphill(): Float64Array {
    let q = this.gradient;
    const shares = this.pairs.map(({ step, change, curvature }) => {
      const share = dot(step, q) / curvature;
      q = q.map((x, d) => x - share * change[d]!);
      return share;
    });
    const [last] = this.pairs;
    if (last !== undefined) {
      const scale = last.curvature / dot(last.change, last.change);
      q = q.map((x) => scale * x);
    }
    for (let i = this.pairs.length - 1; i >= 0; i--) {
      const { step, change, curvature } = this.pairs[i]!;
      const rest = shares[i]! - dot(change, q) / curvature;
      q = q.map((x, d) => x + rest * step[d]!);
    }
    return q;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
