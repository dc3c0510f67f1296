import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/model/bind.ts";
import { logDensityAt } from "../laws/numeric.ts";
import type { Json } from "./posteriordb/posterior.ts";
import { processes } from "./posteriordb/processes.ts";
import { regressions, shipped } from "./posteriordb/regressions.ts";
import { isMissing, referenceFolder } from "./reference.ts";

interface Point {
  readonly z: readonly number[];
  readonly lp_full: number;
  readonly grad: readonly (number | "NaN")[];
}

function readJson(path: string | URL): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

describe.each([...shipped, ...regressions, ...processes])(
  "$name",
  ({ name, model, data, order, constant, slopeError }) => {
    const dataPath = `posteriordb/${name}/data.json`;
    const golden = readJson(new URL(`../reference/posteriordb/${name}/logdensity.json`, import.meta.url)) as {
      readonly points: Readonly<Record<string, Point>>;
    };

    it.skipIf(isMissing(dataPath)).each(Object.entries(golden.points))(
      "has posteriordb's density at %s",
      (_, point) => {
        const bound = bind(model, { data: data(readJson(resolve(referenceFolder, dataPath)) as Json) });
        const places = order ?? point.z.map((_, i) => i);
        expect(bound.dimension).toBe(places.length);
        const at = logDensityAt(
          bound,
          places.map((place) => point.z[place]!),
        );
        expect(Math.abs(at.logDensity - constant - point.lp_full)).toBeLessThan(
          1e-10 * Math.max(1, Math.abs(point.lp_full)),
        );
        const known = point.grad.map(Number);
        const size = Math.max(1, ...known.filter(Number.isFinite).map(Math.abs));
        places.forEach((place, i) => {
          const [ours, theirs] = [at.gradient[i]!, known[place]!];
          // Stan's slope of √0 is NaN; the true one is finite, and so is ours.
          if (Number.isNaN(theirs)) expect(Number.isFinite(ours), `slope ${i}`).toBe(true);
          else expect(Math.abs(ours - theirs), `slope ${i}`).toBeLessThan((slopeError ?? 1e-10) * size);
        });
      },
    );
  },
);
