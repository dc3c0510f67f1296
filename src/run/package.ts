import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WorkerError } from "../errors.ts";

/** The folder of this package: this code may run from its sources, compiled, or bundled, each at another depth. */
export function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  let folder = here;
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error(`no package.json in ${here}, nor in a folder above it`);
    folder = dirname(folder);
  }
  return folder;
}

/** The bundled file of a thread: also when this file runs as TypeScript, for threads run JavaScript on every Node. */
export function threadFile(name: "batch" | "helper"): string {
  const file = join(packageFolder(), "dist/bundle", `${name}.js`);
  if (existsSync(file)) return file;
  throw new WorkerError(`the worker file ${file} is missing. Build the package first: npm run build.`);
}

/** The version of this package, from its package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string };
  return version;
}
