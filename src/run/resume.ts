import { resolve } from "node:path";
import { type LoadedConfig, type LoadOptions, resolveConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { StoreError } from "../errors.ts";
import type { RunStatus } from "../store/index.ts";
import { readRunDocument } from "../store/manifest.ts";
import { packageVersion } from "./package.ts";

/** What a results folder was run with. */
export interface RunConfig {
  /** Absolute path of the results folder. */
  readonly directory: string;
  readonly status: RunStatus;
  readonly runId: string;
  /** The run's config, as in run.json, with `overrides` above it. */
  readonly loaded: LoadedConfig;
}

/**
 * Reads the config of a results folder, finished or not, so that it can be run again: `run(loaded, { resume: directory })`
 * goes on with it, and `run(loaded)` makes the same draws anew.
 *
 * @throws StoreError if it is no results folder, is damaged, was made by another version of manychain, or by a program
 *   whose model was an object (give `run` that program's config)
 */
export async function configOfResults(path: string, overrides: LoadOptions["overrides"] = {}): Promise<RunConfig> {
  const directory = resolve(path);
  const { manifest, status, runId } = await readRunDocument(directory);
  const { config, hashes, versions, host } = manifest;
  if (versions["package"] !== packageVersion()) {
    throw new StoreError(
      `${directory} cannot be run again: package version: was ${String(versions["package"])}, is ${packageVersion()}. ` +
        `Install manychain@${String(versions["package"])}, or begin a new run.`,
    );
  }
  const folder = host["config_folder"];
  if (hashes["model"] === "" || typeof folder !== "string") {
    throw new StoreError(
      `${directory} was run by a program with a model of its own: run that program again, with run(config, { resume: "…" }).`,
    );
  }
  const loaded = resolveConfig(config as unknown as Config, { baseDir: resolve(directory, folder), overrides });
  return { directory, status, runId, loaded };
}
