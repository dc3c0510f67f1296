import type { DensityModel } from "../model/density.ts";
import type { Model } from "../model/model.ts";
import { type OptionSpec, type Values, withDefaults } from "./options.ts";

/** A model that comes with the package: what `manychain init` and the docs say of it, and how to make it. */
export interface ShippedModel {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What each of its data is. */
  readonly data: Readonly<Record<string, string>>;
  /** What each parameter and derived quantity is, with its prior. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Throws a ModelError for an unknown option or a value outside of its range. */
  create(options?: Readonly<Record<string, unknown>>): Model | DensityModel;
}

/** A shipped model whose options are known to the compiler. */
export interface Shipped<S extends Readonly<Record<string, OptionSpec>>> extends ShippedModel {
  readonly options: S;
  create(options?: { readonly [K in keyof S]?: unknown }): Model | DensityModel;
}

export function ship<const S extends Readonly<Record<string, OptionSpec>>>(
  about: Omit<Shipped<S>, "create">,
  make: (options: Values<S>) => Model | DensityModel,
): Shipped<S> {
  const named = (made: Model | DensityModel): Model | DensityModel => ({
    ...made,
    name: about.name,
    title: about.title,
    description: about.description,
  });
  return { ...about, create: (options = {}) => named(make(withDefaults(about.name, about.options, options))) };
}
