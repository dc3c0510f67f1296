/**
 * Whether float32 fits a model's log density, found before a run by evaluating it in both precisions: at starting points of
 * the run, and, where these are so far out that their rounding says little, near the top of the posterior. A function of the
 * model, its data and the settings alone: `wasm` has the same bits everywhere.
 */
import type { BatchSettings } from "../chain/batch.ts";
import { startingPoints } from "../chain/initialize.ts";
import type { Precision } from "../draws.ts";
import { operationsOf } from "../engine/auto/operations.ts";
import type { Engine, Kernel } from "../engine/engine.ts";
import { createEngine } from "../engine/registry.ts";
import { input } from "../graph/node.ts";
import { program } from "../graph/program.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { foldIn, key, uniform } from "../random/index.ts";
import { Ascent, type Climbed } from "../sampler/ascent.ts";
import { densityProgram } from "../sampler/transition.ts";
import { type BothPrecisions, createQuickLook } from "./quickLook.ts";

/** Starting points that are looked at, and how many of them climb. */
const STARTS = 16;
const CLIMBS = 4;
/** Beyond this share of a log density it has broken down. */
const BREAKDOWN = 1e-3;
/** Of a log density that is worth a look at more than one starting point. */
const FEW_OPERATIONS = 10_000;
/** Starting points that are looked at first, beside two ends of their range. */
const GLANCES = 2;
/** Less than half a float32 step, relative to a number. */
const HALF_STEP = 2 ** -25;
/** As often a chain's starting point is drawn again here. */
const TRIES = 5;
/** The last places of each climb. */
const PLACES = 8;
/** Evaluations of a climb: at most, at least, and as many as this number of operations allows. */
const MOST_ROUNDS = 200;
const LEAST_ROUNDS = 40;
const OPERATIONS = 1e9;
/** Points about the top of a climb: in so many directions, at these shares of its scale. */
const DIRECTIONS = 3;
const DISTANCES = [2, 1 / 2, 1 / 8, 1 / 32, 1 / 128];
/** Half of what the gate `precision` allows by default: the posterior has worse places than those that are looked at. */
const MOST_ERROR = 0.05;
/** Of the way up: so much may a starting point's log density err, for a chain to find the way. */
const MOST_SHARE = 0.01;

/** Why float32 does not fit; undefined where it does. */
export async function misfitOf(model: BoundModel, settings: BatchSettings): Promise<string | undefined> {
  if (fitsAtOnce(model, settings)) return undefined;
  const look = new Look(model, await createEngine("wasm"));
  try {
    const starts = await look.starts(settings);
    // Where no start is found the run says so, and what to do.
    if (starts.length === 0) return undefined;
    const near = await look.rounded(starts);
    if (errorOf(near) <= MOST_ERROR) return undefined;
    return await misfitFarOut(look, near);
  } finally {
    look.dispose();
  }
}

/** Whether float32 is so good at starting points that there is no need to look further. */
function fitsAtOnce(model: BoundModel, settings: BatchSettings): boolean {
  const start = placesOf(model, settings);
  const { init } = settings;
  const look = createQuickLook(model);
  if (look === undefined) return false;
  const isShort = look.operations <= FEW_OPERATIONS;
  const inside = chainsOf(settings)
    .slice(0, isShort ? GLANCES : 1)
    .map((chain) => look.at(start(chain, 0)))
    .filter(({ exact }) => Number.isFinite(exact));
  if (inside.length === 0 || !(errorOf(inside) <= MOST_ERROR)) return false;
  // Where scales are largest or smallest all at once, matrices are singular if they can be; those that are data are not.
  const ends = "uniform" in init && isShort ? [-init.uniform, init.uniform] : [];
  const far = ends.map((end) => look.at(new Float64Array(model.dimension).fill(end)));
  return far.every((each) => !Number.isFinite(each.exact) || isSound(each));
}

/** Whether a log density is about right, wherever it is. */
function isSound({ exact, found }: BothPrecisions): boolean {
  return Math.abs(found - exact) <= BREAKDOWN * Math.max(1, Math.abs(exact));
}

/**
 * Where chains start, in float32. Where all start at one point, the other place is about half a float32 step from it: of a point
 * alone nobody would see that its neighbours are the same.
 */
function placesOf(model: BoundModel, settings: BatchSettings): (chain: number, attempt: number) => Float64Array {
  const start = startingPoints(model, { ...settings, precision: "float32" });
  if ("uniform" in settings.init) return start;
  return (chain, attempt) => start(chain, attempt).map((x) => (chain === 0 ? x : x * (1 + HALF_STEP)));
}

/** Chains whose starting points are looked at, spread evenly over the batch. */
function chainsOf({ init, chains }: BatchSettings): number[] {
  if (!("uniform" in init)) return [0, 1];
  const count = Math.min(chains, STARTS);
  return Array.from({ length: count }, (_, i) => Math.floor((i * chains) / count));
}

async function misfitFarOut(look: Look, starts: readonly Rounded[]): Promise<string | undefined> {
  // The run would find no start.
  if (starts.every(({ found }) => !Number.isFinite(found))) return atStart(starts[0]!);
  const places = await look.rounded(await look.nearTop(starts));
  const top = places.reduce((most, { exact }) => Math.max(most, exact), Number.NEGATIVE_INFINITY);
  // One that is not finite in float32 is drawn again by the run.
  const lost = starts.find(
    ({ exact, found }) =>
      Math.abs(found - exact) > MOST_SHARE * (top - exact + look.dimension) && Number.isFinite(found),
  );
  if (lost !== undefined) return atStart(lost);
  // A climb that did not come near the others' top is a mode of its own, or not at its end.
  const reached = places.filter(({ exact }) => exact > top - look.dimension - 10);
  const error = errorOf(reached);
  if (error <= MOST_ERROR) return undefined;
  return `in float32 differences of log densities err by ${short(error)} near the posterior's top, where it is ${short(top)}`;
}

