// npm run bench:peers [-- --only=blackjax-chees-64,manychain-64 --all --seeds=3 --core=1 --model=bc --gradients]
//
// Runs peers and manychain in turn on one core, seed by seed, and prints medians with ratios to the best peer. Ratios hold
// within one run on one machine. --model: bc (the main job), gc (German credit), es (eight schools), gauss (100 dimensions),
// kidiq (posteriordb's kidscore_interaction). Peers are installed into .venvs/ (pinned in peers.js; Python 3.11). Their scripts read the
// data and the reference posterior from MANYCHAIN_REFERENCE (default ../shared/reference).
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scriptArguments, setEach } from "../arguments.js";
import { commandLine } from "../command.js";
import { currentNode, versionOf } from "../node.js";
import { environments, ours, peers } from "./peers.js";
import { ownModels } from "./targets/index.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const defaults = { only: undefined, all: false, seeds: "3", core: "1", model: "bc", gradients: false };
const given = scriptArguments(import.meta.url, defaults);
const { core, model } = given;
const seeds = Number(given.seeds);
const reference = process.env.MANYCHAIN_REFERENCE ?? join(root, "../shared/reference");
const log = join(root, ".venvs", "peers.jsonl");
const own = ownModels(reference)[model];
if (own === undefined) {
  console.error(`--model: expected one of ${Object.keys(ownModels(reference)).join(", ")}, found ${model}`);
  process.exit(2);
}
const node = currentNode();

const chosen = (all) => {
  const only = given.only?.split(",");
  return Object.entries(all).filter(([name, { quick }]) => (only ? only.includes(name) : given.all || quick));
};

function python(env) {
  const folder = join(root, ".venvs", env);
  const bin = join(folder, "bin", "python");
  if (!existsSync(bin)) {
    console.error(`installing ${env}: ${environments[env].join(" ")}`);
    mkdirSync(join(root, ".venvs"), { recursive: true });
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    execFileSync(bin, ["-m", "pip", "install", "-q", ...environments[env]], { stdio: "inherit" });
  }
  return bin;
}

/** Runs a command on one core; returns its standard output and seconds from start to end. */
function onOneCore(command, args, env = {}, cwd = root) {
  const start = performance.now();
  const options = {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    cwd,
    env: { ...process.env, MANYCHAIN_REFERENCE: reference, ...env },
  };
  const { stdout, stderr, status } = spawnSync("taskset", ["-c", core, command, ...args.map(String)], options);
  if (status !== 0 && status !== 3) console.error(stderr.slice(-2000));
  return { stdout, seconds: (performance.now() - start) / 1000 };
}

function runPeer(name, { env, script, args }, seed) {
  const all = [join(root, "bench/peers", script), ...args, "--model", model, "--seed", seed];
  // Some leave files where they run.
  const { stdout, seconds } = onOneCore(python(env), all, {}, join(root, ".venvs"));
  const line = stdout.split("\n").find((text) => text.includes('{"peer"'));
  if (line === undefined) return undefined;
  const r = JSON.parse(line.slice(line.indexOf("{")));
  return {
    name,
    seed,
    ess: r.ess_min,
    rhat: r.rhat_max,
    sampling: r.samp_wall,
    warmup: r.warm_wall,
    gradients: r.grads_samp,
    allGradients: r.grads_samp + r.grads_warm,
    cold: seconds,
  };
}

function runOurs(name, { chains, draws, until, set = [] }, seed) {
  const { config, sampled, set: ofModel = [] } = own;
  const sizes = [chains && `chains=${chains}`, draws && `draws=${draws}`].filter(Boolean);
  const rule = until === undefined ? [] : [`draws.until.quantities=[${sampled}]`, ...until];
  const sets = setEach([...ofModel, ...sizes, ...rule, ...set]);
  const out = [
    "--seed",
    seed,
    "--workers",
    1,
    "--json",
    "--no-report",
    "--out",
    join(tmpdir(), "manychain-peers"),
    "--run-id",
    `${name}-${seed}`,
    "--force",
  ];
  const { stdout, seconds } = onOneCore(node, [commandLine, "run", join(root, config), ...sets, ...out]);
  const { run, quantities } = JSON.parse(stdout);
  // Ranks, and so bulk ESS, are the same on the unconstrained scale.
  const unconstrained = quantities.filter(({ name: quantity }) => sampled.includes(quantity.replace(/\[.*/, "")));
  return {
    name,
    seed,
    ess: Math.min(...unconstrained.map((q) => q.ess_bulk)),
    rhat: Math.max(...unconstrained.map((q) => q.rhat)),
    sampling: run.seconds.sampling,
    warmup: run.seconds.warmup,
    gradients: run.gradients.sampling,
    allGradients: run.gradients.sampling + run.gradients.warmup,
    cold: seconds,
  };
}

const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1];

const columns = {
  "ESS/s sampling": (r) => r.ess / r.sampling,
  "ESS/s with warm-up": (r) => r.ess / (r.sampling + r.warmup),
  "s to ESS 1000, warm": (r) => r.warmup + (1000 / r.ess) * r.sampling,
  "s, whole process": (r) => r.cold,
  "ESS per 1000 gradients": (r) => (1000 * r.ess) / r.gradients,
  "with warm-up": (r) => (1000 * r.ess) / r.allGradients,
  "µs per gradient": (r) => (1e6 * (r.sampling + r.warmup)) / r.allGradients,
  "R-hat": (r) => r.rhat,
};

function table(results) {
  const names = [...new Set(results.map((r) => r.name))];
  console.log(["", ...Object.keys(columns)].join(" | "));
  const rows = names.map((name) => {
    const own = results.filter((r) => r.name === name);
    return [name, Object.values(columns).map((column) => median(own.map(column)))];
  });
  for (const [name, cells] of rows) console.log([name, ...cells.map((x) => x.toPrecision(4))].join(" | "));
  const theirs = rows.filter(([name]) => !name.startsWith("manychain"));
  if (theirs.length === 0) return;
  const best = Object.keys(columns).map((title, i) => {
    const all = theirs.map(([, cells]) => cells[i]);
    return title.startsWith("ESS") || title.startsWith("with") ? Math.max(...all) : Math.min(...all);
  });
  for (const [name, cells] of rows.filter(([n]) => n.startsWith("manychain")))
    console.log([`${name} / best peer`, ...cells.map((x, i) => (x / best[i]).toPrecision(3))].join(" | "));
}

console.error(`manychain on Node ${versionOf(node)}`);
if (given.gradients) {
  // Raw cost of a gradient: JAX's grad, then ours, in turn.
  for (const f64 of ["", "1"]) {
    process.stdout.write(
      onOneCore(
        python("blackjax"),
        [join(root, "bench/peers/raw_jax.py"), "--model", model],
        f64 ? { MANYCHAIN_F64: f64 } : {},
      ).stdout,
    );
  }
  process.stdout.write(onOneCore(node, ["bench/main.js", "--only=gradient"]).stdout);
} else {
  const results = [];
  const record = (result) => {
    if (result === undefined) return;
    results.push(result);
    appendFileSync(log, `${JSON.stringify(result)}\n`);
    console.error(JSON.stringify(result));
  };
  for (const [, { env }] of chosen(peers)) python(env);
  mkdirSync(join(root, ".venvs"), { recursive: true });
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [name, peer] of chosen(peers)) record(runPeer(name, peer, seed));
    for (const [name, own] of chosen(ours)) record(runOurs(name, own, seed));
  }
  table(results);
}
