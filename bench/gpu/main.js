// bench/gpu: does manychain compute the right thing on this card, and how fast? One JSON and one plot.
//
// Needs Node, a built copy of the package with its dependencies and koffi, an NVIDIA driver and JAX's CUDA plugin; nothing
// from the network. `--help` tells the options; bench/gpu/results/README.md tells how a run is made.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { conformance } from "./conformance.js";
import { goldens } from "./goldens.js";
import { breakEven, gradientSpeed, peakOf } from "./gradients.js";
import { parseOptions, USAGE } from "./options.js";
import { boundModel, loadPackage } from "./package.js";
import { cudaPlugin, PEERS, runPeer } from "./peers.js";
import { plot } from "./plot.js";
import { drawsPerChain, efficiency, posteriorChecks, sample } from "./sampling.js";

const say = (text) => console.error(`[${(performance.now() / 1000).toFixed(0)} s] ${text}`);

/** The engine on the plugin's first device, and what it says of it. Ends where that is no GPU, unless it is a rehearsal. */
async function openEngine(manychain, options) {
  const plugin = options.plugin ?? (options.python === undefined ? undefined : cudaPlugin(options.python));
  const engine = manychain.xlaEngine({ ...(plugin !== undefined && { plugin }), cache: null });
  const probe = await engine.probe();
  if (!probe.available) throw new Error(`the xla engine cannot run here: ${probe.reason}. ${probe.remedy}`);
  const isGpu = probe.device?.accelerator === true;
  if (!isGpu && !options.rehearse) {
    const found = probe.details.join("; ");
    throw new Error(
      `found no GPU (${found}). Give NVIDIA's plugin by --plugin or --python, or try the script with --rehearse.`,
    );
  }
  return { engine, kind: probe.device?.kind ?? "unknown", details: probe.details };
}

async function correctness(manychain, engine, job, options) {
  const checks = await conformance(manychain, engine);
  checks.push(...(await goldens(manychain, engine, job.model)));
  say("main job against the reference posterior");
  const size = {
    chains: 64,
    draws: options.rehearse ? 250 : 1000,
    warmup: options.warmup,
    precision: options.precision,
  };
  const { draws } = await sample(manychain, engine, job, { ...size, seed: "7" });
  checks.push(posteriorChecks(manychain, draws));
  for (const { name, passed, detail } of checks) if (!passed) say(`FAILED ${name}: ${detail}`);
  say(`${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed`);
  return checks;
}

async function gradients(manychain, engine, model, options, peak) {
  const { precision, rehearse } = options;
  const least = rehearse ? 0.1 : 2;
  const device = [];
  for (const chains of options.chains) {
    device.push(await gradientSpeed(manychain, engine, model, { chains, precision, peak, least }));
    say(`${chains} chains: ${device.at(-1).gradients_per_second.toPrecision(4)} gradients/s`);
  }
  const own = await manychain.createEngine("wasm");
  const wasm = await gradientSpeed(manychain, own, model, { chains: 64, precision, least });
  const operations = manychain.operationsOf(manychain.densityProgram(model));
  return { device, wasm, break_even: breakEven(device, wasm, operations) };
}

async function sampling(manychain, engine, job, options) {
  const all = [];
  for (const chains of options.chains) {
    const draws = drawsPerChain(options.draws, chains);
    const found = await sample(manychain, engine, job, { ...options, chains, draws });
    const judged = efficiency(manychain, found.draws, chains);
    const { seconds, gradients: made, divergences } = found;
    all.push({
      ...{ sampler: "chees", chains, draws, warmup: options.warmup, precision: options.precision, ...judged },
      ...{ ess_per_second: judged.ess_min / seconds.sampling, seconds, gradients: made, divergences },
      ess_per_second_with_warmup: judged.ess_min / (seconds.sampling + seconds.warmup),
    });
    say(`${chains} chains: ${all.at(-1).ess_per_second.toPrecision(4)} ESS/s, R-hat ${judged.rhat_max.toFixed(3)}`);
  }
  return all;
}

function peers(manychain, options) {
  const found = [];
  for (const peer of PEERS) {
    for (const chains of options.chains) {
      found.push(runPeer(manychain, peer, chains, options));
      const { ess_per_second: ess, gradients_per_second: rate, failed } = found.at(-1);
      say(`${peer}, ${chains} chains: ${failed ?? (ess === undefined ? `${rate} gradients/s` : `${ess} ESS/s`)}`);
      // More chains take longer still.
      if (failed?.startsWith("stopped")) break;
    }
  }
  return found;
}

async function main(options) {
  if (options.help) return console.log(USAGE);
  const manychain = await loadPackage(options.package);
  const job = boundModel(manychain, "breast-cancer");
  const { engine, kind, details } = await openEngine(manychain, options);
  say(details.join("; "));
  const peak = options.peak ?? peakOf(kind);
  const has = (part) => options.only.includes(part);
  const checks = has("correctness") ? await correctness(manychain, engine, job, options) : [];
  const speed = has("gradients") ? await gradients(manychain, engine, job.model, options, peak) : undefined;
  const ess = has("sampling") ? await sampling(manychain, engine, job, options) : [];
  const others = has("peers") && options.python !== undefined ? peers(manychain, options) : [];
  const versions = { manychain: manychain.version, node: process.version };
  const machine = { device: kind, details, cpu: cpus()[0]?.model, peak_tflops: peak };
  const result = {
    ...{
      made: new Date().toISOString(),
      rehearsal: options.rehearse,
      command: process.argv.slice(2),
      versions,
      machine,
    },
    ...{ correctness: checks, gradients: speed, sampling: ess, peers: others },
    ...(options.python === undefined && { peers_left_out: "no --python was given" }),
  };
  await write(options, kind, result);
  if (checks.some(({ passed }) => !passed)) process.exitCode = 1;
}

function figure({ machine, rehearsal, sampling: ess, gradients: speed, peers: others }) {
  const title = `${rehearsal ? "REHEARSAL on " : ""}${machine.device}: the main job (569 × 30, 61 dimensions)`;
  return { title, sampling: ess, gradients: speed?.device ?? [], peers: others };
}

async function write({ out, rehearse, package: folder }, kind, result) {
  mkdirSync(out, { recursive: true });
  const name = `${rehearse ? "rehearsal-" : ""}${kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(out, `${name}.svg`), await plot(folder, figure(result)));
  say(`written: ${join(out, `${name}.json`)} and ${name}.svg`);
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 5;
}
