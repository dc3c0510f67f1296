import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WorkerError } from "../errors.ts";

/** Written here by the bundler (`scripts/bundle.js`); not there where the sources run. */
declare const VERSION_OF_BUNDLE: string | undefined;

/**
 * The folder of this package: this code may run from its sources, compiled, or bundled, each at another depth; or as a part of
 * somebody's own bundle, and then the package is looked for from there and from the working folder. Undefined where it is nowhere.
 */
export function packageFolder(): string | undefined {
  const here = fileURLToPath(import.meta.url);
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    if (isOurs(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) break;
  }
  for (const from of [here, join(process.cwd(), "package.json")]) {
    try {
      return dirname(createRequire(from).resolve("manychain/package.json"));
    } catch {
      // Not to be found from there.
    }
  }
  return undefined;
}

function isOurs(path: string): boolean {
  if (!existsSync(path)) return false;
  const { name } = JSON.parse(readFileSync(path, "utf8")) as { name?: unknown };
  return name === "manychain";
}

/** The bundled file of a thread: also when this file runs as TypeScript, for threads run JavaScript on every Node. */
export function threadFile(name: "batch" | "helper"): string {
  const folder = packageFolder();
  if (folder === undefined)
    throw new WorkerError(
      "worker threads run files of the package manychain, and it is not installed where this program runs. " +
        "Install it there, or give the model as an object: it runs in this thread.",
    );
  const file = join(folder, "dist/bundle", `${name}.js`);
  if (existsSync(file)) return file;
  throw new WorkerError(`the worker file ${file} is missing. Build the package first: npm run build.`);
}

/** The version of this package. */
export function packageVersion(): string {
  if (typeof VERSION_OF_BUNDLE === "string") return VERSION_OF_BUNDLE;
  const { version } = JSON.parse(readFileSync(join(packageFolder()!, "package.json"), "utf8")) as { version: string };
  return version;
}
