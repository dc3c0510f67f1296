import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineError } from "../../errors.ts";

/** A plugin's file, and where it was found. */
export interface FoundPlugin {
  readonly path: string;
  readonly from: string;
}

/** What each vendor's devices need; `setup:xla` fetches the one for processors. */
export const INSTALL: readonly string[] = [
  "any processor (Linux, x86-64): npm run setup:xla",
  "NVIDIA: pip install 'jax[cuda13]' (or 'jax[cuda12]') in the active Python environment",
  "AMD: pip install jax-rocm7-pjrt jax-rocm7-plugin, with ROCm 7",
  "Intel: pip install jax-oneapi-pjrt, with oneAPI",
  "any other: set MANYCHAIN_PJRT_PLUGIN to the path of its PJRT plugin (a .so file)",
];

/**
 * Plugins on this machine, best first: the file that MANYCHAIN_PJRT_PLUGIN names; what `setup:xla` fetched; the
 * `jax_plugins` of the active Python environment.
 * @throws EngineError where MANYCHAIN_PJRT_PLUGIN names no file
 */
export function findPlugins(environment: Readonly<Record<string, string | undefined>> = process.env): FoundPlugin[] {
  const named = environment["MANYCHAIN_PJRT_PLUGIN"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return [{ path: realpathSync(named), from: "MANYCHAIN_PJRT_PLUGIN" }];
    throw new EngineError(
      `MANYCHAIN_PJRT_PLUGIN is ${named}, and there is no such file. Set it to the path of a PJRT plugin, or unset it.`,
    );
  }
  return [...setupFolders(environment).flatMap(pluginsOfSetup), ...sitePackages(environment).flatMap(pluginsOfPython)];
}

/** Where `setup:xla` puts plugins: `.xla` beside the package, or in the folder that MANYCHAIN_XLA_HOME names. */
function setupFolders(environment: Readonly<Record<string, string | undefined>>): string[] {
  const own = environment["MANYCHAIN_XLA_HOME"];
  if (own !== undefined && own !== "") return [own];
  const folders: string[] = [];
  // from src/engine/xla, or from dist/src/engine/xla
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, "package.json"))) folders.push(join(folder, ".xla"));
  return folders.slice(0, 1);
}

function pluginsOfSetup(folder: string): FoundPlugin[] {
  return filesIn(join(folder, "cpu"), 2).map((path) => ({ path, from: "npm run setup:xla" }));
}

function pluginsOfPython(folder: string): FoundPlugin[] {
  return filesIn(join(folder, "jax_plugins"), 2).map((path) => ({ path, from: `jax_plugins of ${folder}` }));
}

/** Folders of packages of the active Python environment: of a virtual environment or conda, else of `python3` on the path. */
function sitePackages(environment: Readonly<Record<string, string | undefined>>): string[] {
  const prefixes = [environment["VIRTUAL_ENV"], environment["CONDA_PREFIX"]].filter((p) => p !== undefined && p !== "");
  if (prefixes.length === 0) {
    for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
      const python = join(folder, "python3");
      if (folder === "" || !existsSync(python)) continue;
      prefixes.push(dirname(dirname(realpathSync(python))));
      break;
    }
  }
  return prefixes.flatMap((prefix) => {
    const lib = join(prefix!, "lib");
    return entries(lib)
      .filter((name) => name.startsWith("python3"))
      .flatMap((name) => ["site-packages", "dist-packages"].map((packages) => join(lib, name, packages)))
      .filter((folder) => existsSync(folder));
  });
}

/** Files of a PJRT plugin's name, in a folder and those below it. */
function filesIn(folder: string, depth: number): string[] {
  return entries(folder).flatMap((name) => {
    const path = join(folder, name);
    if (/(pjrt|xla|plugin).*\.(so|dylib|dll)$/.test(name)) return [path];
    return depth > 0 && !name.startsWith(".") && statSync(path).isDirectory() ? filesIn(path, depth - 1) : [];
  });
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

const hashes = new Map<string, Promise<string>>();

/** The sha256 of a file, computed once per process. */
export function fileHash(path: string): Promise<string> {
  const known = hashes.get(path) ?? hashFile(path);
  hashes.set(path, known);
  return known;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 22 })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
