// node bench/adaptation/tune.js TARGET|CONFIG [--chains=64 --warmup=200 --draws=200 --seeds=3 --first=1 --precision=float32 --sampler=chees --set key=value …]
//
// Counts, not seconds: leapfrog steps and effective draws of a target of targets.js or of a config's model, warm-up and draws
// apart; one JSON line a seed.
import { runNutsBatch } from "../../dist/src/chain/nutsBatch.js";
import { runBatch } from "../../dist/src/chain/runBatch.js";
import { summarize } from "../../dist/src/diagnostics/index.js";
import { wasmEngine } from "../../dist/src/engine/wasm/engine.js";
import { scriptArguments } from "../arguments.js";
import { line, round } from "../common.js";
import { modelOf, targets } from "./targets.js";

const CHEES = { name: "chees", metric: "diagonal", target_acceptance: 0.75, max_steps: 1000 };
const NUTS = { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 10 };

/** One run of a bound model; least bulk ESS and largest R-hat over z. */
export async function measure(model, { chains, warmup, draws, seed, precision, sampler }) {
  const settings = {
    batch: 0,
    firstChain: 0,
    chains,
    seed: String(seed),
    warmup,
    draws,
    block: 100,
    precision,
    sampler: { ...(sampler.name === "nuts" ? NUTS : CHEES), ...sampler },
    init: { uniform: 2 },
    keepWarmup: false,
    keepUnconstrained: true,
  };
  const blocks = [];
  let done;
  let adapted;
  const traces = [];
  const run = sampler.name === "nuts" ? runNutsBatch : runBatch;
  for await (const event of run(model, wasmEngine(), settings)) {
    if (event.kind === "block") blocks.push(event.block);
    if (event.kind === "done") done = event;
    if (event.kind === "adapted") adapted = event.trace;
    if (event.kind === "adapting") traces.push(event.trace);
  }
  const D = model.dimension;
  let ess = Number.POSITIVE_INFINITY;
  let rhat = 0;
  for (let i = 0; i < D; i++) {
    const z = Array.from({ length: chains }, (_, c) =>
      Float64Array.from(
        blocks.flatMap((b) => Array.from({ length: b.draws }, (_, t) => b.unconstrained[(c * b.draws + t) * D + i])),
      ),
    );
    const s = summarize(z);
    ess = Math.min(ess, s.ess_bulk);
    rhat = Math.max(rhat, s.rhat);
  }
  let acceptance = 0;
  for (const b of blocks) acceptance += b.statistics.acceptance_rate.reduce((x, y) => x + y, 0);
  const { gradients, divergences } = done;
  return {
    chains,
    warmup,
    draws,
    seed,
    step: round(adapted.stepSize, 3),
    ...(adapted.trajectoryLength !== undefined && { T: round(adapted.trajectoryLength, 3) }),
    steps: round(gradients.sampling / chains / draws, 3),
    acceptance: round(acceptance / chains / draws, 3),
    per1000: round((1000 * ess) / gradients.sampling, 3),
    per1000_all: round((1000 * ess) / (gradients.sampling + gradients.warmup), 3),
    warmup_steps: Math.round(gradients.warmup / chains),
    ess_per_draw: round(ess / chains / draws, 3),
    rhat: round(rhat, 5),
    divergences: divergences.sampling,
    ...(adapted.trajectoryLength !== undefined && {
      T_by_tenth: traces
        .filter((_, i) => (i + 1) % Math.ceil(traces.length / 10) === 0)
        .map((t) => round(t.trajectoryLength, 2)),
    }),
  };
}

if (process.argv[1]?.endsWith("tune.js")) {
  const numbers = { chains: "64", warmup: "200", draws: "200", seeds: "3", first: "1" };
  const defaults = { ...numbers, precision: "float32", sampler: "chees", set: [] };
  const { rest, set, precision, sampler, ...given } = scriptArguments(import.meta.url, defaults);
  const [name] = rest;
  const model = targets[name]?.() ?? modelOf(name, set);
  const [chains, warmup, draws, seeds, first] = Object.keys(numbers).map((key) => Number(given[key]));
  for (let seed = first; seed < first + seeds; seed++)
    line(await measure(model, { chains, warmup, draws, seed, precision, sampler: { name: sampler } }));
}
