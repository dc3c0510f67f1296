import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { foldIn, key } from "../../src/random/index.ts";
import { hmcStep, hmcStepper } from "../../src/sampler/hmcStep.ts";
import { hmcStepLaws } from "../laws/hmcStep.ts";
import { diagonal } from "../models/analytic.ts";

hmcStepLaws("wasm", wasmEngine, ["float64", "float32"]);
hmcStepLaws("reference", referenceEngine, ["float64"]);

describe("hmcStep", () => {
  const model = diagonal([1, 2]);
  const engine = wasmEngine();
  const good = { z: [0.3, -1], key: key(5), stepSize: 0.2, steps: 3 };

  it("gives a chain the same numbers alone and beside others", async () => {
    const stepper = hmcStepper(model, { engine, chains: 3 });
    const keys = [foldIn(key(1), 0), good.key, foldIn(key(1), 2)];
    const [, middle] = await stepper.step({ ...good, z: [[1, 1], good.z, [Number.NaN, 0]], keys });
    expect(middle).toEqual(await hmcStep(model, good, { engine }));
    stepper.dispose();
  });

  it("takes the momentum and inverse mass that it is given", async () => {
    const momentum = [1, -0.5];
    const inverseMass = [4, 0.25];
    const step = await hmcStep(model, { ...good, steps: 1, momentum, inverseMass }, { engine });
    expect([...step.momentum]).toEqual(momentum);
    const sds = [1, 2];
    sds.forEach((sd, i) => {
      const kicked = momentum[i]! - (0.1 * good.z[i]!) / sd ** 2;
      expect(step.proposal.z[i]).toBeCloseTo(good.z[i]! + 0.2 * inverseMass[i]! * kicked, 14);
      expect(step.proposal.momentum[i]).toBeCloseTo(kicked - (0.1 * step.proposal.z[i]!) / sd ** 2, 14);
    });
    const kinetic = 0.5 * (4 * 1 + 0.25 * 0.25);
    expect(step.energy - kinetic).toBeCloseTo(0.5 * (0.09 + 0.25) + Math.log(2) + Math.log(2 * Math.PI), 12);
  });

  it("draws the momentum from N(0, M)", async () => {
    const unit = await hmcStep(model, good, { engine });
    const scaled = await hmcStep(model, { ...good, inverseMass: [4, 0.25] }, { engine });
    expect(scaled.momentum[0]).toBe(unit.momentum[0]! / 2);
    expect(scaled.momentum[1]).toBe(unit.momentum[1]! * 2);
  });

  it("stays where it is when the start has no density", async () => {
    const step = await hmcStep(model, { ...good, z: [Number.POSITIVE_INFINITY, 0] }, { engine });
    expect(step.isAccepted).toBe(false);
    expect(step.isDiverging).toBe(true);
    expect(step.z[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["z", { z: [1] }, "z must have 2 numbers; it has 1."],
    ["momentum", { momentum: [1, 2, 3] }, "momentum must have 2 numbers; it has 3."],
    ["inverseMass", { inverseMass: [1, 0] }, "inverseMass must hold finite numbers above 0."],
    ["key that is none", { key: 7 as never }, "keys must be an array of 2 numbers; it is 7."],
    ["key", { key: [1, -1] as const }, "keys must hold two integers from 0 to 2^32 - 1 each, not [1,-1]."],
    ["stepSize", { stepSize: 0 }, "stepSize must be a finite number above 0, not 0."],
    ["steps", { steps: 1.5 }, "steps must be an integer of 1 or more, not 1.5."],
  ])("refuses a wrong %s", async (_name, wrong, message) => {
    await expect(hmcStep(model, { ...good, ...wrong }, { engine })).rejects.toThrow(new RangeError(message));
  });

  it("asks for an engine", async () => {
    await expect(hmcStep(model, good, {} as never)).rejects.toThrow(
      'An engine is missing among the options, such as { engine: await createEngine("wasm") }.',
    );
  });

  it("refuses another number of chains", async () => {
    const stepper = hmcStepper(model, { engine, chains: 2 });
    const wrong = stepper.step({ ...good, z: [good.z], keys: [good.key] });
    await expect(wrong).rejects.toThrow(new RangeError("z must have 2 entries, one a chain; it has 1."));
  });
});
