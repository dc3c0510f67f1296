import type { BatchSettings } from "../chain/batch.ts";
import { type LoadedData, loadData } from "../config/data.ts";
import { type LoadedConfig, loadConfig, resolveConfig } from "../config/load.ts";
import type { Config, ResolvedConfig } from "../config/types.ts";
import { ConfigError, type Given, ModelError } from "../errors.ts";
import type { BoundModel } from "../model/boundModel.ts";
import { checkLayout } from "../store/index.ts";
import { stopRuleOf, unknownQuantity } from "../summary/stopRule.ts";
import { type BindInput, bindData } from "./bindData.ts";
import { choosePrecision } from "./choosePrecision.ts";
import { codePlace, declarationPlace } from "./codePlace.ts";
import { engineOf, type RunEngine } from "./engineOf.ts";
import { checkPure, type Identity, identityOf } from "./identity.ts";
import { storeLayout } from "./layout.ts";
import { type AnyModel, loadModel, modelFile } from "./loadModel.ts";
import { planBatches, type SettledConfig } from "./plan.ts";
import { type ModelReference, referenceOf } from "./reference.ts";
import { loadingUsersCode } from "./usersCode.ts";

/** A config as a program writes it: as in a file, but the model may also be an object. */
export type ProgramConfig = Omit<Config, "model"> & { readonly model: string | AnyModel };

/** A run whose config, data, model and engine are checked. */
export interface Prepared {
  /** Its engine and its precision have names: `auto` is resolved. */
  readonly config: SettledConfig;
  /** The folder that the config's paths are relative to. */
  readonly baseDir: string;
  readonly model: BoundModel;
  /** What the model and its data are, to be compared with those of other threads and times. */
  readonly identity: Identity;
  /** Where workers find the model; none for a model that is an object. */
  readonly reference?: ModelReference;
  readonly bind: BindInput;
  readonly data: LoadedData;
  readonly batches: readonly BatchSettings[];
  readonly engineDetails: readonly string[];
  /** Runs of one config and one class have the same bits. */
  readonly engineClass?: string;
  /** GPUs that the run uses, one worker each; none where the processor computes. */
  readonly devices?: number;
  /** Why it has its precision, where the config left the choice. */
  readonly why?: string;
  /** The config's warnings, and then those of `coarse`. */
  readonly warnings: readonly string[];
  /** What the run's precision is too coarse for. */
  readonly coarse: readonly string[];
}

export interface PrepareOptions {
  /** False does not ask whether the engine can run here. Default: true. */
  readonly engine?: boolean;
}

/**
 * Checks everything that can be checked before anything is written or computed.
 * @param input the path of a config file, a loaded config, or a config as an object
 * @throws ConfigError, ModelError or EngineError
 */
export async function prepare(
  input: string | LoadedConfig | ProgramConfig,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const { loaded, object } = resolveInput(input);
  const { config, baseDir, warnings } = loaded;
  const reference = referenceOf(loaded);
  const within: Within = { loaded, ...(object === undefined && { file: modelFile(reference)?.shown }) };
  const load = async (): Promise<Pick<Prepared, "data" | "bind" | "model">> => {
    const declared = object ?? (await loadModel(reference).catch((error) => placed(within, error)));
    const data = loadData(config.data, { baseDir, error: (path, text) => loaded.error(path, text) });
    const bind = { data: data.values, coordinates: config.coordinates };
    return { data, bind, model: bound(within, declared, bind) };
  };
  const { data, bind, model } = await (within.file === undefined ? load() : loadingUsersCode(within.file, load));
  checkQuantities(loaded, model);
  const identity = identified(within, model);
  const engine: RunEngine | undefined =
    options.engine === false ? undefined : await engineOf(config, model, object !== undefined);
  const { precision, reason, warnings: coarse } = await choosePrecision(loaded, model, engine?.precisions);
  const settled: SettledConfig = { ...config, engine: engine?.name ?? config.engine, precision };
  const batches = planBatches(settled);
  const why = reason === undefined ? undefined : `precision: auto took ${precision}: ${reason}`;
  return {
    config: settled,
    baseDir,
    model,
    identity,
    ...(object === undefined && { reference }),
    bind,
    data,
    batches,
    engineDetails: [...(engine?.details ?? []), ...(why === undefined ? [] : [why])],
    ...(engine !== undefined && { engineClass: engineClass(engine, settled, batches) }),
    ...(why !== undefined && { why }),
    ...(engine?.devices !== undefined && { devices: engine.devices }),
    warnings: [...warnings, ...coarse],
    coarse,
  };
}

