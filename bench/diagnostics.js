// All diagnostics of 64 chains × 1000 draws × 61 quantities.
import { summarize } from "../dist/src/diagnostics/index.js";
import { line, round, time } from "./common.js";

/** Autocorrelated numbers from a linear congruence: the same in every run. */
function chains(count, draws, seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: count }, () => {
    let x = 0;
    return Float64Array.from({ length: draws }, () => {
      x = 0.5 * x + uniform() + uniform() + uniform();
      return x;
    });
  });
}

export async function benchDiagnostics() {
  const quantities = Array.from({ length: 61 }, (_, q) => chains(64, 1000, q + 1));
  const { median } = await time(() => {
    for (const draws of quantities) summarize(draws);
  }, 3);
  line({ bench: "diagnostics", chains: 64, draws: 1000, quantities: 61, seconds: round(median / 1e6, 3) });
}
