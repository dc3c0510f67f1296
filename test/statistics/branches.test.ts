import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { beta, bind, gamma, halfNormal, model, normal, real, uniform } from "../../src/index.ts";
import { failures } from "./checks.ts";
import { collect, samplers } from "./collect.ts";

const y = { data: [0, 0.7, 1.4, 0, 2.1, 0.9], shape: [6] };

/** Four of six are positive: whatever their sizes, psi is Beta(1 + 4, 1 + 2). */
const hurdle = model({
  name: "hurdle",
  data: { y: real("observation") },
  parameters: { psi: beta(1, 1), shape: halfNormal(5), rate: halfNormal(5) },
  likelihood: ({ y, psi, shape, rate }) => ({
    y: y.gt(0).select(gamma(shape, rate).logDensity(y).add(psi.log()), psi.neg().log1p()),
  }),
});
const psi = { mean: 5 / 8, sd: Math.sqrt(15 / 64 / 9) };

describe("models whose likelihood has branches sample", () => {
  it.each(["float64", "float32"] as const)("a hurdle model, in %s", async (precision) => {
    const draws = await collect(bind(hurdle, { data: { y } }), { precision, sampler: samplers.nuts });
    expect(failures(draws, { psi })).toEqual([]);
  });
  it("a hurdle model, alike on the reference engine", async () => {
    const few = { sampler: samplers.hmc, chains: 4, warmup: 30, draws: 20, block: 20 };
    const draws = await collect(bind(hurdle, { data: { y } }), few, referenceEngine());
    const same = await collect(bind(hurdle, { data: { y } }), few, wasmEngine());
    draws.posterior["psi"]!.forEach((chain, c) => {
      chain.forEach((value, t) => {
        expect(value).toBeCloseTo(same.posterior["psi"]![c]![t]!, 6);
      });
    });
  });
  it("one whose branch depends on a parameter: a root below it, nothing above", async () => {
    // x is uniform on (−1, 1); √x where it is positive is data of nobody: the posterior is the prior.
    const choosing = model({
      name: "choosing",
      parameters: { x: uniform(-1, 1), w: normal(0, 1) },
      likelihood: ({ x, w }) => ({
        nothing: x.gt(0).select(x.sqrt().log().mul(w), x.neg().log().div(2)).mul(0),
      }),
    });
    const draws = await collect(bind(choosing), { sampler: samplers.nuts });
    expect(failures(draws, { x: { mean: 0, sd: Math.sqrt(1 / 3) }, w: { mean: 0, sd: 1 } })).toEqual([]);
  });
});
