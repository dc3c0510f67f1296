/** A report's input of any size, from draws that depend on names and numbers only. */
import { ebfmiPerChain, summarize } from "../../../src/diagnostics/index.ts";
import { evaluateGates, type ReportInput, type WarmupPoint } from "../../../src/report/index.ts";
import type { RunFacts, SummaryRow } from "../../../src/store/index.ts";
import { limits, row, run } from "../example.ts";

export interface Size {
  readonly names: readonly string[];
  readonly chains: number;
  readonly draws: number;
  /** Rows from the draws; otherwise rows that pass, which costs nothing. */
  readonly summarized?: boolean;
  /** Moves the draws of one chain. */
  readonly apart?: number;
  readonly diverging?: boolean;
}

/** Uniform on (0, 1), by a linear congruence [Numerical Recipes]. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

function seedOf(text: string): number {
  let hash = 17;
  for (const letter of text) hash = Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0);
  return hash;
}

/** Independent draws, nearly normal; positive for names that begin with `tau`. */
export function drawsOf(name: string, { chains, draws, apart }: Size): Float64Array[] {
  const next = uniforms(seedOf(name));
  for (let i = 0; i < 5; i++) next();
  return Array.from({ length: chains }, (_, chain) =>
    Float64Array.from({ length: draws }, () => {
      const value = next() + next() + next() - 1.5 + (chain === apart ? 2 : 0);
      return name.startsWith("tau") ? Math.exp(2 * value) : value;
    }),
  );
}

export function warmupOf(batches: number, iterations = 200): WarmupPoint[] {
  return Array.from({ length: batches * Math.floor(iterations / 10) }, (_, i) => {
    const [batch, iteration] = [i % batches, 10 * (1 + Math.floor(i / batches))];
    const stepSize = 0.1 + 0.05 / iteration + 0.01 * batch;
    return { batch, iteration, stepSize, steps: 7, trajectoryLength: 1.2, acceptance: 0.8, divergences: 0 };
  });
}

export function inputOf(size: Size): ReportInput {
  const { names, chains, draws } = size;
  const facts: RunFacts = { ...run, chains, draws, divergences: size.diverging === true ? chains : 0 };
  const quantities: SummaryRow[] = names.map((name) =>
    size.summarized === true ? { name, ...summarize(drawsOf(name, size)) } : row(name),
  );
  const statistic = (name: string): Float64Array[] => {
    if (name !== "diverging") return drawsOf(name, { ...size, apart: -1 });
    return Array.from({ length: chains }, () =>
      Float64Array.from({ length: draws }, (_, i) => Number(size.diverging === true && i === 3)),
    );
  };
  return {
    title: "example / run",
    summary: {
      run: {
        ...facts,
        ebfmi_low_chains: ebfmiPerChain(statistic("energy")).filter((one) => one < 0.3).length,
      } as RunFacts,
      gates: evaluateGates(limits, quantities, facts),
      quantities,
    },
    draws: {
      chains: Array.from({ length: chains }, (_, chain) => chain),
      quantities: async (wanted) =>
        new Map(wanted.filter((name) => names.includes(name)).map((name) => [name, drawsOf(name, size)])),
      statistic: async (name) =>
        ["energy", "acceptance_rate", "n_steps", "diverging"].includes(name) ? statistic(name) : undefined,
    },
    warmup: warmupOf(2),
    batches: [
      {
        batch: 0,
        firstChain: 0,
        chains,
        draws,
        stepSize: 0.1,
        trajectoryLength: 1.2,
        divergences: { warmup: 3, sampling: 0 },
        seconds: { warmup: 1, sampling: 2 },
      },
    ],
    sampler: { name: "chees", targetAcceptance: 0.651, maxSteps: 1000 },
    config: "model: example\nchains: 4\n",
    facts: [["version of node", "v20"]],
    digests: ["ab", "cd"],
  };
}

/** The names of a regression: one scale, and two arrays. */
export function namesOf(features: number): string[] {
  const labels = Array.from({ length: features }, (_, i) => `feature ${i}`);
  return ["tau", ...labels.map((label) => `lambda[${label}]`), ...labels.map((label) => `coefficient[${label}]`)];
}

export const small: Size = { names: namesOf(3), chains: 6, draws: 200, summarized: true };

/** The text that a reader of a page sees of its markup: without tags, style and script. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}
