// The main job by ChEES-HMC: whole batches of chains on one device, as a run makes them; wall time.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Bulk ESS is computed from at most so many chains and scaled to all, for every sampler alike: chains are independent. */
export const ESS_CHAINS = 4096;
export const QUANTITIES = ["tau", "lambda", "beta"];

/** Draws of a chain, where all chains make about `total`. */
export function drawsPerChain(total, chains) {
  return Math.max(50, Math.min(1000, Math.round(total / chains)));
}

/** Runs one batch; its draws as `{ name: [chain][draw] }` of the first chains, and what it took. */
export async function sample(manychain, engine, { model, config }, { chains, draws, warmup, precision, seed = "1" }) {
  const settings = {
    ...{ batch: 0, firstChain: 0, chains, seed, warmup, draws, precision, sampler: config.sampler, init: config.init },
    ...{ block: Math.min(draws, 100), keepWarmup: false, keepUnconstrained: false },
  };
  const kept = new Map();
  let done;
  for await (const event of manychain.runBatch(model, engine, settings)) {
    if (event.kind === "done") done = event;
    if (event.kind === "block") keep(kept, event.block, { chains: Math.min(chains, ESS_CHAINS), draws });
  }
  return { draws: kept, seconds: done.seconds, gradients: done.gradients, divergences: done.divergences };
}

function keep(kept, { posterior, firstDraw, draws: count, chains: all }, { chains, draws }) {
  for (const [name, values] of Object.entries(posterior)) {
    const size = values.length / (all * count);
    for (let k = 0; k < size; k++) {
      const key = size === 1 ? name : `${name}[${k}]`;
      if (!kept.has(key))
        kept.set(
          key,
          Array.from({ length: chains }, () => new Float64Array(draws)),
        );
      for (const [c, row] of kept.get(key).entries()) {
        for (let t = 0; t < count; t++) row[firstDraw + t] = values[(c * count + t) * size + k];
      }
    }
  }
}

/** The least bulk ESS over the unconstrained dimensions (which ranks do not tell from the constrained ones), and R-hat. */
export function efficiency({ diagnostics }, draws, chains) {
  const own = [...draws].filter(([name]) => QUANTITIES.includes(name.replace(/\[.*/, ""))).map(([, rows]) => rows);
  const least = Math.min(...own.map((rows) => diagnostics.essBulk(rows)));
  const rhat = Math.max(...own.map((rows) => diagnostics.rhat(rows)));
  return { ess_min: least * (chains / own[0].length), rhat_max: rhat, ess_chains: own[0].length };
}

/** Means of tau, beta and the coefficients against rstan's reference posterior, in standard errors of both. */
export function posteriorChecks({ diagnostics, folder }, draws) {
  const path = join(folder, "test/reference/breast_cancer/reference_posterior.json");
  const { quantities } = JSON.parse(readFileSync(path, "utf8"));
  const scores = [];
  for (const [name, expected] of Object.entries(quantities)) {
    const rows = draws.get(ours(name));
    if (rows === undefined) continue;
    const error = Math.hypot(diagnostics.mcseMean(rows), expected.mcse_mean);
    scores.push({ name, z: (diagnostics.mean(rows) - expected.mean) / error });
  }
  const worst = scores.reduce((a, b) => (Math.abs(a.z) >= Math.abs(b.z) ? a : b));
  const rms = Math.sqrt(scores.reduce((sum, { z }) => sum + z * z, 0) / scores.length);
  return {
    name: "main job against the reference posterior",
    passed: scores.length >= 61 && Math.abs(worst.z) <= 5 && rms < 1.5,
    detail: `${scores.length} means, largest |z| ${Math.abs(worst.z).toFixed(2)} (${worst.name}), root mean square ${rms.toFixed(2)}`,
  };
}

/** `beta[1]` … of the file as the package's `beta[0]` …; `coef` is `coefficient`. */
function ours(name) {
  const match = /^(tau|beta|coef)(?:\[(\d+)\])?$/.exec(name);
  if (match === null) return "";
  const base = match[1] === "coef" ? "coefficient" : match[1];
  return match[2] === undefined ? base : `${base}[${Number(match[2]) - 1}]`;
}
