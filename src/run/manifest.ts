import { cpus, release, totalmem } from "node:os";
import { configHash } from "../config/hash.ts";
import type { ResolvedConfig } from "../config/types.ts";
import type { JsonObject, Manifest } from "../store/index.ts";
import type { Identity } from "./identity.ts";
import { packageVersion } from "./package.ts";

/** What run.json says about a run before its first draw. */
export function manifestOf(facts: {
  readonly config: ResolvedConfig;
  readonly dataHashes: Readonly<Record<string, string>>;
  readonly modelHash: string;
  readonly identity: Identity;
  readonly engineDetails: readonly string[];
  readonly engineClass?: string | undefined;
  /** The folder that the config's paths are relative to, from the results folder. */
  readonly configFolder: string;
}): Manifest {
  const { config, dataHashes, modelHash, identity, engineDetails, engineClass, configFolder } = facts;
  return {
    config: JSON.parse(JSON.stringify(config)) as JsonObject,
    hashes: {
      config: configHash(config, dataHashes),
      data: dataHashes,
      model: modelHash,
      program: identity.program,
      bound_data: identity.data,
    },
    versions: { package: packageVersion(), node: process.version, v8: process.versions.v8, engine: packageVersion() },
    engine: {
      name: config.engine,
      precision: config.precision,
      class: engineClass ?? `${config.engine} ${config.precision}`,
      details: engineDetails,
    },
    seed: config.seed,
    host: {
      platform: process.platform,
      arch: process.arch,
      release: release(),
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cpus: cpus().length,
      memory: totalmem(),
      config_folder: configFolder,
    },
  };
}
