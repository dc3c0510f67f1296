import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { OpName } from "../../src/graph/types.ts";
import { opCases } from "./engine-cases.ts";
import { agrees } from "./engine-compare.ts";
import { edgeLaws } from "./engine-edges.ts";
import { gradientLaws } from "./engine-gradients.ts";
import { programLaws } from "./engine-programs.ts";
import { roleLaws } from "./engine-roles.ts";
import { stableLaws } from "./engine-stable.ts";

export interface EngineLawOptions {
  readonly precisions: readonly Precision[];
  /** In float64 every op save sums and products of matrices has the reference engine's bits. */
  readonly sameBits?: boolean;
}

/** The conformance suite: what every engine must do. Expected values come from the reference engine in float64. */
export function engineLaws(name: string, makeEngine: () => Engine, options: EngineLawOptions): void {
  const sameBits = options.sameBits ?? false;
  describe(`${name}: can run here`, () => {
    it("says so", async () => {
      const engine = makeEngine();
      expect(engine.name).toBe(name);
      expect((await engine.probe()).available).toBe(true);
    });
  });
  for (const precision of options.precisions) {
    describe(`${name}, ${precision}: ops`, () => {
      for (const [op, cases] of Object.entries(opCases) as [OpName, (typeof opCases)[OpName]][])
        describe(op, () => {
          it.each(cases.map((one) => [one.title, one] as const))("%s", async (_title, one) => {
            for (const chains of [1, 5]) await agrees(one, { engine: makeEngine(), precision, chains, sameBits });
          });
        });
    });
    programLaws(name, makeEngine, precision, sameBits);
    gradientLaws(name, makeEngine, precision, sameBits);
    edgeLaws(name, makeEngine, precision, sameBits);
    stableLaws(name, makeEngine, precision);
    roleLaws(name, makeEngine, precision);
  }
}
