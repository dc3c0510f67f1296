// node bench/adaptation/robust.js [--targets=a,b --chains=64 --warmup=200 --draws=1000 --seeds=20]
//
// Worst and median over seeds, one JSON line a target: the largest R-hat over z, ESS per 1000 gradients, divergences.
import { scriptArguments } from "../arguments.js";
import { line, round } from "../common.js";
import { targets } from "./targets.js";
import { measure } from "./tune.js";

const given = scriptArguments(import.meta.url, {
  targets: "breast-cancer,german-credit,eight-schools,gaussian,rotated,kidiq",
  seeds: "20",
  chains: "64",
  warmup: "200",
  draws: "1000",
  precision: "float32",
});
const names = given.targets.split(",");
const seeds = Number(given.seeds);
const numbers = {
  chains: Number(given.chains),
  warmup: Number(given.warmup),
  draws: Number(given.draws),
  precision: given.precision,
  sampler: {},
};

const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1];

for (const name of names) {
  if (targets[name] === undefined) continue;
  const model = targets[name]();
  const runs = [];
  for (let seed = 1; seed <= seeds; seed++) runs.push(await measure(model, { ...numbers, seed }));
  const of = (key) => runs.map((run) => run[key]);
  line({
    target: name,
    seeds,
    chains: numbers.chains,
    warmup: numbers.warmup,
    draws: numbers.draws,
    rhat_worst: Math.max(...of("rhat")),
    rhat_median: median(of("rhat")),
    above_1_02: of("rhat").filter((rhat) => !(rhat <= 1.02)).length,
    per1000_worst: Math.min(...of("per1000")),
    per1000_median: median(of("per1000")),
    per1000_all_median: median(of("per1000_all")),
    steps_median: round(median(of("steps")), 3),
    warmup_steps_median: median(of("warmup_steps")),
    divergences_most: Math.max(...of("divergences")),
  });
}
