import { about, ModelError } from "../errors.ts";
import { inWords, suggestion } from "../model/words.ts";
import { own } from "../named.ts";

/** What a model's option may be. */
export interface OptionSpec<T extends OptionValue = OptionValue> {
  readonly default: T;
  /** One sentence, for `manychain init` and the docs. */
  readonly description: string;
  /** The values that it may have, in words. */
  readonly range: string;
  accepts(value: unknown): value is T;
}

export type OptionValue = string | number | boolean | null;

export function choice<const T extends string>(
  choices: readonly T[],
  value: NoInfer<T>,
  description: string,
): OptionSpec<T> {
  const accepts = (given: unknown): given is T => choices.includes(given as T);
  return { default: value, description, range: choices.join(" | "), accepts };
}

export function flag(value: boolean, description: string): OptionSpec<boolean> {
  const accepts = (given: unknown): given is boolean => typeof given === "boolean";
  return { default: value, description, range: "true | false", accepts };
}

/** A number greater than 0. */
export function scale(value: number, description: string): OptionSpec<number> {
  const accepts = (given: unknown): given is number => typeof given === "number" && given > 0 && given < Infinity;
  return { default: value, description, range: "a number greater than 0", accepts };
}

/** The standard deviation of a prior; `null` for a flat one. */
export function scaleOrFlat(value: number | null, description: string): OptionSpec<number | null> {
  const number = scale(1, "");
  const accepts = (given: unknown): given is number | null => given === null || number.accepts(given);
  return { default: value, description, range: "a number greater than 0, or null for a flat prior", accepts };
}

export function whole(value: number, least: number, description: string): OptionSpec<number> {
  const accepts = (given: unknown): given is number => Number.isInteger(given) && (given as number) >= least;
  return { default: value, description, range: `a whole number from ${least}`, accepts };
}

/** The values of a set of options. */
export type Values<S extends Readonly<Record<string, OptionSpec>>> = { readonly [K in keyof S]: S[K]["default"] };

/** Options with defaults filled in. Throws a ModelError for an unknown option or a value outside of its range. */
export function withDefaults<S extends Readonly<Record<string, OptionSpec>>>(
  modelName: string,
  specs: S,
  given: Readonly<Record<string, unknown>>,
): Values<S> {
  const names = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (!names.includes(name))
      throw new ModelError(
        `Model ${modelName} has no option ${name}${suggestion(name, names)} It has ${inWords(names)}.`,
        about("options", name),
      );
  }
  const values = names.map((name) => {
    const spec = specs[name]!;
    const value = own(given, name);
    if (value === undefined) return [name, spec.default] as const;
    if (!spec.accepts(value))
      throw new ModelError(
        `Model ${modelName}: option ${name} must be ${spec.range}; it is ${JSON.stringify(value)}.`,
        about("options", name),
      );
    return [name, value] as const;
  });
  return Object.fromEntries(values) as Values<S>;
}
