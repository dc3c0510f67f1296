// Kills runs at random moments, resumes them, and compares the digest of every chain, and every byte of draws.zarr, with
// an undisturbed run.
// node bench/reproduce/kills.js [kills a scenario = 30] [scenario … | all = chees] [--seed = 1]
import { existsSync, readdirSync, watch } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptArguments } from "../arguments.js";
import { eventsOf, fingerprint, manychain, runDocument, SCHOOLS } from "./process.js";

/** Small blocks, so that much is written; a warm-up so long that it has checkpoints. */
const BASE = { chains: 32, batches: 4, warmup: 1600, draws: 1200, block: 10, gates: false, workers: 2 };
const SCENARIOS = {
  chees: {},
  nuts: { sampler: { name: "nuts" }, warmup: 400, draws: 300 },
  hmc: { sampler: { name: "hmc", steps: 4 }, warmup_draws: true },
  warmup_draws: { warmup_draws: true },
  nuts_warmup: { sampler: { name: "nuts" }, warmup: 400, draws: 300, warmup_draws: true, keep: "thinned", thin: 7 },
  moments: { keep: "moments" },
  thinned: { keep: "thinned", thin: 7 },
  until: { draws: { until: { rhat: 1.0001, ess: 4000 }, check: 350, max: 1200 } },
};
const KINDS = ["warm-up", "sampling", "chunk", "commit"];

const { seed, rest } = scriptArguments(import.meta.url, { seed: "1" });
/** The moments are the same for the same seed, as parts of the time that a phase takes (Weyl's sequence). */
let drawn = Number(seed);
const random = () => (drawn++ * 0.6180339887498949) % 1;
const [kills = 30, ...scenarios] = rest.map((each, i) => (i === 0 ? Number(each) : each));
const names = scenarios[0] === "all" ? Object.keys(SCENARIOS) : scenarios.length > 0 ? scenarios : ["chees"];
const out = await mkdtemp(join(tmpdir(), "manychain-kills-"));

/** Seconds from the start of a process to its warm-up, to its first draw, and to its last. */
function phasesOf(folder, begun) {
  const events = eventsOf(folder);
  const at = (kind) => (Date.parse(events.findLast((event) => event.kind === kind).time) - begun) / 1000;
  const first = events.find((event) => event.kind === "initialized");
  return { begin: (Date.parse(first.time) - begun) / 1000, warm: at("adapted"), end: at("done") };
}

/** Kills after some time, or at a write of chunks: at the temporary file, or after its rename. */
function killer(kind, folder, phases) {
  return (child) => {
    const kill = () => child.kill("SIGKILL");
    const [from, to] = kind === "warm-up" ? [phases.begin, phases.warm] : [phases.warm, phases.end];
    const part = random();
    if (kind === "warm-up" || kind === "sampling") {
      setTimeout(kill, 1000 * (from + part * (to - from)));
      return;
    }
    let left = 1 + Math.floor(part * 100);
    const seen = (_, name) => {
      const isChunk = kind === "chunk" ? name?.endsWith(".tmp") : /^\d+\.\d+/.test(name ?? "");
      if (isChunk && --left <= 0) kill();
    };
    watchChunks(join(folder, "draws.zarr"), child, seen);
  };
}

/** Watches where chunks are written, once that is there. */
function watchChunks(store, child, seen) {
  const places = ["posterior/theta", "moments/posterior"].map((place) => join(store, place));
  const timer = setInterval(() => {
    const place = places.find((each) => existsSync(each));
    if (place === undefined) return;
    clearInterval(timer);
    const watcher = watch(place, seen);
    child.on("close", () => watcher.close());
  }, 5);
  child.on("close", () => clearInterval(timer));
}

/** What lay in the folder when the process died. */
function found(folder) {
  if (!existsSync(join(folder, "run.json"))) return { begun: false, text: "nothing" };
  const files = readdirSync(folder, { recursive: true });
  const torn = files.filter((name) => name.endsWith(".tmp")).length;
  const checkpoints = files.filter((name) => name.endsWith(".checkpoint")).length;
  const text = `${checkpoints} checkpoints${torn > 0 ? `, ${torn} torn` : ""}`;
  return { begun: true, isDone: runDocument(folder).status === "complete", text };
}

/** Where the first batches went on, in the words of `resume`. */
function wentOn(folder) {
  const { resumed } = eventsOf(folder).findLast(({ kind }) => kind === "planned");
  if (resumed === undefined) return "";
  return resumed.map(({ warmup, draws }) => (draws > 0 ? `${draws}` : `w${warmup}`)).join(" ");
}

async function killOnce(scenario, config, { kill, phases, expected }) {
  const id = `${scenario}-${kill}`;
  const folder = join(out, scenario, id);
  const start = (name, options) => manychain(["run", config, "--out", out, "--run-id", name, "--quiet"], options);
  const kind = KINDS[kill % KINDS.length];
  const { signal } = await start(id, { begun: killer(kind, folder, phases) });
  const { begun, isDone, text } = found(folder);
  // Killed before there was a results folder: there is nothing to resume, and it is run again.
  if (begun && kill % 5 === 4) await manychain(["resume", folder, "--quiet"], { begun: killer(kind, folder, phases) });
  const workers = ["--workers", String(1 + (kill % 4))];
  const ended = begun ? await manychain(["resume", folder, ...workers]) : await start(id);
  const same = ended.code === 0 && fingerprint(folder) === expected;
  const row = [String(kill).padStart(4), kind.padEnd(9), (signal ?? "-").padEnd(8), text.padEnd(24)];
  const tail = isDone ? "had ended" : wentOn(folder);
  console.log([...row, (same ? "yes" : `NO ${ended.code} ${ended.stderr}`).padEnd(5), tail].join(" "));
  await rm(folder, { recursive: true, force: true });
  return same;
}

async function runScenario(scenario) {
  const config = join(out, `${scenario}.yaml`);
  await writeFile(config, JSON.stringify({ extends: SCHOOLS, name: scenario, ...BASE, ...SCENARIOS[scenario] }));
  const begun = Date.now();
  const { code, stderr } = await manychain(["run", config, "--out", out, "--run-id", "whole", "--quiet"]);
  if (code !== 0) throw new Error(`${scenario} ends with ${code}: ${stderr}`);
  const whole = join(out, scenario, "whole");
  const phases = phasesOf(whole, begun);
  const shown = Object.entries(phases).map(([name, seconds]) => `${name} ${seconds.toFixed(1)} s`);
  console.log(`${scenario}: undisturbed, ${shown.join(", ")}`);
  console.log("kill at        signal   found                    same  went on after draw, or iteration of warm-up (w)");
  const expected = fingerprint(whole);
  let same = 0;
  for (let kill = 0; kill < kills; kill++)
    same += (await killOnce(scenario, config, { kill, phases, expected })) ? 1 : 0;
  console.log(`${scenario}: ${same} of ${kills} runs gave the bytes of the undisturbed run.\n`);
  return same === kills;
}

try {
  for (const name of names) if (!(await runScenario(name))) process.exitCode = 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
