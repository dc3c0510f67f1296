// The constants of `engine: auto` (src/engine/auto/choose.ts), as far as a machine without a GPU can tell them.
import { operationsOf } from "../dist/src/engine/auto/operations.js";
import { createEngine } from "../dist/src/index.js";
import { densityProgram, hmcProgram } from "../dist/src/sampler/transition.js";
import { boundModel, round, time } from "./common.js";
import { transitions } from "./gradient.js";

/** Steps of a transition of the main job in warm-up, about. */
const STEPS = 16;
/** Estimates: kernels that NVIDIA's compiler makes of a leapfrog step of the main job, and microseconds to launch one. */
const KERNELS = 8;
const LAUNCH = 5;

/** Microseconds of a warm-up iteration of `xla` beyond its arithmetic: writes, one call, reads; on a model of next to no work. */
async function callMicroseconds() {
  const engine = await createEngine("xla");
  const model = boundModel("eight-schools");
  const { program, roles } = hmcProgram(model, { recordPosition: false });
  const [chains, D] = [64, model.dimension];
  const kernel = await engine.compile(program, { ...roles, precision: "float32", chains });
  kernel.write("z", new Float64Array(chains * D));
  kernel.write("log_density", new Float64Array(chains));
  kernel.write("gradient", new Float64Array(chains * D));
  kernel.write("chain_key", new Uint32Array(2 * chains));
  const tuning = () => {
    kernel.write("step_size", [0.001]);
    kernel.write("inverse_mass", new Float64Array(D).fill(1));
  };
  tuning();
  const numbers = Array.from({ length: 200 }, (_, i) => i);
  const block = await time(() => kernel.run(200, { iteration: numbers, steps: numbers.map(() => STEPS) }));
  const single = await time(async () => {
    for (const iteration of numbers) {
      tuning();
      await kernel.run(1, { iteration: [iteration], steps: [STEPS] });
      for (const name of ["z", "proposal_z", "proposal_momentum", "gradient"]) await kernel.read(name);
    }
  });
  kernel.dispose();
  return (single.least - block.least) / 200;
}

export async function breakEvenConstants() {
  const operations = operationsOf(densityProgram(boundModel("breast-cancer")));
  const { least } = await transitions(boundModel("breast-cancer"), "float32", 64);
  const call = await callMicroseconds();
  const step = call / STEPS + KERNELS * LAUNCH;
  const core = least / operations;
  return {
    ...{
      bench: "break-even",
      operations_of_a_gradient: operations,
      core_us_per_operation: Number(core.toPrecision(3)),
    },
    ...{ call_us: round(call), step_us: round(step, 3), estimated_kernels: KERNELS, estimated_launch_us: LAUNCH },
    break_even_operations: round(step / core, 3),
  };
}
