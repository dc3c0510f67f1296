import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { input, type Node } from "../../src/graph/node.ts";
import { diagnostics } from "../../src/index.ts";
import type { BoundModel } from "../../src/model/boundModel.ts";
import type { Random } from "../../src/model/distribution.ts";
import { environmentWith, hostValue } from "../../src/model/host.ts";
import { foldIn, key } from "../../src/random/index.ts";
import { hmcStepper } from "../../src/sampler/hmcStep.ts";
import { seeded } from "../laws/random.ts";
import { collect, type Draws, samplers } from "./collect.ts";
import type { Mutant } from "./mutants.ts";

/** Values of a model's variables at one point, by name and row-major. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** A model whose data differ from chain to chain: each chain is one simulated data set, and all run in one batch. */
export interface Simulated {
  /** The model, its data the node `data`. Its variables are what is tested. */
  model(data: Node): BoundModel;
  /** Number of data of a data set. */
  readonly size: number;
  /** Draw data `[size]`, given the variables. */
  simulate(values: Values, random: Random): readonly number[];
}

/** Data sets with the parameters that they were drawn with. */
export interface Simulations {
  readonly model: BoundModel;
  readonly z: readonly Float64Array[];
  readonly y: readonly (readonly number[])[];
  readonly values: readonly Values[];
  valuesAt(z: ArrayLike<number>, y: ArrayLike<number>): Values;
}

/** z ~ prior, y ~ p(y | z), `count` times. */
export function simulations(simulated: Simulated, count: number): Simulations {
  const data = input("y", { dtype: "float", shape: [simulated.size] });
  const model = simulated.model(data);
  const zNode = input("z", { dtype: "float", shape: [model.dimension] });
  const nodes = Object.entries(model.values(zNode));
  const valuesAt = (z: ArrayLike<number>, y: ArrayLike<number>): Values => {
    const known = environmentWith(
      new Map([
        [zNode, Float64Array.from(z)],
        [data, Float64Array.from(y)],
      ]),
    );
    return Object.fromEntries(nodes.map(([name, node]) => [name, hostValue(node, known)]));
  };
  const random = seeded(1);
  const noData = new Float64Array(simulated.size);
  const z = Array.from({ length: count }, () => model.drawPrior(random));
  const y = z.map((point) => simulated.simulate(valuesAt(point, noData), random));
  return { model, z, y, values: z.map((point, c) => valuesAt(point, y[c]!)), valuesAt };
}

/** Ranks lie in 0 … L. */
const L = 99;
const BINS = 20;
/** One draw in so many: nearly independent ones, as ranks must be of. Three fixed steps move little. */
const THIN = { hmc: 16, chees: 4, nuts: 4 };

/** Few for every change; `node bench/calibration.js` takes many, which find smaller faults. */
const DATA_SETS = Number(process.env["MANYCHAIN_CALIBRATION_SETS"] ?? 400);

/** χ² of 19 degrees of freedom at p = 1e-5. */
export const CHI_SQUARE_LIMIT = 57.4;

/**
 * Simulation-based calibration [Talts et al. 2018]: the rank of what was drawn from the prior among the draws of its
 * posterior is uniform on 0 … L. Returns χ² of the ranks in 20 bins for each scalar of the model's variables.
 */
export async function rankChiSquares(
  simulated: Simulated,
  name: "hmc" | "chees" | "nuts",
  precision: Precision,
  { engine, model: change }: Mutant = {},
): Promise<Record<string, number>> {
  // Trees are dear; half as many data sets find half as small a fault.
  const chains = name === "nuts" ? DATA_SETS / 2 : DATA_SETS;
  const { model, y, values } = simulations(simulated, chains);
  const used = withData(engine === undefined ? wasmEngine() : engine(wasmEngine()), { y: y.flat() });
  const draws = await collect(
    change === undefined ? model : change(model),
    { chains, precision, sampler: samplers[name], draws: L * THIN[name] },
    used,
  );
  const ranks = Object.entries(draws.posterior).map(([quantity, rows]) => {
    const counts = new Array<number>(BINS).fill(0);
    rows.forEach((row, c) => {
      const truth = scalar(values[c]!, quantity);
      const below = row.filter((x, t) => t % THIN[name] === 0 && x < truth).length;
      counts[Math.floor((below * BINS) / (L + 1))]! += 1;
    });
    const expected = chains / BINS;
    return [quantity, counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)] as const;
  });
  return Object.fromEntries(ranks);
}

