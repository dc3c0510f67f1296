// node bench/adaptation/robust.js [--targets=a,b --chains=64 --warmup=200 --draws=1000 --seeds=20]
//
// Worst and median over seeds, one JSON line a target: the largest R-hat over z, ESS per 1000 gradients, divergences.
import { line, round } from "../common.js";
import { targets } from "./targets.js";
import { measure } from "./tune.js";

const value = (name, otherwise) =>
  process.argv.find((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const names = value("targets", "breast-cancer,german-credit,eight-schools,gaussian,rotated,kidiq").split(",");
const seeds = Number(value("seeds", "20"));
const numbers = {
  chains: Number(value("chains", "64")),
  warmup: Number(value("warmup", "200")),
  draws: Number(value("draws", "1000")),
  precision: value("precision", "float32"),
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
