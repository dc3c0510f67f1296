import type { Precision } from "../draws.ts";
import type { Engine } from "../engine/engine.ts";
import { InitializationError } from "../errors.ts";
import { input } from "../graph/node.ts";
import { program } from "../graph/program.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { byNames } from "../named.ts";
import { foldIn, type Key, key, uniform } from "../random/index.ts";
import { densityProgram } from "../sampler/transition.ts";
import type { BatchFrame } from "./batch.ts";

/** Starting points of a batch, with what a transition carries. Row-major, `[chain, D]` and `[chain]`. */
export interface InitialState {
  readonly z: Float64Array;
  readonly logDensity: Float64Array;
  readonly gradient: Float64Array;
  /** How many starting points were redrawn because their density or gradient was not finite. */
  readonly redrawn: number;
}

/** The transition keys' parent: foldIn(key(seed), chain). */
export function chainKey(seed: string, chain: number): Key {
  return foldIn(key(BigInt(seed)), chain);
}

/** A chain's starting points are drawn with foldIn(chain key, this); the n-th redraw folds in n too. */
const INITIAL_POINT = 2 ** 32 - 1;
const MAX_TRIES = 100;

/**
 * Find a starting point with a finite log density and gradient for each chain, with up to 100 tries a chain where
 * starts are random. Throws an InitializationError that names the chain and the first term that is not finite.
 */
export async function initialize(model: BoundModel, engine: Engine, settings: BatchFrame): Promise<InitialState> {
  const { chains } = settings;
  const dimension = model.dimension;
  const kernel = await engine.compile(densityProgram(model), { precision: settings.precision, chains });
  try {
    const z = new Float64Array(chains * dimension);
    const start = startingPoints(model, settings);
    const random = "uniform" in settings.init;
    let waiting = Array.from({ length: chains }, (_, c) => c);
    let redrawn = 0;
    for (let attempt = 0; ; attempt++) {
      for (const c of waiting) z.set(start(c, attempt), c * dimension);
      kernel.write("z", z);
      await kernel.run(1);
      const logDensity = Float64Array.from(await kernel.read("log_density"));
      const gradient = Float64Array.from(await kernel.read("gradient"));
      waiting = waiting.filter((c) => !isFinitePoint(logDensity, gradient, c, dimension));
      const [first] = waiting;
      if (first === undefined) return { z, logDensity, gradient, redrawn };
      if (!random || attempt + 1 === MAX_TRIES) {
        throw await explain(model, engine, settings, { chain: first, z, gradient, tries: attempt + 1 });
      }
      redrawn += waiting.length;
    }
  } finally {
    kernel.dispose();
  }
}

function isFinitePoint(logDensity: Float64Array, gradient: Float64Array, chain: number, dimension: number): boolean {
  if (!Number.isFinite(logDensity[chain]!)) return false;
  return gradient.subarray(chain * dimension, (chain + 1) * dimension).every(Number.isFinite);
}

/** (chain of the batch, attempt) → z, in the precision of the batch. */
export function startingPoints(
  model: BoundModel,
  settings: BatchFrame,
): (chain: number, attempt: number) => Float64Array {
  const { init, precision } = settings;
  const D = model.dimension;
  if ("value" in init) return () => new Float64Array(D).fill(init.value);
  if ("values" in init) {
    const fixed = model.unconstrain(init.values);
    return () => fixed;
  }
  return (chain, attempt) => {
    const own = settings.firstChain + chain;
    const size = settings.chainsPerSuperchain ?? 1;
    const initialKey = foldIn(chainKey(settings.seed, own - (own % size)), INITIAL_POINT);
    const used = attempt === 0 ? initialKey : foldIn(initialKey, attempt);
    return Float64Array.from(uniform(used, D, { precision, low: -init.uniform, high: init.uniform }));
  };
}

interface FailedPoint {
  readonly chain: number;
  readonly z: Float64Array;
  readonly gradient: Float64Array;
  readonly tries: number;
}

/** Which term, or which coordinate of the gradient, is not finite at a chain's last starting point. */
async function explain(
  model: BoundModel,
  engine: Engine,
  settings: BatchFrame,
  { chain, z, gradient, tries }: FailedPoint,
): Promise<InitializationError> {
  const D = model.dimension;
  const point = z.slice(chain * D, (chain + 1) * D);
  const terms = await termsAt(model, engine, settings.precision, point);
  const term = Object.entries(terms).find(([, value]) => !Number.isFinite(value));
  const coordinate = gradient.subarray(chain * D, (chain + 1) * D).findIndex((x) => !Number.isFinite(x));
  const what =
    term !== undefined
      ? `the ${term[0]} is ${term[1]}`
      : `the derivative with respect to ${model.coordinateNames[coordinate] ?? `coordinate ${coordinate}`} is not finite`;
  const remedy = await remedyAt(model, engine, settings.precision, point);
  const where = "uniform" in settings.init ? `at each of ${tries} starting points` : "at its starting point";
  return new InitializationError(
    `Chain ${settings.firstChain + chain}: the log density of ${model.name} or its gradient is not finite ${where}; ` +
      `at the last one ${what}. ${remedy}`,
  );
}

const START_ELSEWHERE = "init: { value: 0 } or init: { values: … }, or narrow init: { uniform: … }.";

/** Numbers beyond float32 are no fault of a term. */
async function remedyAt(model: BoundModel, engine: Engine, precision: Precision, z: Float64Array): Promise<string> {
  const probe = await engine.probe();
  const hasMore = probe.available && (probe.precisions?.includes("float64") ?? true);
  if (precision === "float32" && hasMore) {
    const kernel = await engine.compile(densityProgram(model), { precision: "float64", chains: 1 });
    kernel.write("z", z);
    await kernel.run(1);
    const logDensity = Float64Array.from(await kernel.read("log_density"));
    const gradient = Float64Array.from(await kernel.read("gradient"));
    kernel.dispose();
    if (isFinitePoint(logDensity, gradient, 0, model.dimension))
      return `In float64 both are finite there: set precision: float64. Or start elsewhere with ${START_ELSEWHERE}`;
  }
  return `Check that term of the model and its data, start elsewhere with ${START_ELSEWHERE}`;
}

async function termsAt(
  model: BoundModel,
  engine: Engine,
  precision: Precision,
  point: Float64Array,
): Promise<Readonly<Record<string, number>>> {
  const z = input("z", { dtype: "float", shape: [model.dimension] });
  const kernel = await engine.compile(program(`${model.name} terms`, model.terms(z), [z]), { precision, chains: 1 });
  kernel.write("z", point);
  await kernel.run(1);
  const values: Record<string, number> = byNames();
  for (const name of Object.keys(model.terms(z))) values[name] = (await kernel.read(name))[0]!;
  kernel.dispose();
  return values;
}