/** `x[3]` of the values by name. */
function scalar(values: Values, quantity: string): number {
  const [, name, at] = /^([^[]*)(?:\[(\d+)\])?$/.exec(quantity)!;
  return values[name!]![Number(at ?? 0)]!;
}

/**
 * The joint distribution test [Geweke 2004]: draws of (z, y) made by turns, a transition given y and then y given z, have
 * the distribution of independent ones. Starts in it, so that there is nothing to wait for. Returns the difference of the
 * means of each variable, its square, and its product with the mean of y, in standard errors.
 */
export async function jointDistances(
  simulated: Simulated,
  { stepSize, steps }: { readonly stepSize: number; readonly steps: number },
  { engine, model: change }: Mutant = {},
): Promise<Record<string, number>> {
  const chains = 60;
  const turns = 80;
  const independent = simulations(simulated, 20 * chains);
  const { model, valuesAt } = independent;
  const random = seeded(2);
  const current = { y: independent.y.slice(0, chains).flat() };
  const stepper = hmcStepper(change === undefined ? model : change(model), {
    chains,
    engine: withData(engine === undefined ? wasmEngine() : engine(wasmEngine()), current),
  });
  let z = independent.z.slice(0, chains);
  const successive: Record<string, Float64Array[]> = {};
  for (let turn = 0; turn < turns; turn++) {
    const keys = z.map((_, c) => foldIn(foldIn(key(3), c), turn));
    z = (await stepper.step({ z, keys, stepSize, steps })).map((one) => one.z);
    const noData = new Float64Array(simulated.size);
    const y = z.map((point) => simulated.simulate(valuesAt(point, noData), random));
    current.y = y.flat();
    z.forEach((point, c) => {
      for (const [name, value] of Object.entries(functionsOf(valuesAt(point, y[c]!), y[c]!))) {
        successive[name] ??= Array.from({ length: chains }, () => new Float64Array(turns));
        successive[name][c]![turn] = value;
      }
    });
  }
  stepper.dispose();
  const known = independent.values.map((values, c) => functionsOf(values, independent.y[c]!));
  return Object.fromEntries(
    Object.entries(successive).map(([name, draws]) => [
      name,
      distance(
        known.map((one) => one[name]!),
        draws,
      ),
    ]),
  );
}

function functionsOf(values: Values, y: ArrayLike<number>): Record<string, number> {
  const mean = Array.from(y).reduce((a, b) => a + b, 0) / y.length;
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, numbers]) =>
      Array.from(numbers).flatMap((x, i) => [
        [`${name}[${i}]`, x],
        [`${name}[${i}]²`, x * x],
        [`${name}[${i}]·ȳ`, x * mean],
      ]),
    ),
  );
}

function distance(independent: readonly number[], successive: Draws): number {
  const own = [Float64Array.from(independent)];
  const variance = diagnostics.sd(own) ** 2 / independent.length + diagnostics.mcseMean(successive) ** 2;
  return (diagnostics.mean(successive) - diagnostics.mean(own)) / Math.sqrt(variance);
}

/** An engine that writes the data `y` `[chain, size]`, as they are at the time, before each run of a kernel that takes them. */
function withData(engine: Engine, current: { readonly y: readonly number[] }): Engine {
  return {
    ...engine,
    compile: async (program, options) => {
      const kernel = await engine.compile(program, options);
      if (program.inputs["y"] === undefined) return kernel;
      return {
        write: (name, values) => kernel.write(name, values),
        read: (name) => kernel.read(name),
        run: async (iterations, schedule) => {
          kernel.write("y", current.y);
          return await kernel.run(iterations, schedule);
        },
        dispose: () => kernel.dispose(),
      };
    },
  };
}
