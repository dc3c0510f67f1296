import { describe, expect, it } from "vitest";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { analytic } from "../models/analytic.ts";
import { failures } from "./checks.ts";
import { collect, samplers } from "./collect.ts";
import { known } from "./known.ts";
import { type Mutant, mutants, nutsMutants } from "./mutants.ts";

const targets = ["std_normal_d", "gamma_25_4", "beta_2_5"] as const;

/** What the tests of `analytic.test.ts` say of a sampler, target by target. */
async function verdicts({ engine, model }: Mutant, name: "hmc" | "chees" | "nuts"): Promise<Record<string, string[]>> {
  const said: Record<string, string[]> = {};
  for (const target of targets) {
    const shipped = analytic[target]!();
    const used = model === undefined ? shipped : model(shipped);
    const sampler = samplers[name];
    const settings = { sampler };
    try {
      const draws = await collect(used, settings, engine === undefined ? wasmEngine() : engine(wasmEngine()));
      said[target] = failures(draws, known[target]!);
    } catch (error) {
      said[target] = [String(error)];
    }
  }
  return said;
}

describe.each(["hmc", "chees", "nuts"] as const)("%s", (name) => {
  it("passes as it is shipped", async () => {
    for (const [target, said] of Object.entries(await verdicts({}, name))) expect(said, target).toEqual([]);
  });

  it.each(Object.entries(name === "nuts" ? nutsMutants : mutants))("fails when it %s", async (_what, mutant) => {
    const said = await verdicts(mutant, name);
    expect(Object.values(said).flat()).not.toEqual([]);
  });
});
