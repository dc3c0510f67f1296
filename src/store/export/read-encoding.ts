/**
 * Numbers that NetCDF and xarray store packed: `scale_factor`, `add_offset`, `_FillValue`, `missing_value`.
 * Source: NetCDF Users Guide, "Attribute Conventions"; CF Conventions 1.11, 2.5.1 and 8.1; xarray.conventions.
 */
import { StoreError } from "../../errors.ts";
import { quotedName } from "./read-index.ts";

/** What is encoded: an array by name, and its attributes. */
interface Encoded {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Reads elements as numbers. */
export interface Decoder {
  /** The number at an index; NaN where it is missing. */
  readonly number: (index: number) => number;
  /** How many of those that were read are missing. */
  readonly missing: () => number;
}

/** Attributes that change what numbers mean and are not applied. */
const REFUSED = ["_Unsigned", "_Encoding"];

function refuse(place: string, name: string, key: string, value: unknown): never {
  throw new StoreError(
    `${place}: ${quotedName(name)} has the attribute ${key} = ${quotedName(String(value))}, which is not known here. Write it without that encoding (xarray: \`drop_encoding()\` before \`to_netcdf\` or \`to_zarr\`).`,
  );
}

/** The numbers of an attribute: one, a list, or xarray's base64 of a float64 (Zarr version 3). */
function numbersOf(value: unknown): number[] | undefined {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return [Number(value)];
  if (typeof value === "string") {
    if (/^(?:NaN|-?Infinity)$/.test(value)) return [Number(value)];
    const bytes = Buffer.from(value, "base64");
    return bytes.length === 8 && bytes.toString("base64") === value ? [bytes.readDoubleLE(0)] : undefined;
  }
  if (typeof value !== "object" || value === null || !("length" in value)) return undefined;
  const list = Array.from(value as ArrayLike<unknown>, (each) => numbersOf(each));
  return list.some((each) => each === undefined) ? undefined : list.flatMap((each) => each ?? []);
}

/** One number of an attribute. */
function numberOf(place: string, { name, attributes }: Encoded, key: string, without: number): number {
  const value = attributes[key];
  if (value === undefined || value === null) return without;
  const found = numbersOf(value);
  return found?.length === 1 && Number.isFinite(found[0]) ? found[0]! : refuse(place, name, key, value);
}

/** How to read the elements of an array. @throws StoreError for an encoding that is not known, by name */
export function decoder(array: Encoded, place: string, values: ArrayLike<unknown>): Decoder {
  const { name, attributes } = array;
  for (const key of REFUSED) if (attributes[key] !== undefined) refuse(place, name, key, attributes[key]);
  const { units } = attributes;
  if (typeof units === "string" && / since /.test(units)) refuse(place, name, "units", units);
  const fills = ["_FillValue", "missing_value"].flatMap((key) => {
    const value = attributes[key];
    if (value === undefined || value === null) return [];
    return numbersOf(value) ?? refuse(place, name, key, value);
  });
  const missing = new Set(fills.filter((fill) => !Number.isNaN(fill)));
  const scale = numberOf(place, array, "scale_factor", 1);
  const offset = numberOf(place, array, "add_offset", 0);
  const isScaled = attributes["scale_factor"] !== undefined || attributes["add_offset"] !== undefined;
  let count = 0;
  const number = (index: number): number => {
    const value = Number(values[index]);
    if (missing.size > 0 && missing.has(value)) {
      count++;
      return Number.NaN;
    }
    return isScaled ? value * scale + offset : value;
  };
  return { number, missing: () => count };
}
