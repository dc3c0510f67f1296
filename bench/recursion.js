// Recursions that are written out: seconds of CPU to compile, µs per gradient and chain, memory, by the number of turns.
//   node bench/recursion.js [--turns 500 --turns 1000 …] [--chains 4] [--precision float32] [MODEL …]
// Models: scalar, garch, markov (three states), lotka (Runge-Kutta). Each length runs in a process of its own.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { wasmEngine } from "../dist/src/engine/wasm/engine.js";
import { lower } from "../dist/src/engine/wasm/lower.js";
import { halfNormal, model, normal, real, stack } from "../dist/src/index.js";
import { bind } from "../dist/src/model/bind.js";
import { densityProgram } from "../dist/src/sampler/transition.js";
import { scriptArguments } from "./arguments.js";
import { line, round, time } from "./common.js";

const within = (centre, spread) => normal(centre, spread).within(0, 1);

const MODELS = {
  scalar: (turns) =>
    model({
      parameters: { a: normal(0, 1), b: normal(0, 1) },
      likelihood: ({ a, b }) => {
        let x = a;
        for (let t = 0; t < turns; t++) x = x.mul(b).add(a).tanh();
        return normal(0, 1).observe(x);
      },
    }),
  garch: (turns) =>
    model({
      data: { y: real("time") },
      parameters: { omega: halfNormal(1), alpha: within(0.2, 0.1), beta: within(0.5, 0.1) },
      likelihood: ({ y, omega, alpha, beta }) => {
        const variances = [omega];
        for (let t = 1; t < turns; t++)
          variances.push(omega.add(alpha.mul(y.at(t - 1).square())).add(beta.mul(variances.at(-1))));
        return normal(0, stack(variances).sqrt()).observe(y);
      },
    }),
  markov: (turns) =>
    model({
      dimensions: { state: 3, to: 3 },
      data: { y: real("time") },
      parameters: { mu: normal(0, 3).over("state"), logit: normal(0, 2).over("state", "to") },
      likelihood: ({ y, mu, logit }) => {
        const transition = stack([0, 1, 2].map((i) => logit.at(i).exp().div(logit.at(i).exp().sum())));
        const b = normal(mu.reshape([1, 3]), 1)
          .logDensity(y.reshape([turns, 1]))
          .exp();
        let alpha = b.at(0).mul(1 / 3);
        const logs = [];
        for (let t = 1; t < turns; t++) {
          const sum = alpha.sum();
          logs.push(sum.log());
          alpha = alpha.div(sum).reshape([3, 1]).mul(transition).sum(0).mul(b.at(t));
        }
        return { y: stack([...logs, alpha.sum().log()]).sum() };
      },
    }),
  lotka: (turns) =>
    model({
      data: { y: real("time") },
      parameters: { a: within(0.5, 0.2), b: within(0.03, 0.01), c: within(0.8, 0.2), d: within(0.02, 0.01) },
      likelihood: ({ a, b, c, d }) => {
        const slope = (u, v) => [a.sub(b.mul(v)).mul(u), d.mul(u).sub(c).mul(v)];
        let [u, v] = [a.mul(0).add(30), a.mul(0).add(4)];
        for (let t = 0; t < turns; t++) {
          const h = 0.02;
          const [a1, b1] = slope(u, v);
          const [a2, b2] = slope(u.add(a1.mul(h / 2)), v.add(b1.mul(h / 2)));
          const [a3, b3] = slope(u.add(a2.mul(h / 2)), v.add(b2.mul(h / 2)));
          const [a4, b4] = slope(u.add(a3.mul(h)), v.add(b3.mul(h)));
          u = u.add(
            a1
              .add(a2.mul(2))
              .add(a3.mul(2))
              .add(a4)
              .mul(h / 6),
          );
          v = v.add(
            b1
              .add(b2.mul(2))
              .add(b3.mul(2))
              .add(b4)
              .mul(h / 6),
          );
        }
        return { y: normal(20, 5).logDensity(u) };
      },
    }),
};

const { turns, chains, precision, one, rest } = scriptArguments(import.meta.url, {
  turns: [],
  chains: "4",
  precision: "float32",
  one: false,
});
const lengths = turns.length > 0 ? turns : ["500", "1000", "2000", "5000"];
const names = rest.length > 0 ? rest : Object.keys(MODELS);
if (one) await measure(names[0], Number(lengths[0]));
else
  for (const name of names)
    for (const length of lengths) {
      const options = ["--turns", length, "--chains", chains, "--precision", precision];
      spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--one", ...options, name], { stdio: "inherit" });
    }

async function measure(name, length) {
  const data = { y: { data: Array.from({ length }, (_, i) => Math.sin(1.7 * i)), shape: [length] } };
  const source = MODELS[name](length);
  const seconds = {};
  const timed = async (phase, f) => {
    const before = process.cpuUsage();
    const result = await f();
    const { user, system } = process.cpuUsage(before);
    seconds[phase] = round((user + system) / 1e6, 2);
    return result;
  };
  const bound = await timed("bind", () => bind(source, name === "scalar" ? {} : { data }));
  const program = await timed("gradient", () => densityProgram(bound));
  const lowered = await timed("simplify", () => lower(program));
  const kernel = await timed("compile", () => wasmEngine().compile(program, { precision, chains: Number(chains) }));
  kernel.write("z", new Float64Array(chains * bound.dimension).fill(0.1));
  await timed("first call", () => kernel.run(1));
  for (const end = performance.now() + 2000; performance.now() < end; ) await kernel.run(1);
  const { least } = await time(() => kernel.run(10));
  line({
    ...{ model: name, turns: length, chains: Number(chains), precision, nodes: program.nodes.length },
    ...{ lowered: lowered.nodes.length, seconds, us_per_gradient: round(least / 10 / chains, 3) },
    megabytes: Math.round(process.memoryUsage.rss() / 1e6),
  });
}
