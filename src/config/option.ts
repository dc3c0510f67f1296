/** How an option is declared: a schema with the words that docs, editors and errors say about it. */
import { z } from "zod";

/** What is said about an option. */
export interface About {
  /** One sentence for the docs, the editor and the types. */
  readonly sentence: string;
  /** What is allowed, as words that fit behind "expected". */
  readonly range: string;
  /** The default in words, where it is computed from other things. The resolved config always has a value then. */
  readonly computed?: string;
  /** The JSON Schema of other spellings, which load.ts rewrites before validation. */
  readonly spelling?: Record<string, unknown>;
  /** The option is used up while the config is loaded: the resolved config does not have it. */
  readonly consumed?: true;
}

export function option<T extends z.ZodType>(schema: T, about: About): T {
  const { sentence, ...rest } = about;
  return schema.meta({ description: sentence, ...rest });
}

export function integer(low: number, high: number): z.ZodInt {
  return z.int().min(low).max(high);
}

export function integers(low: number, high: number): string {
  return `an integer from ${low} to ${high}`;
}

export function oneOf(names: readonly string[]): string {
  return `one of ${names.join(", ")}`;
}

/** More than anybody needs. */
export const MANY: number = 10_000_000;
