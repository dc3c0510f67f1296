import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import * as diagnostics from "../../src/diagnostics/index.ts";
import { type RunResult, run } from "../../src/run/run.ts";

interface Known {
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
  readonly mcse_sd: number;
}

const { quantities } = JSON.parse(
  readFileSync(new URL("../reference/breast_cancer/reference_posterior.json", import.meta.url), "utf8"),
) as { readonly quantities: Readonly<Record<string, Known>> };
const path = fileURLToPath(new URL("../../config/breast-cancer.yaml", import.meta.url));

/** The main job in two batches of 32 chains, one worker each, on an engine. */
export async function mainJobOn(
  engine: "xla" | "tensorflow" | "wasm",
  { fast = false }: { readonly fast?: boolean } = {},
): Promise<RunResult> {
  const set = ["batches=2", "workers=2", "draws=250", "seed=11", "gates=false"];
  return await run(loadConfig(path, { set, overrides: { engine, fast } }), { store: false }).result;
}

/** Means and standard deviations of tau, beta and the coefficients are rstan's, within 5 standard errors of both. */
export async function expectPosterior({ draws, quantities: names }: RunResult): Promise<void> {
  const ours = (kind: string): readonly string[] => names.filter((name) => name.startsWith(`${kind}[`));
  const pairs = [
    ["tau", "tau"],
    ...ours("beta").map((name, i) => [name, `beta[${i + 1}]`]),
    ...ours("coefficient").map((name, i) => [name, `coef[${i + 1}]`]),
  ] as const;
  expect(pairs).toHaveLength(61);
  const squares: number[] = [];
  for (const [name, theirs] of pairs) {
    const rows = await draws(name!);
    const known = quantities[theirs!]!;
    const mean = (diagnostics.mean(rows) - known.mean) / Math.hypot(diagnostics.mcseMean(rows), known.mcse_mean);
    const sd = (diagnostics.sd(rows) - known.sd) / Math.hypot(diagnostics.mcseSd(rows), known.mcse_sd);
    expect(Math.abs(mean), `mean of ${name}, in standard errors`).toBeLessThan(5);
    expect(Math.abs(sd), `standard deviation of ${name}, in standard errors`).toBeLessThan(5);
    squares.push(mean * mean);
  }
  expect(Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length)).toBeLessThan(1.5);
}
