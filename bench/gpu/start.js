/** Writes what a kernel of transitions starts from: any point, unit metric, a small step. Beside bench/gpu, which goes alone. */
export function start(kernel, { chains, dimension }) {
  kernel.write(
    "z",
    Float64Array.from({ length: chains * dimension }, (_, i) => 0.1 * Math.sin(7.3 * i)),
  );
  kernel.write("log_density", new Float64Array(chains));
  kernel.write("gradient", new Float64Array(chains * dimension));
  kernel.write(
    "chain_key",
    Uint32Array.from({ length: 2 * chains }, (_, i) => i),
  );
  kernel.write("step_size", [0.001]);
  kernel.write("inverse_mass", new Float64Array(dimension).fill(1));
}
