// node bench/families.js [--core=1 --chains=4,64 --precision=float32,float64 --only=linear,poisson --python=PATH]
//
// Microseconds of a log density with its gradient, per chain, of models of several kinds on made-up data: by the wasm engine
// (whole transitions of HMC) and by JAX (value_and_grad in a loop of leapfrog steps; families_jax.py), in turn on one core. One
// JSON line each, with how many times as fast as JAX the engine is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { constant } from "../dist/src/graph/node.js";
import { bind } from "../dist/src/model/bind.js";
import { index, real, count as wholeNumbers } from "../dist/src/model/data.js";
import { density } from "../dist/src/model/density.js";
import { halfNormal } from "../dist/src/model/distributions/halfNormal.js";
import { normal } from "../dist/src/model/distributions/normal.js";
import { poisson } from "../dist/src/model/distributions/poisson.js";
import { model } from "../dist/src/model/model.js";
import { scriptArguments } from "./arguments.js";
import { line, round } from "./common.js";
import { transitions } from "./gradient.js";
import { currentNode } from "./node.js";

const [ROWS, COLUMNS, GROUPS, DIMENSION] = [1000, 20, 50, 100];

/** Numbers in (−1, 1): the same in every run. */
function numbers(length, seed) {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
const table = { data: numbers(ROWS * COLUMNS, 1), shape: [ROWS, COLUMNS] };
const column = (data) => ({ data, shape: [ROWS] });

export const families = {
  linear: () =>
    bind(
      model({
        data: { x: real("row", "feature"), y: real("row") },
        parameters: { beta: normal(0, 1).over("feature"), sigma: halfNormal(1) },
        likelihood: ({ x, y, beta, sigma }) => normal(x.matvec(beta), sigma).observe(y),
      }),
      { data: { x: table, y: column(numbers(ROWS, 2)) } },
    ),
  poisson: () =>
    bind(
      model({
        data: { x: real("row", "feature"), y: wholeNumbers("row") },
        parameters: { beta: normal(0, 1).over("feature") },
        likelihood: ({ x, y, beta }) => poisson({ logRate: x.matvec(beta) }).observe(y),
      }),
      { data: { x: table, y: column(numbers(ROWS, 3).map((u) => Math.floor(3 * u * u))) } },
    ),
  hierarchical: () =>
    bind(
      model({
        data: { y: real("row"), group: index("group", "row") },
        dimensions: { group: GROUPS },
        parameters: {
          mu: normal(0, 1),
          tau: halfNormal(1),
          theta: ({ mu, tau }) => normal(mu, tau).over("group"),
          sigma: halfNormal(1),
        },
        likelihood: ({ y, group, theta, sigma }) => normal(theta.gather(group), sigma).observe(y),
      }),
      { data: { y: column(numbers(ROWS, 4)), group: column(numbers(ROWS, 5).map((_, i) => i % GROUPS)) } },
    ),
  dense: () => {
    const [a, D] = [numbers(DIMENSION * DIMENSION, 6), DIMENSION];
    const precision = a.map((_, k) => 0.01 * (a[k] + a[(k % D) * D + Math.floor(k / D)]) + Number(k % (D + 1) === 0));
    const matrix = constant(precision, [D, D]);
    return bind(density({ dimension: D, logDensity: (z) => matrix.matvec(z).dot(z).mul(-0.5) }), {});
  },
};

const root = fileURLToPath(new URL("..", import.meta.url));
const given = scriptArguments(import.meta.url, {
  ...{ only: Object.keys(families).join(","), core: "1", chains: "4,64", precision: "float32,float64" },
  ...{ python: `${root}.venvs/blackjax/bin/python`, one: undefined },
});

/** What a command prints on one core: a JSON line. */
function onOneCore(command, args) {
  const { stdout, stderr, status } = spawnSync("taskset", ["-c", given.core, command, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

function compare(family, precision, chains) {
  const own = [fileURLToPath(import.meta.url), `--one=${family},${precision},${chains}`];
  const ours = onOneCore(currentNode(), own);
  const jax = existsSync(given.python)
    ? onOneCore(given.python, [`${root}bench/families_jax.py`, family, precision, String(chains)])
    : undefined;
  const times = jax && { jax_us: jax.us, times_jax: round(jax.us / ours.us, 3) };
  line({ bench: "families", family, precision, chains: Number(chains), us: ours.us, ...times });
}

if (process.argv[1]?.endsWith("families.js")) {
  if (given.one !== undefined) {
    const [family, precision, chains] = given.one.split(",");
    line({ us: round((await transitions(families[family](), precision, Number(chains))).median) });
  } else
    for (const family of given.only.split(","))
      for (const precision of given.precision.split(","))
        for (const chains of given.chains.split(",")) compare(family, precision, chains);
}
