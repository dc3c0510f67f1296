import type { Numbers, Precision } from "../../../src/draws.ts";
import type { Engine, Recorded } from "../../../src/engine/engine.ts";
import { bind } from "../../../src/model/bind.ts";
import { sparseLogisticRegression } from "../../../src/models/sparseLogisticRegression.ts";
import { densityProgram, hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";

const { data, names } = breastCancer();
const model = bind(sparseLogisticRegression.create({}), { data, coordinates: { feature: names } });
const { program: transition, roles } = hmcProgram(model, { recordPosition: true });

export interface MainJob {
  readonly precision: Precision;
  readonly chains: number;
  readonly iterations: number;
}

/** The main job's transitions from one start for every chain (chains 64, 65 … repeat 0, 1 …), on an engine. */
export async function draws(engine: Engine, { precision, chains, iterations }: MainJob): Promise<Recorded> {
  const kernel = await engine.compile(transition, { ...roles, precision, chains });
  for (const [name, values] of Object.entries(await start(engine, precision, chains))) kernel.write(name, values);
  kernel.write("step_size", [0.02]);
  kernel.write("inverse_mass", new Float64Array(61).fill(1));
  const words = Uint32Array.from({ length: 2 * chains }, (_, i) => Math.imul(i % 128, 2654435761) >>> 0);
  kernel.write("chain_key", words);
  const recorded = await kernel.run(iterations, {
    iteration: Array.from({ length: iterations }, (_, i) => i),
    steps: Array.from({ length: iterations }, (_, i) => 3 + (i % 4)),
  });
  kernel.dispose();
  return recorded;
}

async function start(
  engine: Engine,
  precision: Precision,
  chains: number,
): Promise<Readonly<Record<string, ArrayLike<number>>>> {
  const kernel = await engine.compile(densityProgram(model), { precision, chains });
  const z = Float64Array.from({ length: 61 * chains }, (_, i) => 0.5 * Math.sin(i % (61 * 64)));
  kernel.write("z", z);
  await kernel.run(1);
  const state = { z, log_density: await kernel.read("log_density"), gradient: await kernel.read("gradient") };
  kernel.dispose();
  return state;
}

/** The largest difference, relative to the magnitude (at least 1). */
export function distance(found: Numbers, expected: Numbers): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(found[i]! - value) / Math.max(1, Math.abs(value));
    if (!(error <= most)) most = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return most;
}

/** The chain's part of records of all chains. */
export function chainOf(values: Numbers, chain: number, chains: number): Numbers {
  const size = values.length / chains;
  return values.slice(chain * size, (chain + 1) * size);
}