/** A point's log density in float64, and what float32 makes of it, which knows the point itself in float32 only. */
type Rounded = Climbed & BothPrecisions;

/** Of a difference of two of the log densities, root mean square; of one alone the error itself. */
function errorOf(states: readonly BothPrecisions[]): number {
  const errors = states.map(({ exact, found }) => found - exact);
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  if (errors.length === 1) return Math.abs(mean);
  return Math.sqrt((2 * errors.reduce((sum, e) => sum + (e - mean) ** 2, 0)) / (errors.length - 1));
}

/** The kernels that look; each is compiled when it is asked for first. */
class Look {
  private readonly model: BoundModel;
  private readonly engine: Engine;
  private readonly values = new Map<Precision, Promise<Kernel>>();

  constructor(model: BoundModel, engine: Engine) {
    this.model = model;
    this.engine = engine;
  }

  get dimension(): number {
    return this.model.dimension;
  }

  /** Points where chains start, whose log density is finite. */
  async starts(settings: BatchSettings): Promise<Climbed[]> {
    const start = placesOf(this.model, settings);
    const found: Climbed[] = [];
    let waiting = chainsOf(settings);
    for (let attempt = 0; attempt < TRIES && waiting.length > 0; attempt++) {
      const points = waiting.map((chain) => start(chain, attempt));
      const densities = await this.densities("float64", points);
      waiting = waiting.filter((_, i) => {
        const isFound = Number.isFinite(densities[i]!);
        if (isFound) found.push({ z: points[i]!, logDensity: densities[i]! });
        return !isFound;
      });
    }
    return found;
  }

  /** The same points in float32. */
  async rounded(points: readonly Climbed[]): Promise<Rounded[]> {
    const densities = await this.densities(
      "float32",
      points.map(({ z }) => z),
    );
    return points.map((point, i) => ({ ...point, exact: point.logDensity, found: densities[i]! }));
  }

  private async densities(precision: Precision, points: readonly Float64Array[]): Promise<number[]> {
    const kernel = await this.valueKernel(precision);
    const all: number[] = [];
    for (let first = 0; first < points.length; first += STARTS) {
      const z = new Float64Array(STARTS * this.dimension);
      const some = points.slice(first, first + STARTS);
      some.forEach((point, i) => {
        z.set(point, i * this.dimension);
      });
      kernel.write("z", z);
      await kernel.run(1);
      all.push(...(await kernel.read("log_density")).subarray(0, some.length));
    }
    return all;
  }

  private valueKernel(precision: Precision): Promise<Kernel> {
    const known = this.values.get(precision);
    if (known !== undefined) return known;
    const z = input("z", { dtype: "float", shape: [this.dimension] });
    const outputs = { log_density: this.model.logDensity(z).perChain() };
    const kernel = this.engine.compile(program(`${this.model.name} value`, outputs, [z]), {
      precision,
      chains: STARTS,
    });
    this.values.set(precision, kernel);
    return kernel;
  }

  /** The places that some of the points come to on their way to the posterior's top, and others about the highest. */
  async nearTop(starts: readonly Climbed[]): Promise<Climbed[]> {
    const climbs = await this.climb(starts);
    const about = climbs.flatMap(({ path: [top], scale }) => (top === undefined ? [] : neighbours(top.z, scale)));
    const densities = await this.densities("float64", about);
    const found = about.map((z, i) => ({ z, logDensity: densities[i]! }));
    return [...climbs.flatMap(({ path }) => path.slice(0, PLACES)), ...found];
  }

  private async climb(starts: readonly Climbed[]): Promise<Ascent[]> {
    const density = densityProgram(this.model);
    const climbs = starts.slice(0, CLIMBS).map(({ z }) => new Ascent(z));
    const rounds = Math.floor(OPERATIONS / (climbs.length * operationsOf(density)));
    const kernel = await this.engine.compile(density, { precision: "float64", chains: climbs.length });
    const D = this.dimension;
    try {
      for (let round = 0; round < Math.max(LEAST_ROUNDS, Math.min(rounds, MOST_ROUNDS)); round++) {
        if (climbs.every(({ isDone }) => isDone)) break;
        kernel.write("z", Float64Array.from(climbs.flatMap(({ proposal }) => [...proposal])));
        await kernel.run(1);
        const [values, gradients] = [await kernel.read("log_density"), await kernel.read("gradient")];
        climbs.forEach((climb, c) => {
          climb.tell(values[c]!, Float64Array.from(gradients.subarray(c * D, (c + 1) * D)));
        });
      }
    } finally {
      kernel.dispose();
    }
    return climbs;
  }

  dispose(): void {
    for (const kernel of this.values.values())
      kernel.then(
        (made) => made.dispose(),
        () => undefined,
      );
  }
}

/** Points about a place, in some directions, nearer and nearer: those that lie too far out are passed over. */
function neighbours(place: Float64Array, scale: number): Float64Array[] {
  return Array.from({ length: DIRECTIONS }, (_, nth) => {
    const direction = uniform(foldIn(key(0n), nth), place.length, { low: -1, high: 1 });
    return DISTANCES.map((distance) => place.map((x, d) => x + distance * scale * direction[d]!));
  }).flat();
}

/** To so many digits that the two can be told apart. */
function atStart({ exact, found }: BothPrecisions): string {
  const digits = [3, 6, 9, 12].find((each) => short(exact, each) !== short(found, each));
  return `at a starting point the log density is ${short(exact, digits)}, and ${short(found, digits)} in float32`;
}

function short(value: number, digits = 3): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : "not finite";
}
