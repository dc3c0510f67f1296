// What threads are worth: node bench/workers.js [config = config/breast-cancer.yaml] [--workers=1,2] [--rounds=3] [--set option=value …]
//
// The same run with each number of workers, in turn. One JSON line each: median seconds of warm-up, sampling and the whole
// run, how many times as fast as the first its sampling is (ratio round by round, then the median), and its digest, which
// must be the same for all.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scriptArguments, setEach } from "./arguments.js";
import { commandLine } from "./command.js";
import { line, round } from "./common.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const given = scriptArguments(import.meta.url, { workers: "1,2", rounds: "3", set: [] });
const [config = "config/breast-cancer.yaml"] = given.rest;
const counts = given.workers.split(",").map(Number);
const rounds = Number(given.rounds);
const out = mkdtempSync(join(tmpdir(), "manychain-workers-"));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function run(workers, id) {
  const options = ["--workers", workers, "--out", out, "--run-id", id, "--json", "--quiet", "--no-report"];
  const command = [commandLine, "run", config, ...options, "--set", "gates=false", ...setEach(given.set)];
  return JSON.parse(execFileSync(process.execPath, command.map(String), { cwd: root, maxBuffer: 2 ** 28 })).run;
}

try {
  const found = new Map(counts.map((workers) => [workers, []]));
  for (let turn = 0; turn < rounds; turn++)
    for (const [workers, runs] of found) runs.push(run(workers, `${workers}-${turn}`));
  const [first] = found.values();
  for (const [workers, runs] of found) {
    const seconds = (part) => round(median(runs.map((each) => each.seconds[part])), 3);
    const times = median(runs.map((each, turn) => first[turn].seconds.sampling / each.seconds.sampling));
    const parts = { warmup: seconds("warmup"), sampling: seconds("sampling"), total: seconds("total") };
    const digests = [...new Set(runs.map(({ digest }) => digest))].map((digest) => digest.slice(0, 16));
    line({ bench: "workers", config, rounds, workers, seconds: parts, times_as_fast: round(times, 3), digests });
  }
} finally {
  rmSync(out, { recursive: true, force: true, maxRetries: 5 });
}
