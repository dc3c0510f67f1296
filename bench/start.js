// How long a start takes: node bench/start.js [--runs=10] [--other=FOLDER]
//
// Two JSON lines: seconds from the start of a process to the first draw of the main job (after one iteration of warm-up),
// and to the printed summary of eight schools, 4 chains × (1000 + 1000). Medians; with the folder of another built
// copy, both are run in turn, so that the ratio holds on a busy machine too.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scriptArguments, setEach } from "./arguments.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { runs: count, other } = scriptArguments(import.meta.url, { runs: "10", other: undefined });
const runs = Number(count);
const results = mkdtempSync(join(tmpdir(), "manychain-start-"));

const jobs = {
  "first draw": {
    args: ["config/breast-cancer.yaml", "--no-report", ...setEach(["warmup=1", "draws=1", "block=1"])],
    until: /draws 1\/1/,
  },
  summary: {
    args: ["config/eight-schools.yaml", ...setEach(["chains=4", "warmup=1000"])],
    until: /gates (passed|failed)/,
  },
};

/** The command line of a built copy. */
function commandLine(folder) {
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, bin.manychain);
}

/** Seconds from the start of a process until it has written what is waited for; the rest of the run is left out. */
function seconds(folder, { args, until }) {
  const started = performance.now();
  const out = ["--out", results, "--run-id", `run-${started}`];
  const child = spawn(process.execPath, [commandLine(folder), "run", ...args, ...out], { cwd: root });
  let text = "";
  let passed;
  const read = (more) => {
    text += more;
    if (passed !== undefined || !until.test(text)) return;
    passed = (performance.now() - started) / 1000;
    child.kill("SIGKILL");
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => (passed === undefined ? reject(new Error(text)) : resolve(passed)));
  });
}

const median = (times) => Number(times.toSorted((a, b) => a - b)[times.length >> 1].toFixed(3));

try {
  for (const [name, job] of Object.entries(jobs)) {
    const times = { this: [], other: [] };
    for (let run = 0; run < runs; run++) {
      times.this.push(await seconds(root, job));
      if (other !== undefined) times.other.push(await seconds(other, job));
    }
    const ours = median(times.this);
    const theirs = other === undefined ? {} : { other_seconds: median(times.other) };
    const ratio = other === undefined ? {} : { ratio: Number((ours / theirs.other_seconds).toFixed(3)) };
    console.log(JSON.stringify({ bench: "start", to: name, runs, seconds: ours, ...theirs, ...ratio }));
  }
} finally {
  rmSync(results, { recursive: true, force: true, maxRetries: 5 });
}
