// What the running diagnostics cost: CPU time of the progress (running moments and R-hat), and of the checks of
// `draws.until`, as parts of the CPU time that a run takes with all its threads.
// node bench/reproduce/progress.js [config … = eight-schools, breast-cancer] [--draws 1000]
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { scriptArguments } from "../arguments.js";

const load = (path) => import(new URL(`../../dist/src/${path}`, import.meta.url));
const [{ run }, { createProgress }, { createJudge }, { loadConfig }, { storeLayout }, { createMemoryDraws }] =
  await Promise.all(
    ["run/run.js", "run/progress.js", "run/stopRule.js", "config/load.js", "run/layout.js", "run/memory.js"].map(load),
  );
const { prepare } = await load("run/prepare.js");

const given = scriptArguments(import.meta.url, { draws: "1000" });
const draws = Number(given.draws);
const shipped = ["eight-schools", "breast-cancer"].map((name) =>
  fileURLToPath(new URL(`../../config/${name}.yaml`, import.meta.url)),
);
const LIMIT = 0.05;

/** Seconds of CPU, over all threads of the process. */
async function cpuOf(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

/** The run's blocks in the order in which they came, and the CPU time from the first draw to the last. */
async function drawn(loaded) {
  const running = run(loaded, { store: false, report: false });
  const events = [];
  let begin;
  let seconds = 0;
  running.events.subscribe({
    next: (event) => {
      if (event.kind === "adapted") begin ??= process.cpuUsage();
      if (event.kind !== "block" || event.phase !== "sampling") return;
      events.push(event);
      const { user, system } = process.cpuUsage(begin);
      seconds = (user + system) / 1e6;
    },
    error: () => undefined,
  });
  await running.result;
  return { events, seconds };
}

/** Checks every 100 draws that all fail but the last, as those of a run do that ends when it has enough. */
async function checked(layout, events) {
  const all = createMemoryDraws(layout);
  for (const { block } of events) all.append(block);
  const { ess } = await judgeOf({ ess: 0 })(looked(all));
  const memory = createMemoryDraws(layout);
  const judge = judgeOf({ ess: ess.value * 0.999 });
  const seconds = [];
  let done = 0;
  for (const { block } of events) {
    memory.append(block);
    const have = Math.min(...memory.source.perBatch());
    if (have < done + 100) continue;
    done = have;
    seconds.push((await cpuOf(() => judge(looked(memory)))).seconds);
  }
  return seconds;
}

/** The draws as they are, of which nothing was summarised yet. */
const looked = ({ source }) => ({ ...source, summaries: new Map() });
const judgeOf = (until) => createJudge({ until: { ...until, rule: "all", quantities: "all" } });

/** The least of a few times: the first ones wait for V8's compilers. */
async function progressOf(layout, events) {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn++) {
    const progress = createProgress(layout);
    const { seconds } = await cpuOf(() => {
      for (const { block, divergences } of events) progress.add(block, divergences);
    });
    least = Math.min(least, seconds);
  }
  return least;
}

const percent = (part) => `${(100 * part).toFixed(1)} %`.padStart(7);
for (const path of given.rest.length > 0 ? given.rest : shipped) {
  const loaded = loadConfig(path, { set: [`draws=${draws}`, "gates=false"] });
  const prepared = await prepare(loaded);
  const layout = storeLayout(prepared.model, prepared.config);
  const { events, seconds } = await drawn(loaded);
  const own = await progressOf(layout, events);
  const checks = await checked(layout, events);
  const last = checks.pop();
  const failing = checks.reduce((sum, each) => sum + each, 0);
  const part = own / (seconds - own);
  const width = layout.variables.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  console.log(
    `${basename(path)}: ${draws} draws of ${prepared.config.chains} chains, ${width} quantities; sampling ${seconds.toFixed(2)} s of CPU`,
  );
  console.log(`  progress ${own.toFixed(3)} s ${percent(part)}${part < LIMIT ? "" : "  MORE THAN 5 %"}`);
  console.log(
    `  ${checks.length} checks of draws.until that fail ${failing.toFixed(3)} s ${percent(failing / seconds)}; ` +
      `the last one ${last.toFixed(3)} s, whose rows the summary takes over`,
  );
  if (!(part < LIMIT)) process.exitCode = 1;
}
