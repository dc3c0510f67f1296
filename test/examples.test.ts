import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../src/config/load.ts";
import { mcseMean, mcseQuantile, mean, quantile } from "../src/diagnostics/index.ts";
import { type RunResult, run } from "../src/run/run.ts";

/** Every config in config/ is run, smaller where its size is not the point. */

interface Reference {
  readonly quantities: Readonly<
    Record<
      string,
      {
        readonly mean: number;
        readonly mcse_mean: number;
        readonly quantile_probs: readonly number[];
        readonly quantiles: readonly number[];
        readonly mcse_quantiles: readonly number[];
      }
    >
  >;
}

const config = (name: string): string => new URL(`../config/${name}.yaml`, import.meta.url).pathname;
const reference = JSON.parse(
  readFileSync(new URL("reference/breast_cancer/reference_posterior.json", import.meta.url), "utf8"),
) as Reference;

async function result(name: string, set: readonly string[] = []): Promise<RunResult> {
  return run(loadConfig(config(name), { set }), { store: false }).result;
}

/** `tau` → tau, `beta[mean radius]` → beta[1], `coefficient[…]` → coef[1]: the reference counts from 1. */
function referenceName(quantity: string, index: number): string {
  const [base] = quantity.split("[");
  return base === "tau" ? "tau" : `${base === "coefficient" ? "coef" : base}[${index + 1}]`;
}

/** Differences from the reference posterior in combined standard errors, with the name of what was compared. */
async function standardizedDifferences(finished: RunResult): Promise<{ what: string; z: number }[]> {
  const all: { what: string; z: number }[] = [];
  const counts = new Map<string, number>();
  for (const quantity of finished.quantities) {
    const base = quantity.split("[")[0]!;
    const index = counts.get(base) ?? 0;
    counts.set(base, index + 1);
    if (base === "lambda") continue; // the reference itself advises against its long tails
    const known = reference.quantities[referenceName(quantity, index)]!;
    const draws = await finished.draws(quantity);
    const z = (ours: number, theirs: number, a: number, b: number): number => (ours - theirs) / Math.hypot(a, b);
    all.push({ what: `mean of ${quantity}`, z: z(mean(draws), known.mean, mcseMean(draws), known.mcse_mean) });
    known.quantile_probs.forEach((p, i) => {
      const error = mcseQuantile(draws, p);
      all.push({
        what: `${p} quantile of ${quantity}`,
        z: z(quantile(draws, p), known.quantiles[i]!, error, known.mcse_quantiles[i]!),
      });
    });
  }
  return all;
}

const meanSquareOf = (differences: readonly { z: number }[]): number =>
  differences.reduce((sum, { z }) => sum + z * z, 0) / differences.length;

describe("the main job, config/breast-cancer.yaml as it stands", () => {
  it("converges, and agrees with the reference posterior within 5 combined standard errors", async () => {
    const finished = await result("breast-cancer");
    expect(finished.converged).toBe(true);
    const gated = finished.summary.quantities.filter(({ name }) => !name.startsWith("lambda"));
    expect(gated).toHaveLength(61);
    for (const row of gated) {
      expect(row.rhat, row.name).toBeLessThan(1.01);
      expect(row.ess_bulk, row.name).toBeGreaterThan(400);
      expect(row.ess_tail, row.name).toBeGreaterThan(400);
    }
    expect(finished.summary.run.divergences).toBeGreaterThanOrEqual(0);
    const differences = await standardizedDifferences(finished);
    expect(differences).toHaveLength(61 * 8);
    expect(differences.filter(({ z }) => !(Math.abs(z) < 5))).toEqual([]);
    // A sampler whose errors are as large as it says they are: their mean square is about 1.
    expect(meanSquareOf(differences)).toBeLessThan(3);
  });

  it("gives the same posterior with NUTS", async () => {
    const set = ["sampler=nuts", "chains=8", "warmup=400", "draws=400"];
    const finished = await result("breast-cancer", set);
    const differences = await standardizedDifferences(finished);
    expect(differences.filter(({ z }) => !(Math.abs(z) < 5))).toEqual([]);
    expect(meanSquareOf(differences)).toBeLessThan(3);
  }, 600_000);
});

describe("the other configs", () => {
  it("seed: does not converge, and says so", async () => {
    const finished = await result("seed");
    expect(finished.status).toBe("complete");
    expect(finished.converged).toBe(false);
    expect(finished.summary.gates.find(({ name }) => name === "rhat")?.pass).toBe(false);
  });

  it("funnel: a gate fails", async () => {
    expect((await result("funnel")).converged).toBe(false);
  });

  it("german-credit: runs on a file that the user names, in its layout", async () => {
    const folder = await mkdtemp(join(tmpdir(), "manychain-"));
    try {
      const file = join(folder, "applicants.csv");
      const header = [...Array.from({ length: 24 }, (_, i) => `a${i + 1}`), "class"].join(",");
      const rows = Array.from({ length: 60 }, (_, row) =>
        [...Array.from({ length: 24 }, (_, i) => Math.round(10 * Math.sin(row * (i + 1.3)))), 1 + (row % 2)].join(","),
      );
      await writeFile(file, [header, ...rows, ""].join("\n"));
      const data = [`data.x.csv=${file}`, `data.y.csv=${file}`];
      const finished = await result("german-credit", [...data, "chains=16", "warmup=60", "draws=40"]);
      expect(finished.status).toBe("complete");
      expect(finished.quantities).toContain("coefficient[a24]");
      expect(finished.quantities).toHaveLength(1 + 3 * 25);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(["eight-schools", "linear-regression"])("%s: converges", async (name) => {
    expect((await result(name)).converged).toBe(true);
  });
});
