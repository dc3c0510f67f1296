// NumPyro and BlackJAX on the same device: a Python process for each batch size, whose draws are judged as ours are.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawsPerChain, ESS_CHAINS, efficiency } from "./sampling.js";

const SCRIPT = fileURLToPath(new URL("./peers.py", import.meta.url));
export const PEERS = ["blackjax-chees", "numpyro-nuts", "jax-gradient"];

/** The CUDA plugin that JAX would take, beside a Python. */
export function cudaPlugin(python) {
  const lib = join(dirname(dirname(python)), "lib");
  if (!existsSync(lib)) return undefined;
  const found = readdirSync(lib)
    .filter((name) => name.startsWith("python3"))
    .flatMap((name) => {
      const plugins = join(lib, name, "site-packages/jax_plugins");
      return existsSync(plugins)
        ? readdirSync(plugins).map((plugin) => join(plugins, plugin, "xla_cuda_plugin.so"))
        : [];
    })
    .filter((file) => existsSync(file));
  return found[0];
}

/** What a peer did at one batch size: its speed, or why there is none. */
export function runPeer(manychain, peer, chains, { python, precision, draws: total, warmup, peerSeconds, rehearse }) {
  const folder = mkdtempSync(join(tmpdir(), "manychain-peer-"));
  const draws = drawsPerChain(total, chains);
  const data = join(manychain.folder, "test/reference/breast_cancer/breast_cancer.csv");
  const sizes = ["--chains", chains, "--draws", draws, "--warmup", warmup, "--keep", Math.min(chains, ESS_CHAINS)];
  const args = [SCRIPT, "--peer", peer, "--data", data, "--out", folder, "--precision", precision, ...sizes].map(
    String,
  );
  const env = {
    ...process.env,
    XLA_PYTHON_CLIENT_PREALLOCATE: "false",
    ...(rehearse ? { JAX_PLATFORMS: "cpu" } : { JAX_PLATFORMS: "cuda" }),
  };
  try {
    const { stdout, stderr, status, signal } = spawnSync(python, args, {
      env,
      encoding: "utf8",
      timeout: peerSeconds * 1000,
    });
    if (signal !== null) return { peer, chains, failed: `stopped after ${peerSeconds} s` };
    if (status !== 0) return { peer, chains, failed: stderr.trim().split("\n").slice(-3).join(" ") };
    const told = JSON.parse(stdout.trim().split("\n").at(-1));
    return { peer, ...told, ...(peer === "jax-gradient" ? {} : judged(manychain, folder, told)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Speed from the draws that it left: `[dimension][chain][draw]`, float32. */
function judged(manychain, folder, { chains, kept, draws, seconds }) {
  const bytes = readFileSync(join(folder, "draws.f32"));
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const size = kept * draws;
  const named = new Map(
    Array.from({ length: all.length / size }, (_, d) => [
      `beta[${d}]`,
      Array.from({ length: kept }, (_, c) =>
        Float64Array.from(all.subarray(d * size + c * draws, d * size + (c + 1) * draws)),
      ),
    ]),
  );
  const found = efficiency(manychain, named, chains);
  return {
    ...found,
    ess_per_second: found.ess_min / seconds.sampling,
    ess_per_second_with_warmup: found.ess_min / (seconds.sampling + seconds.warmup),
  };
}
