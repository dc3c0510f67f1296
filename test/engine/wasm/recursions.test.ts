import { expect, it, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { referenceEngine } from "../../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { canWiden } from "../../../src/engine/wasm/wide.ts";
import { run } from "../../../src/index.ts";
import type { BoundModel } from "../../../src/model/boundModel.ts";
import { bindData } from "../../../src/run/bindData.ts";
import { densityProgram } from "../../../src/sampler/transition.ts";
import { cholesky, counts, garch, hiddenMarkov, lotkaVolterra, scalar, series } from "../../models/recursions.ts";

const long: Readonly<Record<string, () => BoundModel>> = {
  "a scalar of 5000 turns": () => bindData(scalar(5000), { data: {}, coordinates: {} }),
  "GARCH of 2000 days": () => bindData(garch(2000), { data: series(2000), coordinates: {} }),
  "a hidden Markov model of 300 steps": () => bindData(hiddenMarkov(300), { data: series(300), coordinates: {} }),
  "Lotka-Volterra of 500 Runge-Kutta steps": () => bindData(lotkaVolterra(500), { data: counts(500), coordinates: {} }),
  "Cholesky's method for 24 points": () => bindData(cholesky(24), { data: series(24), coordinates: {} }),
};

/** Log density and gradient of the first of some chains, each a little elsewhere. */
async function first(engine: Engine, model: BoundModel, precision: "float32" | "float64", chains: number) {
  const { dimension } = model;
  const kernel = await engine.compile(densityProgram(model), { precision, chains });
  kernel.write(
    "z",
    Float64Array.from({ length: chains * dimension }, (_, i) => 0.2 * Math.sin(i % dimension) + 0.01 * (i / dimension)),
  );
  await kernel.run(1);
  const found = [(await kernel.read("log_density"))[0]!, ...(await kernel.read("gradient")).slice(0, dimension)];
  kernel.dispose();
  return found.map(Number);
}

it.each(Object.keys(long))("%s has the reference's log density and gradient", async (name) => {
  const model = long[name]!();
  const expected = await first(referenceEngine(), model, "float64", 1);
  const scale = Math.max(...expected.map(Math.abs));
  const found = await first(wasmEngine(), model, "float64", 2);
  expect(expected.every(Number.isFinite)).toBe(true);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-9 * scale);
  });
});

it.each([
  ["a scalar", bindData(scalar(200), { data: {}, coordinates: {} })],
  ["a hidden Markov model", bindData(hiddenMarkov(60), { data: series(60), coordinates: {} })],
] as const)("%s has the bits of one chain in any number of chains, narrow and wide", async (_, model) => {
  for (const precision of ["float32", "float64"] as const)
    for (const fast of [false, true]) {
      const alone = await first(wasmEngine({ fast, wide: false }), model, precision, 1);
      for (const wide of canWiden() ? [false, true] : [false])
        for (const chains of [5, 64])
          expect(await first(wasmEngine({ fast, wide }), model, precision, chains)).toEqual(alone);
    }
});

test("long recursions are sampled", async () => {
  const settings = { chains: 4, warmup: 10, draws: 5, workers: 1, gates: false } as const;
  for (const [model, data] of [
    [scalar(1000), {}],
    [hiddenMarkov(150), { y: Array.from(series(150).y.data) }],
    [lotkaVolterra(250), { y: Array.from(counts(250).y.data) }],
  ] as const) {
    const config = { ...settings, model, data, sampler: { name: "hmc", steps: 2 } } as const;
    const { summary } = await run(config as never, { store: false }).result;
    expect(summary.run.draws).toBe(5);
    expect(summary.quantities.every(({ mean }) => Number.isFinite(mean))).toBe(true);
  }
});
