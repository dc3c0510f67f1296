import { join, resolve } from "node:path";
import { type LoadedConfig, type LoadOptions, loadConfig, resolveConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { ConfigError, ReproductionError, StoreError } from "../errors.ts";
import { type ManifestDifference, refuseForeign } from "../store/compare-manifest.ts";
import type { Manifest, RunStatus } from "../store/index.ts";
import { readRunDocument } from "../store/manifest.ts";
import { modelFile } from "./loadModel.ts";
import { packageVersion } from "./package.ts";
import { referenceOf } from "./reference.ts";
import { checkCode } from "./trust.ts";

/** Whose code is run where a results folder is run again. */
export interface OwnCopy {
  /** Your own copy of the config's file, which is run in place of what the folder says. */
  readonly config?: string;
  /** Your own copy of the model's file, which is run in place of the one that the folder names. */
  readonly model?: string;
  /** Run whatever the folder names, also code that lies in it or is not what the run was made with. Default: false. */
  readonly trust?: boolean;
}

export interface ResultsConfigOptions extends OwnCopy {
  /** Options above the run's own, such as `{ workers: 1 }`. */
  readonly overrides?: LoadOptions["overrides"];
  /** What is about to be done with it, for errors. Default: to go on with it. */
  readonly purpose?: "resume" | "verify";
}

/** What a results folder was run with. */
export interface RunConfig {
  /** Absolute path of the results folder. */
  readonly directory: string;
  readonly status: RunStatus;
  readonly runId: string;
  /** The run's config, as in run.json, with `overrides` above it. */
  readonly loaded: LoadedConfig;
  /** What cannot be compared with this run, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the config of a results folder, finished or not, so that it can be run again: `run(loaded, { resume: directory })`
 * goes on with it, and `run(loaded)` makes the same draws anew. No code is loaded: it is checked whose code that would be.
 *
 * @throws StoreError if it is no results folder, is damaged, was made by another version of manychain, by a program whose
 *   model was an object (give `run` that program's config), names a model inside of itself, or one that is not the run's
 */
export async function configOfResults(path: string, options: ResultsConfigOptions = {}): Promise<RunConfig> {
  const directory = resolve(path);
  const { manifest, status, runId } = await readRunDocument(directory);
  const { hashes, versions } = manifest;
  if (versions["package"] !== packageVersion()) {
    throw new StoreError(
      `${directory} cannot be run again: package version: was ${String(versions["package"])}, is ${packageVersion()}. ` +
        `Install manychain@${String(versions["package"])}, or begin a new run.`,
    );
  }
  if (hashes["model"] === "" || typeof manifest.host["config_folder"] !== "string") {
    throw new StoreError(
      `${directory} was run by a program with a model of its own: run that program again, with run(config, { resume: "…" }).`,
    );
  }
  const loaded = withOwnModel(loadedOf(directory, manifest, options), options.model);
  if (options.trust !== true) refuse(directory, checkCode(directory, loaded, manifest), options.purpose);
  return { directory, status, runId, loaded, notes: notesOf(directory, manifest) };
}

function loadedOf(
  directory: string,
  { config, host }: Manifest,
  { config: own, overrides, purpose }: ResultsConfigOptions,
) {
  const above = overrides === undefined ? {} : { overrides };
  if (own !== undefined) return loadConfig(own, above);
  if (Object.hasOwn(config, "extends")) {
    throw new StoreError(
      `${join(directory, "run.json")}: config.extends: a resolved config extends nothing. The file was edited: restore it from ` +
        "a copy, or run again.",
    );
  }
  const baseDir = resolve(directory, String(host["config_folder"]));
  try {
    return resolveConfig(config as unknown as Config, { baseDir, ...above });
  } catch (error) {
    if (purpose !== "verify" || !(error instanceof ConfigError)) throw error;
    throw new ReproductionError(`not reproduced: ${edited(directory)}: ${error.message}`, { cause: error });
  }
}

/** Said where a run's config is not what it was. */
export function edited(directory: string): string {
  return `config in run.json of ${directory} was changed, and cannot be run`;
}

/** The config with the user's own copy of its model; the export's name is the config's, where none is given. */
function withOwnModel(loaded: LoadedConfig, own: string | undefined): LoadedConfig {
  if (own === undefined) return loaded;
  const before = modelFile(referenceOf(loaded));
  if (before === undefined) {
    throw new ConfigError(
      `--model ${own}: this run's model is ${loaded.config.model}, which is no file. Leave it out.`,
    );
  }
  const name = own.includes("#") || before.name === undefined ? "" : `#${before.name}`;
  return { ...loaded, ownModel: `${resolve(own)}${name}` };
}

function refuse(
  directory: string,
  differences: readonly ManifestDifference[],
  purpose: "resume" | "verify" = "resume",
) {
  if (purpose === "resume") return refuseForeign(directory, differences);
  const [first] = differences;
  if (first === undefined) return;
  throw new ReproductionError(
    `not reproduced: ${directory} was made with another model (hashes.model was ${first.before}, is ${first.now}), so that ` +
      "nothing was run. Verify it with the model as it was (--model FILE, --config FILE), or with --trust.",
  );
}

function notesOf(directory: string, { hashes }: Manifest): string[] {
  if (hashes["program"] !== undefined && hashes["bound_data"] !== undefined) return [];
  return [
    `${directory} is of an older form, without hashes of the model's program and of its data: only the model's file and the ` +
      "data files are compared, and not what the model imports.",
  ];
}
