// Microseconds per (log density and gradient) per chain: the wasm engine inside a whole transition, and plain JavaScript.
import { wasmEngine } from "../dist/src/engine/wasm/engine.js";
import { hmcProgram } from "../dist/src/sampler/transition.js";
import { boundModel, line, round, time } from "./common.js";
import { start as writeStart } from "./gpu/start.js";

const STEPS = 20;

/** A kernel of whole transitions of HMC, ready to run. */
async function ready(model, precision, chains) {
  const { program, roles } = hmcProgram(model, { recordPosition: false });
  const start = performance.now();
  const kernel = await wasmEngine().compile(program, { ...roles, precision, chains });
  const compile = performance.now() - start;
  writeStart(kernel, { chains, dimension: model.dimension });
  return { kernel, compile };
}

const scheduleOf = (iterations) => ({
  iteration: Array.from({ length: iterations }, (_, i) => i),
  steps: new Array(iterations).fill(STEPS),
});

/** Whole transitions of HMC with 20 steps, random numbers, accept and draws included. */
export async function transitions(model, precision, chains) {
  const { kernel, compile } = await ready(model, precision, chains);
  const iterations = Math.max(2, Math.round((model.dimension > 30 ? 20_000 : 400_000) / chains / STEPS));
  const schedule = scheduleOf(iterations);
  const { median, least } = await time(() => kernel.run(iterations, schedule));
  kernel.dispose();
  const gradients = iterations * STEPS * chains;
  return { gradients, compile, median: median / gradients, least: least / gradients };
}

/**
 * What the hot loop leaves on V8's heap for each iteration: a call of many iterations against one of few, so that what a
 * call costs once drops out. Buffers are what is recorded: the draws' statistics, and nothing else.
 */
export async function benchAllocation() {
  const chains = 64;
  const { kernel } = await ready(boundModel("breast-cancer"), "float32", chains);
  const [few, many] = [50, 450];
  const schedules = new Map([few, many].map((n) => [n, scheduleOf(n)]));
  const bytes = async (iterations) => {
    const before = process.memoryUsage();
    const recorded = await kernel.run(iterations, schedules.get(iterations));
    const after = process.memoryUsage();
    const kept = Object.values(recorded).reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { heap: after.heapUsed - before.heapUsed, buffers: after.arrayBuffers - before.arrayBuffers, kept };
  };
  for (let warm = 0; warm < 3; warm++) for (const n of [few, many]) await bytes(n);
  const found = [];
  for (let repeat = 0; repeat < 5; repeat++) {
    const [a, b] = [await bytes(few), await bytes(many)];
    const each = (key) => (b[key] - a[key]) / (many - few);
    found.push({ heap: each("heap"), buffers: each("buffers"), kept: each("kept") });
  }
  kernel.dispose();
  const median = (key) => round(found.map((x) => x[key]).sort((x, y) => x - y)[2], 3);
  const perIteration = { heap_bytes: median("heap"), buffer_bytes: median("buffers"), recorded_bytes: median("kept") };
  line({ bench: "allocation", model: "breast-cancer", precision: "float32", chains, steps: STEPS, ...perIteration });
}

/** The main job's density and gradient as a person would write them in JavaScript: loops over Float64Arrays. */
export function plainLoops() {
  const model = boundModel("breast-cancer");
  const x = model.constants.x.values ?? model.constants.x.data;
  const y = model.observed.y.values ?? model.observed.y.data;
  const n = y.length;
  const d = x.length / n;
  const coefficient = new Float64Array(d);
  const gradient = new Float64Array(1 + 2 * d);
  const residual = new Float64Array(n);
  const evaluate = (z) => {
    const tau = Math.exp(z[0]);
    let logDensity = 0.5 * z[0] - 0.5 * tau;
    for (let j = 0; j < d; j++) {
      const lambda = Math.exp(z[1 + j]);
      coefficient[j] = tau * lambda * z[1 + d + j];
      logDensity += 0.5 * z[1 + j] - 0.5 * lambda - 0.5 * z[1 + d + j] ** 2;
    }
    for (let i = 0; i < n; i++) {
      let logit = 0;
      for (let j = 0; j < d; j++) logit += x[i * d + j] * coefficient[j];
      const e = Math.exp(-Math.abs(logit));
      logDensity += y[i] * logit - Math.max(logit, 0) - Math.log1p(e);
      residual[i] = y[i] - (logit >= 0 ? 1 : e) / (1 + e);
    }
    gradient.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) gradient[1 + d + j] += x[i * d + j] * residual[i];
    let dTau = 0;
    for (let j = 0; j < d; j++) {
      const slope = gradient[1 + d + j];
      dTau += slope * coefficient[j];
      gradient[1 + j] = slope * coefficient[j] + 0.5 - 0.5 * Math.exp(z[1 + j]);
      gradient[1 + d + j] = slope * tau * Math.exp(z[1 + j]) - z[1 + d + j];
    }
    gradient[0] = dTau + 0.5 - 0.5 * tau;
    return logDensity;
  };
  return { evaluate, gradient, dimension: 1 + 2 * d };
}

export async function benchGradient(sizes) {
  const plain = plainLoops();
  const z = Float64Array.from({ length: plain.dimension }, (_, i) => 0.1 * Math.sin(7.3 * i));
  const repeats = 2000;
  const loops = await time(() => {
    for (let i = 0; i < repeats; i++) plain.evaluate(z);
  });
  const plainMicroseconds = loops.median / repeats;
  line({
    bench: "gradient",
    model: "breast-cancer",
    engine: "plain JavaScript loops",
    precision: "float64",
    us: round(plainMicroseconds),
  });
  for (const config of ["breast-cancer", "eight-schools"])
    for (const precision of ["float32", "float64"])
      for (const chains of sizes) {
        const { gradients, median, least, compile } = await transitions(boundModel(config), precision, chains);
        const times = config === "breast-cancer" ? { times_plain: round(plainMicroseconds / median, 3) } : {};
        const us = { us: round(median), us_least: round(least), compile_ms: round(compile, 3), gradients };
        line({ bench: "gradient", model: config, engine: "wasm", precision, chains, steps: STEPS, ...us, ...times });
      }
}
