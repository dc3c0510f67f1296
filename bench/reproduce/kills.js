// Kills a run at random moments, resumes it, and compares the digest of every chain with an undisturbed run.
// node bench/reproduce/kills.js [kills = 30] [config = config/eight-schools.yaml] [seed = 1]
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const kills = Number(process.argv[2] ?? 30);
const config = resolve(process.argv[3] ?? fileURLToPath(new URL("../../config/eight-schools.yaml", import.meta.url)));
/** The moments are the same for the same seed, as parts of the time that a run takes (Weyl's sequence). */
let drawn = Number(process.argv[4] ?? 1);
const random = () => (drawn++ * 0.6180339887498949) % 1;
const name = basename(config, extname(config));
const settings = ["--set", "block=10", "--set", "draws=4000", "--set", "gates=false", "--workers", "2"];
const out = await mkdtemp(join(tmpdir(), "manychain-kills-"));

/** Runs the command line; kills it `after` milliseconds. */
function manychain(args, after) {
  const child = spawn(process.execPath, [main, ...args, "--quiet"], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const timer = after === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), after);
  return new Promise((done) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      done({ code, stderr });
    });
  });
}

const runConfig = (id, after) => manychain(["run", config, ...settings, "--out", out, "--run-id", id], after);
const digests = (id) => JSON.stringify(JSON.parse(readFileSync(join(out, name, id, "run.json"), "utf8")).digests);

const start = performance.now();
await runConfig("whole");
const length = performance.now() - start;
const expected = digests("whole");
console.log(`an undisturbed run takes ${(length / 1000).toFixed(1)} s\n`);
console.log("kill  after   checkpoints  resumed  same draws");
let same = 0;
for (let kill = 0; kill < kills; kill++) {
  const id = `kill-${kill}`;
  const folder = join(out, name, id);
  const after = random() * length;
  await runConfig(id, after);
  const begun = existsSync(join(folder, "run.json"));
  const found = begun && existsSync(join(folder, "checkpoints")) ? readdirSync(join(folder, "checkpoints")).length : 0;
  // Killed before there was a results folder: there is nothing to resume, and it is run again.
  const { code, stderr } = begun ? await manychain(["resume", folder]) : await runConfig(`${id}-again`);
  const isSame = code === 0 && digests(begun ? id : `${id}-again`) === expected;
  same += isSame ? 1 : 0;
  const row = [String(kill).padStart(4), `${(after / 1000).toFixed(2)} s`.padStart(7), String(found).padStart(12)];
  console.log([...row, (begun ? "yes" : "anew").padStart(8), (isSame ? "yes" : `NO ${stderr}`).padStart(11)].join(" "));
  await rm(folder, { recursive: true, force: true });
}
await rm(out, { recursive: true });
console.log(`\n${same} of ${kills} runs gave the draws of the undisturbed run.`);
process.exitCode = same === kills ? 0 : 1;
