// The command line of bench/gpu/main.js.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const USAGE = `node bench/gpu/main.js [options]

  --package=DIR      a built copy of manychain with its dependencies; default: the checkout that this script lies in
  --out=DIR          where the JSON and the plot go; default: bench/gpu/results, or with --rehearse a folder must be given
  --plugin=FILE      the PJRT plugin; default: the CUDA plugin beside --python, else as the engine finds one
  --python=FILE      a Python with JAX, NumPyro and BlackJAX: they run on the same device
  --chains=64,256    batch sizes; default: 64,256,1024,4096,16384,65536
  --precision=NAME   float32 (default) or float64
  --draws=N          draws of all chains together; each chain makes 50 to 1000; default: 1048576
  --warmup=N         warm-up iterations; default: 300
  --peer-seconds=N   a peer that takes longer at one batch size is stopped; default: 180
  --peak=TFLOPS      the card's float32 peak (no tensor cores); default: known for an H100 and an H200 (SXM)
  --only=PARTS       of correctness,gradients,sampling,peers; default: all
  --rehearse         accept a processor: tries the script, measures nothing worth keeping
`;

const here = fileURLToPath(new URL(".", import.meta.url));
const PARTS = ["correctness", "gradients", "sampling", "peers"];
const known = new Set(
  [
    "package",
    "out",
    "plugin",
    "python",
    "chains",
    "precision",
    "draws",
    "warmup",
    "peer-seconds",
    "peak",
    "only",
  ].concat(["rehearse", "help"]),
);

/** @throws Error that says what was expected */
export function parseOptions(argv) {
  const given = new Map();
  for (const argument of argv) {
    const match = /^--([a-z-]+)(?:=(.*))?$/.exec(argument);
    if (match === null || !known.has(match[1])) throw new Error(`unknown argument ${argument}\n\n${USAGE}`);
    given.set(match[1], match[2] ?? "");
  }
  const rehearse = given.has("rehearse");
  if (rehearse && !given.has("out")) throw new Error("--rehearse needs --out=DIR: its numbers are no results.");
  const precision = given.get("precision") ?? "float32";
  if (!["float32", "float64"].includes(precision))
    throw new Error(`--precision: expected float32 or float64, found ${precision}`);
  const only = list(given, "only", PARTS.join());
  for (const part of only)
    if (!PARTS.includes(part)) throw new Error(`--only: expected some of ${PARTS.join()}, found ${part}`);
  return {
    help: given.has("help"),
    package: resolve(given.get("package") ?? join(here, "../..")),
    out: resolve(given.get("out") ?? join(here, "results")),
    python: file(given, "python"),
    plugin: file(given, "plugin"),
    chains: list(given, "chains", "64,256,1024,4096,16384,65536").map((text) => whole("chains", text)),
    precision,
    draws: whole("draws", given.get("draws") ?? "1048576"),
    warmup: whole("warmup", given.get("warmup") ?? "300"),
    peerSeconds: whole("peer-seconds", given.get("peer-seconds") ?? "180"),
    peak: given.has("peak") ? whole("peak", given.get("peak")) : undefined,
    only,
    rehearse,
  };
}

function list(given, name, otherwise) {
  return (given.get(name) ?? otherwise).split(",").filter((text) => text !== "");
}

function file(given, name) {
  const path = given.get(name);
  if (path === undefined) return undefined;
  // Not the file that a link leads to: a virtual environment is known by the place of its link.
  if (!existsSync(path)) throw new Error(`--${name}: there is no file ${path}`);
  return resolve(path);
}

function whole(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name}: expected a whole number from 1, found ${text}`);
}
