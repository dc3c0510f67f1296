// Most resident memory of a whole run, threads included, of very many chains that keep moments and no draws.
// node bench/reproduce/memory.js [chains = 4096] [draws = 1000] [--set option=value …]
// Few leapfrog steps, since memory does not depend on them: it measures memory, and the draws have not converged.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scriptArguments, setEach } from "../arguments.js";
import { manychain } from "./process.js";

const LIMIT = 1.5e9;
const { set, rest } = scriptArguments(import.meta.url, { set: [] });
const [chains = "4096", draws = "1000"] = rest;
const config = fileURLToPath(new URL("../../config/breast-cancer.yaml", import.meta.url));
const out = await mkdtemp(join(tmpdir(), "manychain-memory-"));

/** Peak resident bytes of a process, all its threads included, as Linux counts them. */
function peakOf(pid) {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

let most = 0;
const begun = (child) => {
  const timer = setInterval(() => {
    most = Math.max(most, peakOf(child.pid));
  }, 50);
  child.on("exit", () => clearInterval(timer));
};
const settings = {
  chains,
  draws,
  keep: "moments",
  warmup: 20,
  "sampler.name": "hmc",
  "sampler.steps": 1,
  gates: false,
};
const given = Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
const start = performance.now();
const { code, stderr } = await manychain(
  ["run", config, ...given, ...setEach(set), "--quiet", "--out", out, "--run-id", "x"],
  {
    begun,
  },
);
if (code !== 0) throw new Error(`the run ended with ${code}: ${stderr}`);
const { run, quantities } = JSON.parse(readFileSync(join(out, "breast-cancer/x/summary.json"), "utf8"));
await rm(out, { recursive: true });
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
console.log(`${run.chains} chains × ${run.draws} draws, moments of ${quantities.length} quantities`);
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s, sampling ${run.seconds.sampling.toFixed(0)} s`);
console.log(`most resident memory: ${megabytes(most)}, limit ${megabytes(LIMIT)}: ${most < LIMIT ? "ok" : "TOO MUCH"}`);
process.exitCode = most > 0 && most < LIMIT ? 0 : 1;
