// node bench/engines.js [--only=speed|break-even --core=1 --python=PATH --chains=64,1024 --rounds=2]
//
// Microseconds of processor time per gradient and chain of the main job, on one core: whole transitions of HMC with 20
// leapfrog steps, random numbers, acceptance and draws included, by each engine and by JAX (jax.value_and_grad, and the gradient
// derived by hand; bench/engines_jax.py) in turn; `wasm-narrow` is without vectors of 256 bits, as on Node 20 and 22. One JSON
// line each, with ratios to JAX. With `break-even`: the constants of `engine: auto`. Ratios hold within one run on one machine;
// run it on a quiet one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { scriptArguments } from "./arguments.js";
import { breakEvenConstants } from "./breakEven.js";
import { boundModel, line, round, time } from "./common.js";
import { start } from "./gpu/start.js";
import { currentNode, versionOf } from "./node.js";

const STEPS = 20;
const ENGINES = ["xla", "tensorflow", "wasm", "wasm-fast", "wasm-narrow"];
const JAX = ["jax-hand", "jax-grad"];
const root = fileURLToPath(new URL("..", import.meta.url));
const given = scriptArguments(import.meta.url, {
  ...{ only: undefined, core: "1", python: `${root}.venvs/blackjax/bin/python`, rounds: "2" },
  ...{ chains: "64,1024", precision: "float32,float64", one: undefined },
});
const { core, one, only, python } = given;
// What a child measures, it measures on the Node that it was started with.
const node = one === undefined ? currentNode() : process.execPath;

/** Whole transitions by one engine: what a child process measures. */
async function measure(name, precision, chains) {
  const { createEngine } = await import("../dist/src/index.js");
  const { hmcProgram } = await import("../dist/src/sampler/transition.js");
  const engine = name.startsWith("wasm")
    ? await createEngine("wasm", { fast: name === "wasm-fast", wide: name !== "wasm-narrow" })
    : await createEngine(name);
  const probe = await engine.probe();
  if (!probe.available) throw new Error(`${name}: ${probe.reason}`);
  const model = boundModel("breast-cancer");
  const { program, roles } = hmcProgram(model, { recordPosition: false });
  const started = performance.now();
  const kernel = await engine.compile(program, { ...roles, precision, chains });
  start(kernel, { chains, dimension: model.dimension });
  const iterations = Math.max(2, Math.round(200_000 / chains / STEPS));
  const numbers = Array.from({ length: iterations }, (_, i) => i);
  const run = () => kernel.run(iterations, { iteration: numbers, steps: numbers.map(() => STEPS) });
  await run();
  const ready = (performance.now() - started) / 1000;
  const { median, least } = await time(run, 5);
  kernel.dispose();
  const gradients = iterations * STEPS * chains;
  line({ us: median / gradients, us_least: least / gradients, ready_seconds: round(ready, 3) });
}

/** Runs a command on one core; the last line that it prints, as JSON, or why there is none. */
function onOneCore(command, args) {
  const given = { encoding: "utf8", cwd: root, timeout: 300_000 };
  const { stdout, stderr, status } = spawnSync("taskset", ["-c", core, command, ...args.map(String)], given);
  if (status !== 0) return { failed: (stderr ?? "").trim().split("\n").at(-1) };
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

function child(name, precision, chains) {
  if (!JAX.includes(name)) return onOneCore(node, ["bench/engines.js", `--one=${name},${precision},${chains}`]);
  if (!existsSync(python)) return { failed: `there is no ${python}: give --python=PATH of a Python with JAX` };
  const sizes = ["--chains", chains, "--precision", precision, "--steps", STEPS];
  const data = ["--data", "test/reference/breast_cancer/breast_cancer.csv"];
  return onOneCore(python, ["bench/engines_jax.py", "--gradient", name.slice(4), ...sizes, ...data]);
}

/** The least of some rounds, in turn with the others. */
function compare(precision, chains) {
  const best = new Map();
  for (let turn = 0; turn < Number(given.rounds); turn++) {
    for (const name of [...JAX, ...ENGINES]) {
      const found = child(name, precision, chains);
      const before = best.get(name);
      if (before === undefined || before.failed !== undefined || found.us < before.us) best.set(name, found);
    }
  }
  const against = (found, peer) =>
    best.get(peer)?.us === undefined ? undefined : round(found.us / best.get(peer).us, 3);
  for (const [engine, found] of best) {
    const head = { bench: "engines", engine, precision, chains, steps: STEPS };
    if (found.failed !== undefined) line({ ...head, failed: found.failed });
    else {
      const ratios = { to_jax_hand: against(found, "jax-hand"), to_jax_grad: against(found, "jax-grad") };
      line({
        ...head,
        us: round(found.us),
        us_least: round(found.us_least),
        ready_seconds: found.ready_seconds,
        ...ratios,
      });
    }
  }
}

if (one !== undefined) {
  const [name, precision, chains] = one.split(",");
  await measure(name, precision, Number(chains));
  // What a library leaves running must not hold the process.
  process.exit(0);
}
line({ node: versionOf(node), cpu: cpus()[0]?.model, core, python: existsSync(python) });
if (only === undefined || only === "speed") {
  for (const precision of given.precision.split(","))
    for (const chains of given.chains.split(",")) compare(precision, Number(chains));
}
if (only === undefined || only === "break-even") line(await breakEvenConstants());
process.exit(0);
