import { about, ModelError } from "../errors.ts";
import type { DensityModel } from "./density.ts";
import type { Model } from "./model.ts";

/** What a user's file may export: a model, or a function of the config's options that makes one. */
export type ModelSource = Model | DensityModel | ModelFactory;

/** Makes a model from the options of a config. */
export type ModelFactory = (options: Readonly<Record<string, unknown>>) => Model | DensityModel;

/**
 * The model that a file exports, or that a factory makes of `options`. `where` is the file, for messages. Throws a
 * ModelError where it is none, or where options are given to a model that takes none.
 */
export function resolveModel(
  exported: unknown,
  options: Readonly<Record<string, unknown>>,
  where: string,
): Model | DensityModel {
  const made: unknown = typeof exported === "function" ? (exported as ModelFactory)(options) : exported;
  if (!isModel(made))
    throw new ModelError(
      `${where} must export a model as its default: what model(…) or density(…) returns, or a function of options ` +
        `that returns it. It exports ${made === undefined ? "nothing" : `a ${typeof made}`}.`,
    );
  const names = Object.keys(options);
  if (typeof exported !== "function" && names.length > 0)
    throw new ModelError(
      `${where} takes no options, but ${names.join(", ")} was given. Export a function of options to use them.`,
      about("options"),
    );
  return made;
}

function isModel(value: unknown): value is Model | DensityModel {
  return (
    typeof value === "object" && value !== null && "kind" in value && ["model", "density"].includes(String(value.kind))
  );
}
