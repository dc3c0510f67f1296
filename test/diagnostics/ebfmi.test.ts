import { describe, expect, it } from "vitest";
import { ebfmi, ebfmiPerChain } from "../../src/diagnostics/index.ts";
import { readCopied } from "./reference.ts";

describe("E-BFMI", () => {
  const inputs = readCopied<Record<string, number[][]>>("inputs_energy.json");
  const expected = readCopied<Record<string, { per_chain_sum_ratio: number[] }>>("expected_ebfmi.json");
  for (const [name, { per_chain_sum_ratio: want }] of Object.entries(expected)) {
    it(name, () => {
      const found = ebfmiPerChain(inputs[name]!);
      expect(found.length).toBe(want.length);
      found.forEach((value, chain) => {
        expect(Math.abs(value / want[chain]! - 1)).toBeLessThan(1e-12);
      });
    });
  }

  it("is NaN for constant, short or non-finite energies", () => {
    expect(ebfmi([3, 3, 3, 3, 3])).toBeNaN();
    expect(ebfmi([1, 2, 1])).toBeNaN();
    expect(ebfmi([])).toBeNaN();
    expect(ebfmi([1, 2, Number.NaN, 4, 5])).toBeNaN();
    expect(ebfmi([1, 2, Number.POSITIVE_INFINITY, 4, 5])).toBeNaN();
  });

  it("does not depend on unit or origin", () => {
    const energy = [1.5, 2.25, 0.5, 3.75, 2.5, 1];
    expect(ebfmi(energy.map((e) => e * 2 ** 800))).toBe(ebfmi(energy));
    expect(ebfmi(energy.map((e) => e * 2 ** -800))).toBe(ebfmi(energy));
    expect(ebfmi(energy.map((e) => e - 4096))).toBe(ebfmi(energy));
  });
});