/** Engine and precision; and where other machines give other bits, what these depend on, mostly also the batches' sizes. */
function engineClass(
  { name, bits }: RunEngine,
  { precision }: ResolvedConfig,
  batches: readonly BatchSettings[],
): string {
  if (bits === undefined) return `${name} ${precision}`;
  // A chain of `wasm` computes the same in a batch of any size.
  if (name === "wasm") return `${name} ${precision} (${bits})`;
  const sizes = [...new Set(batches.map(({ chains }) => chains))].join(" and ");
  return `${name} ${precision} (${bits}), batches of ${sizes}`;
}

/** The config, checked, and the model where it is an object. @throws ConfigError */
export function resolveInput(input: string | LoadedConfig | ProgramConfig): {
  readonly loaded: LoadedConfig;
  readonly object?: AnyModel;
} {
  if (typeof input === "string") return { loaded: loadConfig(input) };
  if (typeof input !== "object" || input === null) {
    throw new ConfigError(`expected the path of a config file, or a config as an object; found ${String(input)}.`);
  }
  if ("baseDir" in input && "config" in input) return { loaded: input };
  const { model } = input;
  if (typeof model === "string") return { loaded: resolveConfig({ ...input, model }) };
  if (typeof model !== "object" || model === null) {
    throw new ConfigError("model: expected the name of a model, the path of a model file, or model({ … }).");
  }
  return { loaded: resolveConfig({ ...input, model: model.name }), object: model };
}

/** Where a config has what a model is given. */
const GIVEN: Readonly<Record<Given["kind"], readonly string[]>> = {
  data: ["data"],
  coordinates: ["coordinates"],
  options: ["options"],
  values: ["init", "values"],
};

/** What an error may lie in. */
interface Within {
  readonly loaded: LoadedConfig;
  /** The model's file, where it has one. */
  readonly file?: string | undefined;
}

/** An error is placed where the config names the model or what it gives to it, or else where the model's code is wrong. */
function placed({ loaded, file }: Within, error: unknown): never {
  if (error instanceof ModelError && error.given !== undefined) {
    const { kind, name } = error.given;
    const { message } = loaded.error([...GIVEN[kind], ...(name === undefined ? [] : [name])], error.message);
    throw new ModelError(message, { given: error.given, cause: error });
  }
  if (error instanceof ModelError) {
    const place =
      (file !== undefined && error.declared !== undefined ? declarationPlace(file, error.declared) : undefined) ??
      codePlace(error.cause instanceof Error ? error.cause : error) ??
      file;
    throw place === undefined ? error : new ModelError(`${place}: ${error.message}`, { cause: error });
  }
  if (error instanceof ConfigError && error.name === "ConfigError") throw loaded.error(["model"], error.message);
  throw error;
}

/** The model with its data; starting values are checked now too, and not in a worker later. */
function bound(within: Within, declared: AnyModel, bind: BindInput): BoundModel {
  try {
    const model = bindData(declared, bind);
    const { init } = within.loaded.config;
    if ("values" in init) checkInit(model, init.values);
    return model;
  } catch (error) {
    return placed(within, error);
  }
}

/** @throws ModelError where the model is another each time that it is built */
function identified(within: Within, model: BoundModel): Identity {
  const identity = identityOf(model);
  try {
    checkPure(model, identity);
  } catch (error) {
    return placed(within, error);
  }
  return identity;
}

/**
 * Quantities have names that can be stored, and gates and rules ask of those that there are: else they could never be met,
 * which a run would find out at its end.
 */
function checkQuantities({ config, error }: LoadedConfig, model: BoundModel): void {
  const layout = storeLayout(model, { ...config, precision: "float32" });
  checkLayout(layout);
  const asked = {
    "gates.quantities": config.gates === false ? "all" : config.gates.quantities,
    "draws.until.quantities": stopRuleOf(config)?.until.quantities ?? "all",
  } as const;
  for (const [option, names] of Object.entries(asked)) {
    const wrong = unknownQuantity(names, layout);
    if (wrong !== undefined) throw error([...option.split("."), wrong.place], wrong.text);
  }
}

function checkInit(model: BoundModel, values: Readonly<Record<string, unknown>>): void {
  const flat = Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.flat() : value]);
  model.unconstrain(Object.fromEntries(flat) as Record<string, number | number[]>);
}
