import { describe, expect, it } from "vitest";
import * as initialStepSize from "../../../src/sampler/warmup/initialStepSize.ts";
import { readReference } from "./reference.ts";

const { threshold } = readReference<{ find_reasonable_step_size: { threshold: number } }>(
  "sampler_units/units.json",
).find_reasonable_step_size;

function search(acceptance: (step: number) => number, from?: number): initialStepSize.StepSizeSearch {
  let state = initialStepSize.init(from);
  while (state.status === "searching") state = initialStepSize.next(state, acceptance(state.step));
  return state;
}

/** q = 0, p = 1, V = q²/2: one step of size ε changes H by ε⁴/8. */
const oscillator = (step: number): number => Math.exp(-(step ** 4) / 8);

describe("the search for a first step size", () => {
  it("ends at the first step beyond the reference's crossing, from below and from above", () => {
    for (const from of [1e-3, 0.37, 1, 1.1558]) {
      const { status, step } = search(oscillator, from);
      expect(status).toBe("done");
      expect(step).toBeGreaterThan(threshold);
      expect(step / 2).toBeLessThanOrEqual(threshold);
    }
    for (const from of [1.156, 2, 77, 1e6]) {
      const { status, step } = search(oscillator, from);
      expect(status).toBe("done");
      expect(step).toBeLessThan(threshold);
      expect(step * 2).toBeGreaterThanOrEqual(threshold);
    }
    expect(search(oscillator).step).toBe(2);
  });

  it("counts its tries, and stays as it is when it is done", () => {
    const done = search((step) => (step > 0.1 ? 0 : 1));
    expect(done).toEqual({ status: "done", step: 0.0625, direction: "down", tries: 5, reason: "" });
    expect(initialStepSize.next(done, 0)).toBe(done);
  });

  it("takes NaN for 0, and goes down", () => {
    expect(search((step) => (step > 0.3 ? Number.NaN : 0.9)).step).toBe(0.25);
  });

  it("fails after a hundred tries and says why", () => {
    const flat = search(() => 1);
    expect(flat.status).toBe("failed");
    expect(flat.tries).toBe(100);
    expect(flat.reason).toMatch(/100 tries.*still 1\..*proper/);
    const broken = search(() => Number.NaN);
    expect(broken.status).toBe("failed");
    expect(broken.reason).toMatch(/100 tries.*still NaN\..*gradient is not finite/);
    // Where numbers are finite nothing says that the model is wrong.
    const steep = search(() => 0.01);
    expect(steep.reason).toMatch(/100 tries.*still 0\.01\. The starting points are the likelier cause/);
    expect(steep.reason).not.toMatch(/wrong|gradient/);
  });

  it("crosses another threshold when told", () => {
    let state = initialStepSize.init();
    while (state.status === "searching") {
      state = initialStepSize.next(state, oscillator(state.step), { threshold: 0.9 });
    }
    expect(state.step).toBe(0.5);
  });
});
