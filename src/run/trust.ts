/**
 * Whose code a results folder may have run. A folder can come from anybody, and its run.json names a model's file: that is
 * run only where it lies outside of the folder and has the hash of the model that the run was made with.
 */
import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { LoadedConfig } from "../config/load.ts";
import { printable } from "../config/problems.ts";
import { StoreError } from "../errors.ts";
import { type ManifestDifference, modelDifference } from "../store/compare-manifest.ts";
import type { Manifest } from "../store/index.ts";
import { modelFile, modelHash } from "./loadModel.ts";
import { packageVersion } from "./package.ts";
import { referenceOf } from "./reference.ts";

/**
 * Checks the code that a run again of a results folder would load; nothing of it is loaded yet.
 * @returns what differs of the model's file, where it is not the one that the run was made with
 * @throws StoreError where the code lies in the folder
 */
export function checkCode(directory: string, loaded: LoadedConfig, { hashes }: Manifest): ManifestDifference[] {
  checkEngine(directory, loaded);
  const reference = referenceOf(loaded);
  const model = modelFile(reference);
  if (model !== undefined && isInside(directory, model.file)) {
    throw new StoreError(
      `${printable(directory)} names a model inside of itself, ${model.shown}: code that comes with results is not run. ` +
        `Give your own copy (--model FILE, or --config FILE), or --trust to run what the folder names. ${READ_ONLY}`,
    );
  }
  return modelDifference(hashes["model"], modelHash(reference, packageVersion()));
}

const READ_ONLY = "report, diagnose and export run no code.";

/** Packages for `tensorflow` are also looked for from the working directory on, which must not be the folder's then. */
function checkEngine(directory: string, { config: { engine } }: LoadedConfig): void {
  if (engine === "wasm" || engine === "reference" || !isInside(directory, process.cwd())) return;
  throw new StoreError(
    `the working directory lies in ${printable(directory)}, and the engine ${engine} may load packages from there: code that ` +
      `comes with results is not run. Call it from another directory, or with --trust. ${READ_ONLY}`,
  );
}

/** Whether a path leads into a folder, as it is written or once its links are followed. */
export function isInside(folder: string, path: string): boolean {
  const [folders, paths] = [folder, path].map((each) => [resolve(each), real(each)]);
  return folders!.some((outer) => paths!.some((inner) => isBelow(outer, inner)));
}

function isBelow(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // What is not there is said by who wants to read it.
    return resolve(path);
  }
}
