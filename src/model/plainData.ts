/** Data as programs hold them: a number, lists of numbers in lists, typed arrays. Their shape is what they are made of. */
import { about, ModelError } from "../errors.ts";
import { inShort } from "./words.ts";

/** Numbers as a loader gives them: row-major, with the lengths of the axes. */
export interface ModelData {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Numbers of one axis. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** One number, or lists in lists, of one length along each axis; true is 1. */
export type PlainData = number | boolean | NumberArray | readonly PlainData[];

/** Data of any form with their shape. Throws a ModelError, with the place, for what is no number, and for unequal lengths. */
export function withShape(name: string, given: unknown): ModelData {
  if (isShaped(given)) return given;
  if (!isPlain(given))
    throw new ModelError(
      `Data ${name} must be a number, a list of numbers (in lists, for several axes), a typed array, or { data, shape }; ` +
        `they are ${inShort(given)}.`,
      about("data", name),
    );
  const shape = shapeOf(given);
  const data: number[] = [];
  collect(name, given, shape, [], data);
  return { data, shape };
}

function isShaped(given: unknown): given is ModelData {
  if (typeof given !== "object" || given === null) return false;
  const { data, shape } = given as Partial<ModelData>;
  return data?.length !== undefined && Array.isArray(shape);
}

function isList(given: unknown): given is NumberArray | readonly unknown[] {
  return Array.isArray(given) || (ArrayBuffer.isView(given) && "length" in given);
}

function isPlain(given: unknown): boolean {
  return typeof given === "number" || typeof given === "boolean" || isList(given);
}

/** The lengths of the axes, along the first entries. */
function shapeOf(given: unknown): number[] {
  const shape: number[] = [];
  for (let at = given; isList(at); at = at[0]) shape.push(at.length);
  return shape;
}

function collect(
  name: string,
  given: unknown,
  shape: readonly number[],
  place: readonly number[],
  into: number[],
): void {
  const where = place.length === 0 ? "" : `[${place.join("][")}]`;
  if (place.length === shape.length) {
    if (typeof given !== "number" && typeof given !== "boolean")
      throw new ModelError(`Data ${name}${where} must be a number; it is ${inShort(given)}.`, about("data", name));
    into.push(Number(given));
    return;
  }
  const length = shape[place.length]!;
  if (!isList(given) || given.length !== length)
    throw new ModelError(
      `Data ${name}${where} must have ${length} entries, as those before it; ` +
        `it ${isList(given) ? `has ${given.length}` : `is ${inShort(given)}`}.`,
      about("data", name),
    );
  for (let i = 0; i < length; i++) collect(name, given[i], shape, [...place, i], into);
}
