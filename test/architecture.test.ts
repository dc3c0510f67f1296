import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a room may import besides itself: other rooms of ours, and libraries. */
interface Door {
  readonly rooms: readonly string[];
  readonly libraries?: readonly string[];
  /** May it use Node's modules (files, threads, hashes)? Algorithms do no I/O. */
  readonly node?: boolean | readonly string[];
}

/** Importable by all: types, errors, records of names. */
const COMMON = ["draws", "errors", "named"];

/** Rooms by folder, the deepest first. `engine` itself holds the interface and the registry. */
const rooms: Readonly<Record<string, Door>> = {
  draws: { rooms: [] },
  errors: { rooms: [] },
  named: { rooms: [] },
  elementary: { rooms: [] },
  diagnostics: { rooms: [] },
  graph: { rooms: ["elementary"] },
  random: { rooms: ["elementary", "graph"] },
  model: { rooms: ["elementary", "graph", "random"] },
  models: { rooms: ["model", "graph"] },
  "engine/stablehlo": { rooms: ["engine", "graph", "random", "elementary"] },
  "engine/reference": { rooms: ["engine", "graph", "random", "elementary"] },
  "engine/wasm": { rooms: ["engine", "graph", "random", "elementary"], node: ["node:v8", "node:timers/promises"] },
  "engine/tensorflow": {
    rooms: ["engine", "engine/stablehlo", "graph", "random", "elementary"],
    libraries: ["@tensorflow/"],
    node: true,
  },
  "engine/xla": {
    rooms: ["engine", "engine/stablehlo", "graph", "random", "elementary"],
    libraries: ["koffi"],
    node: true,
  },
  engine: { rooms: ["graph", "engine/reference", "engine/wasm", "engine/tensorflow", "engine/xla"] },
  sampler: { rooms: ["graph", "random", "elementary", "engine"] },
  chain: { rooms: ["sampler", "graph", "random", "engine", "model"] },
  config: { rooms: [], libraries: ["yaml", "zod"], node: true },
  store: {
    rooms: ["diagnostics"],
    libraries: ["arquero", "@uwdata/flechette", "h5wasm", "hyparquet", "hyparquet-writer", "numcodecs", "zarrita"],
    node: true,
  },
  summary: { rooms: ["diagnostics", "store", "config"] },
  report: {
    rooms: ["diagnostics", "store", "summary", "config"],
    libraries: ["arquero", "picocolors", "cli-table3", "@observablehq/plot", "linkedom", "uplot"],
    node: true,
  },
  run: {
    // loadModel gives a user's file the public API: the one import of index, and a late one.
    rooms: [
      "chain",
      "config",
      "store",
      "report",
      "summary",
      "diagnostics",
      "engine",
      // What `compile` prints of an engine without running it.
      "engine/stablehlo",
      "engine/wasm",
      "model",
      "models",
      "sampler",
      "graph",
      "random",
      "index",
    ],
    libraries: ["rxjs", "jiti"],
    node: true,
  },
  "run/pool": { rooms: ["run", "chain"], libraries: ["rxjs"], node: true },
  "run/threads": { rooms: ["run", "config"], libraries: ["piscina"], node: true },
  cli: {
    rooms: ["run", "chain", "config", "store", "report", "summary", "diagnostics", "engine", "models"],
    libraries: ["yargs", "rxjs", "yaml", "picocolors", "cli-table3", "log-update"],
    node: true,
  },
  index: {
    rooms: [
      "run",
      "chain",
      "config",
      "store",
      "report",
      "summary",
      "diagnostics",
      "engine",
      "model",
      "models",
      "sampler",
      "graph",
      "random",
    ],
  },
  workers: { rooms: ["chain", "engine", "engine/wasm", "run"], node: true },
};

