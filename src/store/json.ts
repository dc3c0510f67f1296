/** JSON as values, and checks of a document that was read from a file: each error names the file and the key. */
import { StoreError } from "../errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A place in a document: the file and the path of keys, for error messages. */
export interface Place {
  readonly file: string;
  readonly key: string;
}

function fail(place: Place, expected: string, found: unknown): never {
  const text = found === undefined ? "nothing" : (JSON.stringify(found) ?? String(found));
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  const at = place.key === "" ? place.file : `${place.file}: ${place.key}`;
  throw new StoreError(
    `${at}: expected ${expected}, found ${shown}. The file is damaged or was edited; restore it from a copy, or run again.`,
  );
}

/** Parses JSON text whose top is an object. */
export function parseJson(text: string, file: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(`${file} is not valid JSON (${reason}). It is damaged; restore it from a copy, or run again.`);
  }
  return asObject(value, { file, key: "" });
}

export function asObject(value: unknown, place: Place): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(place, "an object", value);
  return value as JsonObject;
}

export function asArray(value: unknown, place: Place): readonly Json[] {
  if (!Array.isArray(value)) fail(place, "a list", value);
  return value as readonly Json[];
}

export function asString(value: unknown, place: Place): string {
  if (typeof value !== "string") fail(place, "a text", value);
  return value;
}

/** A whole number from `least` to 2⁵³ − 1. */
export function asCount(value: unknown, place: Place, least = 0): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least) {
    fail(place, `a whole number of at least ${least}`, value);
  }
  return value;
}

/** One of a few texts. */
export function asOneOf<T extends string>(value: unknown, allowed: readonly T[], place: Place): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) fail(place, `one of ${allowed.join(", ")}`, value);
  return found;
}

/** The value of an object's own key, or undefined; never an inherited one. */
export function member(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The place of a key inside another place. */
export function inside(place: Place, key: string | number): Place {
  const text = typeof key === "number" ? `[${key}]` : place.key === "" ? key : `.${key}`;
  return { file: place.file, key: `${place.key}${text}` };
}
