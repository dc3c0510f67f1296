// Gradients a second: whole transitions of HMC of 20 leapfrog steps, random numbers, acceptance and draws included; wall
// time, as on a GPU the processor waits.
import { start } from "./start.js";

const STEPS = 20;
/** Of one gradient: two products of 569 × 30, a multiplication and an addition each. Functions of 569 logits come on top. */
export const FLOP = 4 * 569 * 30;

/** NVIDIA's data sheets, float32 without tensor cores, Tflop/s. */
const PEAKS = [
  [/H100 80GB HBM3|H200/, 67],
  [/H100 PCIe/, 51],
  [/A100/, 19.5],
];

export function peakOf(kind) {
  return PEAKS.find(([pattern]) => pattern.test(kind))?.[1];
}

/** Median seconds of some calls after one that is not counted. */
async function time(f, runs = 5) {
  await f();
  const times = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await f();
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[runs >> 1];
}

/** `{ chains, seconds_per_iteration, gradients_per_second, … }` at one batch size; at least `least` seconds are measured. */
export async function gradientSpeed(manychain, engine, model, { chains, precision, peak, least = 1 }) {
  const { program, roles } = manychain.hmcProgram(model, { recordPosition: false });
  const started = performance.now();
  const kernel = await engine.compile(program, { ...roles, precision, chains });
  const compile = (performance.now() - started) / 1000;
  start(kernel, { chains, dimension: model.dimension });
  const run = (iterations) => {
    const numbers = Array.from({ length: iterations }, (_, i) => i);
    return kernel.run(iterations, { iteration: numbers, steps: numbers.map(() => STEPS) });
  };
  const first = await time(() => run(1), 3);
  const iterations = Math.max(2, Math.min(200, Math.round(least / 5 / first)));
  const seconds = await time(() => run(iterations));
  kernel.dispose();
  const perSecond = (iterations * STEPS * chains) / seconds;
  return {
    ...{ chains, precision, compile_seconds: compile, one_iteration_seconds: first },
    ...{ seconds_per_step: seconds / iterations / STEPS, gradients_per_second: perSecond },
    ...(peak !== undefined && { share_of_peak: (perSecond * FLOP) / (peak * 1e12) }),
  };
}

/**
 * From which chains × operations of a step on the device is faster than a core of this machine by the wasm engine: the
 * constants of `engine: auto` (src/engine/auto/choose.ts). Undefined where it never is.
 */
export function breakEven(device, wasm, operations) {
  const core = wasm.seconds_per_step / wasm.chains;
  const won = device.find(({ chains, seconds_per_step: step }) => step < core * chains);
  return {
    wasm_seconds_per_operation: core / operations,
    device_seconds_per_step_of_the_smallest_batch: device[0].seconds_per_step,
    operations_of_a_gradient: operations,
    ...(won !== undefined && { faster_from_chains: won.chains }),
    break_even_operations: (device[0].seconds_per_step / core) * operations,
  };
}
