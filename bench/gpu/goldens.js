// JAX's numbers: 21 transitions of the seed's hmc_step, and the main job's density and gradient.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** XLA may add in any order on a GPU: what is allowed beyond the sensitivity of each case to its start. */
const FLOAT64 = 1e-9;

const read = (folder, path) => JSON.parse(readFileSync(join(folder, "test/reference", path), "utf8"));

/** One check each: every case in float64, and in float32. */
export async function goldens(manychain, engine, model) {
  const { points, cases } = read(manychain.folder, "hmc_step/breast_cancer.json");
  const checks = [await density(manychain, engine, model)];
  for (const precision of ["float64", "float32"]) {
    const stepper = manychain.hmcStepper(model, { engine, precision, chains: cases.length });
    for (const [i, one] of cases.entries()) {
      const found = await take(manychain, stepper, points[one.point].z, one, cases.length);
      checks.push({ name: `hmc_step: case ${i}, ${precision}`, ...judge(found, one, precision) });
    }
    stepper.dispose();
  }
  return checks;
}

/** All chains do the same, so that every place of a batch is tried; the last one's numbers are compared. */
async function take({ random }, stepper, z, one, chains) {
  const all = (value) => Array.from({ length: chains }, () => value);
  const results = await stepper.step({
    z: all(z),
    keys: all(random.key(one.seed)),
    stepSize: one.step_size,
    steps: one.num_leapfrog_steps,
  });
  return results.at(-1);
}

function judge(found, one, precision) {
  const expected = one[precision];
  const ratio = Number(
    precision === "float64" ? expected.log_accept_ratio : one.float32_case_in_float64.log_accept_ratio,
  );
  if (found.isAccepted !== expected.is_accepted) {
    return { passed: false, detail: `accepted is ${found.isAccepted}, expected ${expected.is_accepted}` };
  }
  if (!Number.isFinite(Number(expected.log_accept_ratio))) {
    return { passed: found.isDiverging && !(found.logAcceptRatio > -1000), detail: `ratio ${found.logAcceptRatio}` };
  }
  const error = Math.abs(found.logAcceptRatio - ratio);
  const allowed = bound(one, precision, ratio);
  return {
    passed: error <= allowed,
    detail: `log acceptance ratio off by ${error.toExponential(2)}, allowed ${allowed.toExponential(2)}`,
  };
}

/** The roundings of sums of 569 terms, and what a change of the start by one rounding does: see test/laws/hmcStep.ts. */
function bound(one, precision, ratio) {
  const sensitivity = Number(one.float64["shift_1e-13"].log_accept_ratio);
  if (precision === "float64") return Math.max(FLOAT64 * Math.max(1, Math.abs(ratio)), sensitivity);
  const energies = Math.hypot(Number(one.float32.energy), Number(one.float32.new_energy));
  return (Math.sqrt(569) / 3) * 2 ** -24 * energies + (2 ** -23 / 1e-13) * sensitivity;
}

async function density({ logDensityAndGradient, folder }, engine, model) {
  const golden = read(folder, "breast_cancer/golden.json").values.X_float64;
  const { logDensity, gradient } = await logDensityAndGradient(model, golden.test_point_z, { engine });
  const worst = Math.max(...golden.grad_test_point.map((g, i) => Math.abs(gradient[i] - g) / Math.max(1, Math.abs(g))));
  const error = Math.abs(logDensity / golden.lp_test_point - 1);
  return {
    name: "density and gradient of the main job, float64",
    passed: error < 1e-12 && worst < 1e-10,
    detail: `log density off by ${error.toExponential(2)}, gradient by ${worst.toExponential(2)} (relative)`,
  };
}
