import { createHash } from "node:crypto";
import { parse, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isModelFile } from "../config/merge.ts";
import { printable } from "../config/problems.ts";
import { readingProblem, readRegular } from "../config/regular.ts";
import { suggestion } from "../config/suggest.ts";
import { ConfigError, ManychainError, ModelError } from "../errors.ts";
import type { DensityModel } from "../model/density.ts";
import type { Model } from "../model/model.ts";
import { resolveModel } from "../model/resolve.ts";
import { named } from "../model/unnamed.ts";
import { shippedModel } from "../models/registry.ts";
import type { ShippedModel } from "../models/shipped.ts";
import { errorWords, modelImports } from "./modelImports.ts";
import type { ModelReference } from "./reference.ts";

/** A model as a declaration, before it has data. */
export type AnyModel = Model | DensityModel;

/**
 * Loads a shipped model by name, or a user's file: its `#export`, its default export, or its only export that is a
 * model or a function that makes one. TypeScript is translated, and `import … from "manychain"` gives this very package.
 *
 * @throws ConfigError for an unknown name, a file that is not there, or an export that is not; ModelError where the
 * file fails, or does not make a model
 */
export async function loadModel(reference: ModelReference): Promise<AnyModel> {
  const { model, options } = reference;
  if (isModelFile(model)) return await loadFile(reference);
  return shipped(model).create(options);
}

function shipped(name: string): ShippedModel {
  try {
    return shippedModel(name);
  } catch (error) {
    // It is the config that is wrong, not a model.
    throw new ConfigError(printable((error as Error).message));
  }
}

/** SHA-256 of a user's model file, or what stands for a shipped model: its name and the package's version. */
export function modelHash(reference: ModelReference, version: string): string {
  const hash = createHash("sha256");
  if (isModelFile(reference.model)) hash.update(readModel(splitExport(reference)));
  else hash.update(`manychain ${version} ${reference.model}`);
  return hash.digest("hex");
}

/** A model's file; undefined for a shipped model. */
export function modelFile(reference: ModelReference): ModelFile | undefined {
  return isModelFile(reference.model) ? splitExport(reference) : undefined;
}

/** A model's file and its named export. */
export interface ModelFile {
  /** As errors name it: relative to the current folder where it lies inside. */
  readonly shown: string;
  readonly file: string;
  readonly name?: string;
}

function splitExport({ model, baseDir }: ModelReference): ModelFile {
  const at = model.lastIndexOf("#");
  const path = at === -1 ? model : model.slice(0, at);
  const name = at === -1 ? {} : { name: model.slice(at + 1) };
  const file = resolve(baseDir, path);
  const near = relative(".", file);
  return { shown: printable(near.startsWith("..") ? file : near), file, ...name };
}

async function loadFile(reference: ModelReference): Promise<AnyModel> {
  const file = splitExport(reference);
  readModel(file);
  const exported = await evaluate(file);
  const chosen = choose(file, exported);
  try {
    return named(resolveModel(chosen, reference.options, file.shown), parse(file.file).name);
  } catch (error) {
    throw failed(file.shown, "failed while it made the model", error);
  }
}

function readModel({ shown, file }: ModelFile): Buffer {
  try {
    // A device or a pipe may have no end.
    return readRegular(file);
  } catch (error) {
    throw new ConfigError(`cannot read the model file ${shown}: ${printable(readingProblem(error))}`);
  }
}

/** Runs the file. Its imports of manychain get the modules that are loaded already, so that their nodes are ours. */
async function evaluate({ shown, file }: ModelFile): Promise<Record<string, unknown>> {
  const [{ loadJiti }, manychain] = await Promise.all([import("./jiti.ts"), import("../index.ts")]);
  const jiti = loadJiti()(pathToFileURL(file).href, {
    virtualModules: { manychain: modelImports(manychain) },
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
  });
  try {
    return (await jiti.import(file)) as Record<string, unknown>;
  } catch (error) {
    throw failed(shown, "cannot be loaded", error);
  }
}

function failed(shown: string, what: string, error: unknown): ManychainError {
  if (error instanceof ManychainError) return error;
  return new ModelError(`the model file ${shown} ${what}: ${errorWords(error)}`, { cause: error });
}

function isModel(value: unknown): value is AnyModel {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return value.kind === "model" || value.kind === "density";
}

function choose({ shown, name }: ModelFile, exported: Record<string, unknown>): unknown {
  const usable = Object.keys(exported).filter((key) => isModel(exported[key]) || typeof exported[key] === "function");
  const models = usable.filter((key) => isModel(exported[key]));
  const found = usable.length === 0 ? "it exports no model" : `its exports are ${usable.join(", ")}`;
  if (name !== undefined) {
    if (usable.includes(name)) return exported[name];
    throw new ConfigError(
      `the model file ${shown} has no model or function named ${printable(JSON.stringify(name))}` +
        `${suggestion(name, usable) || `; ${found}`}.`,
    );
  }
  if (usable.includes("default")) return exported["default"];
  const only = models.length === 1 ? models : usable;
  if (only.length === 1) return exported[only[0]!];
  const advice =
    usable.length === 0
      ? "Add `export default model({ … })`."
      : `Name the one to use: ${printable(`${shown}#${usable[0]!}`)}.`;
  throw new ConfigError(`the model file ${shown} does not say which model to use: ${found}. ${advice}`);
}
