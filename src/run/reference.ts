/** Where the model of a run is loaded from: light, so that threads can begin to load it at once. */
import type { LoadedConfig } from "../config/load.ts";

/** Where a model comes from. Structured-cloneable: a worker loads the model again from it. */
export interface ModelReference {
  /** A shipped model's name, or the path of a .ts or .js file, with `#export` for a named export. */
  readonly model: string;
  /** What a model that is made by a function is made with. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** The folder that the path is relative to. */
  readonly baseDir: string;
}

/** A config's model: the one that it names, or the user's own copy of that. */
export function referenceOf({
  config: { model, options },
  baseDir,
  ownModel,
}: Pick<LoadedConfig, "config" | "baseDir" | "ownModel">): ModelReference {
  return { model: ownModel ?? model, options, baseDir };
}