/** The room of a file, by its path from the root without its ending: the longest name that fits. */
function roomOf(path: string): string {
  const inside = path.replace(/^src\//, "").replace(/\.[jt]s$/, "");
  const names = Object.keys(rooms).filter((room) => inside === room || inside.startsWith(`${room}/`));
  const [longest] = names.sort((a, b) => b.length - a.length);
  if (longest === undefined) throw new Error(`${path} is in no room: give its folder a line in architecture.test.ts`);
  return longest;
}

/** What is wrong with a file's imports. */
function violations(path: string, text: string): string[] {
  const room = roomOf(path);
  const { rooms: allowed, libraries = [], node = false } = rooms[room]!;
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => {
    if (fileName.startsWith(".")) {
      const target = roomOf(relative(root, join(root, dirname(path), fileName)));
      const fine =
        target === room || COMMON.includes(target) || allowed.includes(target) || isOfRun(room, target, allowed);
      return fine ? [] : [`${path} imports ${fileName}: ${room} must not import ${target}`];
    }
    if (fileName.startsWith("node:") || builtinModules.includes(fileName)) {
      const fine = typeof node === "boolean" ? node : node.includes(fileName);
      return fine ? [] : [`${path} imports ${fileName}: ${room} does no input or output`];
    }
    const fine = libraries.some(
      (name) => fileName === name || fileName.startsWith(name.endsWith("/") ? name : `${name}/`),
    );
    return fine ? [] : [`${path} imports ${fileName}: ${room} must not use that library`];
  });
}

/** Files of `run` that are rooms only for their libraries; who may use `run` may use them. */
const OF_RUN = ["run/pool", "run/threads"];

function isOfRun(room: string, target: string, allowed: readonly string[]): boolean {
  return OF_RUN.includes(target) && (room === "run" || allowed.includes("run"));
}

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const sources = [...files("src"), ...files("workers")];

describe("imports follow the arrows of ARCHITECTURE.md", () => {
  test("there are files to check", () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  test.each(sources)("%s", (path) => {
    expect(violations(path, readFileSync(join(root, path), "utf8"))).toEqual([]);
  });
});

test("the table has no cycles but those of the engines with their registry, and the late import of index", () => {
  const late = new Set(["run -> index"]);
  const above = new Map<string, readonly string[]>();
  for (const [room, { rooms: allowed }] of Object.entries(rooms)) {
    const arrows = allowed.filter((target) => !late.has(`${room} -> ${target}`));
    above.set(room, room === "engine" ? ["graph"] : arrows);
  }
  const visit = (room: string, path: readonly string[]): void => {
    expect(path, `a cycle: ${[...path, room].join(" -> ")}`).not.toContain(room);
    for (const next of above.get(room) ?? []) visit(next, [...path, room]);
  };
  for (const room of above.keys()) visit(room, []);
});

test("a wrong arrow, a wrong library and input or output in an algorithm are found", () => {
  const bad = (path: string, text: string): number => violations(path, text).length;
  expect(bad("src/graph/a.ts", 'import { x } from "../model/bind.ts";')).toBe(1);
  expect(bad("src/graph/a.ts", 'import type { X } from "../run/run.ts";')).toBe(1);
  expect(bad("src/engine/wasm/a.ts", 'export * from "../reference/engine.ts";')).toBe(1);
  expect(bad("src/diagnostics/a.ts", 'const x = await import("../store/index.ts");')).toBe(1);
  expect(bad("src/chain/a.ts", 'import { Observable } from "rxjs";')).toBe(1);
  expect(bad("src/run/run.ts", 'import { Piscina } from "piscina";')).toBe(1);
  expect(bad("src/run/threads.ts", 'import { Piscina } from "piscina";')).toBe(0);
  expect(bad("src/sampler/a.ts", 'import { readFileSync } from "node:fs";')).toBe(1);
  expect(bad("src/config/a.ts", 'import yargs from "yargs";')).toBe(1);
  expect(bad("src/model/a.ts", 'import { x } from "../errors.ts"; import { y } from "../graph/node.ts";')).toBe(0);
});

test.each(files("workers"))("%s is wiring only: under 80 lines", (path) => {
  expect(readFileSync(join(root, path), "utf8").split("\n").length).toBeLessThanOrEqual(80);
});

test("there is no room for leftovers", () => {
  const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name)).not.toContain("util");
  expect(folders.map(({ name }) => name)).not.toContain("utils");
});

test("no code but the config's and the table of samplers knows a sampler by its name", () => {
  const known = /"(nuts|chees|hmc)"/;
  const named = sources.filter((path) => known.test(readFileSync(join(root, path), "utf8")));
  // batch.ts declares the members of the union that the table is exhaustive over.
  expect(named.filter((path) => !path.startsWith("src/config/"))).toEqual(["src/chain/batch.ts"]);
});
