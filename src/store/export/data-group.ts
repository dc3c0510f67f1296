/** Reads the model's data back from `draws.zarr`. */
import { join } from "node:path";
import type { StoredType } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import { readBounded } from "../files.ts";
import { asArray, asCount, asObject, asOneOf, asString, inside, type JsonObject, member, parseJson } from "../json.ts";
import { type DataArray, elements } from "../layout.ts";
import { CHECKSUM_BYTES, chunkKey, decode, elementBytes, readChunk, zarrType } from "../zarr.ts";

const MAX_METADATA = 256 * 2 ** 20;
const TYPES: readonly StoredType[] = ["float32", "float64", "int32", "uint32", "bool"];

/** The arrays of a group of data, without its coordinates; none where the run has no such group. */
export async function readDataGroup(
  directory: string,
  group: "observed_data" | "constant_data",
): Promise<readonly DataArray[]> {
  const file = join(directory, "draws.zarr", ".zmetadata");
  const bytes = await readBounded(file, MAX_METADATA);
  if (bytes === undefined) throw new StoreError(`${file} is missing: the store is damaged.`);
  const metadata = asObject(member(parseJson(bytes.toString("utf8"), file), "metadata"), { file, key: "metadata" });
  const arrays: DataArray[] = [];
  for (const key of Object.keys(metadata)) {
    const [, name] = new RegExp(`^${group}/([^/]+)/\\.zarray$`).exec(key) ?? [];
    if (name === undefined) continue;
    const array = await readArray(directory, file, metadata, { group, name });
    if (array !== undefined) arrays.push(array);
  }
  return arrays;
}

async function readArray(
  directory: string,
  file: string,
  metadata: JsonObject,
  { group, name }: { readonly group: string; readonly name: string },
): Promise<DataArray | undefined> {
  const place = { file, key: `${group}/${name}` };
  const attributes = asObject(member(metadata, `${group}/${name}/.zattrs`), place);
  const at = inside(place, "_ARRAY_DIMENSIONS");
  const dims = asArray(member(attributes, "_ARRAY_DIMENSIONS"), at).map((dim, axis) => asString(dim, inside(at, axis)));
  // A coordinate of a dimension.
  if (dims.length === 1 && dims[0] === name) return undefined;
  const array = asObject(member(metadata, `${group}/${name}/.zarray`), place);
  const within = inside(place, "shape");
  const shape = asArray(member(array, "shape"), within).map((length, axis) => asCount(length, inside(within, axis)));
  const code = asOneOf(member(array, "dtype"), TYPES.map(zarrType), inside(place, "dtype"));
  const dtype = TYPES.find((type) => zarrType(type) === code)!;
  const width = elements({ shape });
  const path = join(directory, "draws.zarr", group, name, chunkKey(shape.map(() => 0)));
  const bytes = width === 0 ? new Uint8Array() : await readChunk(path, width * elementBytes(dtype) + CHECKSUM_BYTES);
  return { name, dtype, dims, shape, values: decode(dtype, bytes) };
}
