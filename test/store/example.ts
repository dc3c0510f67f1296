/** A small run with named coordinates, three batches and every kind of array, for the tests of the store and the report. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrawBlock, Numbers, Phase, VariableSpec } from "../../src/draws.ts";
import type { Manifest, StoreData, StoreLayout } from "../../src/store/index.ts";

export const manifest: Manifest = {
  config: { model: "example", draws: 50 },
  hashes: { config: "0123456789abcdef", data: { x: "00" }, model: "11" },
  versions: { package: "0.1.0", node: process.version, v8: process.versions.v8, engine: "1" },
  engine: { name: "reference", precision: "float64", device: "cpu" },
  seed: "12345678901234567890",
  host: { cpus: 2, platform: "linux" },
};

export const layout: StoreLayout = {
  variables: [
    { name: "tau", dtype: "float64", dims: [], shape: [] },
    { name: "coefficient", dtype: "float32", dims: ["feature"], shape: [3] },
    { name: "pair", dtype: "float64", dims: ["feature", "side"], shape: [3, 2] },
  ],
  statistics: [
    { name: "lp", dtype: "float64", dims: [], shape: [] },
    { name: "n_steps", dtype: "int32", dims: [], shape: [] },
    { name: "diverging", dtype: "bool", dims: [], shape: [] },
  ],
  coordinates: { feature: ["mean radius", "größe 😀", "=1+1"], side: [10, 20] },
  batches: [
    { firstChain: 0, chains: 2 },
    { firstChain: 2, chains: 2 },
    { firstChain: 4, chains: 1 },
  ],
  draws: 50,
  warmup: 8,
  chunkDraws: 16,
  unconstrained: { dtype: "float64", labels: ["tau", "beta[mean radius]"] },
};

export const data: StoreData = {
  observed: [{ name: "y", dtype: "bool", dims: ["observation"], shape: [4], values: Uint8Array.of(1, 0, 0, 1) }],
  constant: [
    {
      name: "x",
      dtype: "float64",
      dims: ["observation", "feature"],
      shape: [4, 3],
      values: Float64Array.from({ length: 12 }, (_, i) => i / 8),
    },
    { name: "n", dtype: "uint32", dims: [], shape: [], values: Uint32Array.of(4_000_000_000) },
  ],
};

/** A number from 0 to 1 that depends on its arguments only. */
function noise(...keys: readonly number[]): number {
  let hash = 2166136261;
  for (const key of keys) {
    hash = Math.imul(hash ^ key, 16777619);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 2246822519);
    hash ^= hash >>> 13;
  }
  return (hash >>> 0) / 2 ** 32;
}

/** A draw of an AR(1) chain with coefficient 0.5, to good approximation: a finite sum over earlier noise. */
export function ar1(chain: number, draw: number, element: number, salt: number): number {
  let value = 0;
  for (let back = 12; back >= 0; back--) {
    const uniform =
      noise(chain, draw - back + 1000, element, salt) + noise(chain, draw - back + 1000, element, salt + 77) - 1;
    value = 0.5 * value + uniform;
  }
  return value;
}

function elementOf(variable: VariableSpec, chain: number, draw: number, element: number): number {
  const value = ar1(chain, draw, element, variable.name.length);
  if (variable.dtype === "bool") return value > 0.5 ? 1 : 0;
  return variable.dtype === "int32" ? Math.round(10 * value) : value;
}

function create(dtype: VariableSpec["dtype"], length: number): Numbers {
  if (dtype === "float64") return new Float64Array(length);
  if (dtype === "float32") return new Float32Array(length);
  if (dtype === "int32") return new Int32Array(length);
  return dtype === "uint32" ? new Uint32Array(length) : new Uint8Array(length);
}

/** Draws of chains `firstChain …`, `[chain, draw, ...shape]`. */
export function values(
  variable: VariableSpec,
  firstChain: number,
  chains: number,
  firstDraw: number,
  draws: number,
): Numbers {
  const width = variable.shape.reduce((product, length) => product * length, 1);
  const numbers = create(variable.dtype, chains * draws * width);
  for (let index = 0; index < numbers.length; index++) {
    const row = Math.floor(index / width);
    numbers[index] = elementOf(
      variable,
      firstChain + Math.floor(row / draws),
      firstDraw + (row % draws),
      index % width,
    );
  }
  return numbers;
}

/** The block of a batch that holds draws `firstDraw … firstDraw + draws − 1`. */
export function block(
  batch: number,
  firstDraw: number,
  draws: number,
  phase: Phase = "sampling",
  of: StoreLayout = layout,
): DrawBlock {
  const span = of.batches[batch] ?? { firstChain: 0, chains: 0 };
  const make = (variables: readonly VariableSpec[]): Record<string, Numbers> =>
    Object.fromEntries(variables.map((one) => [one.name, values(one, span.firstChain, span.chains, firstDraw, draws)]));
  const z: VariableSpec = { name: "z", dtype: "float64", dims: ["unconstrained"], shape: [2] };
  return {
    batch,
    ...span,
    phase,
    firstDraw,
    draws,
    posterior: make(of.variables),
    statistics: make(of.statistics),
    ...(of.unconstrained === undefined
      ? {}
      : { unconstrained: values(z, span.firstChain, span.chains, firstDraw, draws) }),
  };
}

/** Calls `use` with a new folder, and removes it afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "manychain-test-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
