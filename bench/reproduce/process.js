// The built command line as processes of their own, and what a finished run left.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine } from "../command.js";

/** The config that is run where none is given. */
export const SCHOOLS = fileURLToPath(new URL("../../config/eight-schools.yaml", import.meta.url));

/**
 * Runs the command line to its end.
 * @param begun called with the process, to send it a signal
 */
export function manychain(args, { node = process.execPath, flags = [], begun } = {}) {
  const child = spawn(node, [...flags, commandLine, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  begun?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stderr }));
  });
}

/** run.json of a results folder. */
export const runDocument = (folder) => JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));

/** The events of a results folder; a line that a killed process was writing is left out. */
export function eventsOf(folder) {
  const lines = readFileSync(join(folder, "events.ndjson"), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** Each chain's digest, and the SHA-256 of every file of draws.zarr without the time when it was made. */
export function fingerprint(folder) {
  const store = join(folder, "draws.zarr");
  const entries = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path)
      .toString("latin1")
      .replaceAll(/"created_at": "[^"]*"/g, "");
    return `${path.slice(store.length)} ${createHash("sha256").update(text, "latin1").digest("hex")}`;
  });
  return JSON.stringify([runDocument(folder).digests, files.sort()]);
}
