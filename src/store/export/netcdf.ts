/**
 * NetCDF-4 by h5wasm, as ArviZ writes InferenceData: one group each for posterior, sample_stats, data …; every dimension
 * is an HDF5 dimension scale of its group, booleans are 8-bit integers with the attribute `dtype = "bool"`, as xarray's.
 */
import type { Group } from "h5wasm/node";
import type { Coordinates, Numbers, VariableSpec } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import type { DrawGroup } from "../array-reader.ts";
import { UNCONSTRAINED_DIMENSION } from "../draws-store.ts";
import { elements, keptDraws } from "../layout.ts";
import { axisLabels } from "../names.ts";
import { storeAttributes } from "../writer.ts";
import { CONTENT_DIGEST } from "./content-digest.ts";
import { readDataGroup } from "./data-group.ts";
import { discardHdf5, hdf5 } from "./hdf5.ts";
import { columnsOf, digestOf, type ExportColumn, type ExportSource, rawDraws } from "./source.ts";

/** The library holds an array whole, in a 32-bit memory. */
const MAX_BYTES = 2 ** 30;
/** HDF5 has no longer attributes; roles of thousands of variables are left out. */
const MAX_ATTRIBUTE = 60_000;
const GROUPS: readonly DrawGroup[] = [
  "posterior",
  "sample_stats",
  "unconstrained_posterior",
  "warmup_posterior",
  "warmup_sample_stats",
];

type Labels = readonly (string | number)[];

function putScale(group: Group, dim: string, labels: Labels): void {
  const isInteger = labels.every((label) => Number.isSafeInteger(label));
  const shape = [labels.length];
  const dataset = isInteger
    ? group.create_dataset({ name: dim, shape, data: BigInt64Array.from(labels, (label) => BigInt(label)) })
    : labels.every((label) => typeof label === "number")
      ? group.create_dataset({ name: dim, shape, data: Float64Array.from(labels) })
      : group.create_dataset({ name: dim, shape, data: labels.map(String), dtype: "S" });
  dataset.make_scale(dim);
}

function putArray(
  group: Group,
  path: string,
  array: { readonly name: string; readonly dims: readonly string[]; readonly shape: readonly number[] },
  values: Numbers,
): void {
  if (values.byteLength > MAX_BYTES) {
    throw new StoreError(
      `"${array.name}" has ${values.byteLength} bytes, more than the ${MAX_BYTES} that can be written to NetCDF. Export Parquet, or open draws.zarr itself.`,
    );
  }
  const isBool = values instanceof Uint8Array;
  const data = isBool ? Int8Array.from(values) : values;
  const dataset = group.create_dataset({ name: array.name, data, shape: [...array.shape] });
  // xarray makes booleans of the first: fine for `diverging`, but ArviZ 1.3 summarises no posterior that has one.
  if (isBool && !path.endsWith("posterior")) dataset.create_attribute("dtype", "bool");
  else if (isBool) dataset.create_attribute("values", "0 = false, 1 = true");
  array.dims.forEach((dim, axis) => {
    dataset.attach_scale(axis, `${path}/${dim}`);
  });
}

function namedDims(variables: readonly VariableSpec[], coordinates: Coordinates): Map<string, Labels> {
  const dims = new Map<string, Labels>();
  for (const variable of variables) {
    variable.dims.forEach((dim, axis) => {
      dims.set(dim, axisLabels(dim, variable.shape[axis] ?? 0, coordinates));
    });
  }
  return dims;
}

function putAttributes(group: Group, source: ExportSource): void {
  for (const [key, value] of Object.entries(storeAttributes(source.reader.run))) {
    const text = String(value);
    if (Buffer.byteLength(text) <= MAX_ATTRIBUTE) group.create_attribute(key, text);
  }
}

/** The digest of what diagnose reads back: the draws, and the sampler's scalars. */
async function putDigest(file: Group, group: Group, source: ExportSource, name: DrawGroup): Promise<void> {
  const read = source.reader.variables(name).filter(({ dims }) => name === "posterior" || dims.length === 0);
  const columns: ExportColumn[] = [];
  for (const variable of read) columns.push(...(await columnsOf(source, variable, name)));
  const digest = digestOf(source, columns);
  // Twice, for what damages a group may take its attributes along.
  group.create_attribute(CONTENT_DIGEST, digest);
  file.create_attribute(`${CONTENT_DIGEST}_${name}`, digest);
}

async function putDraws(file: Group, source: ExportSource, name: DrawGroup): Promise<void> {
  const variables = source.reader.variables(name).filter((variable) => elements(variable) > 0);
  const draws = drawsOf(source, name);
  if (variables.length === 0 || draws.length === 0) return;
  const { layout } = source.reader;
  const isUnconstrained = name === "unconstrained_posterior";
  const coordinates = isUnconstrained
    ? { [UNCONSTRAINED_DIMENSION]: layout.unconstrained?.labels ?? [] }
    : layout.coordinates;
  const group = file.create_group(name);
  putAttributes(group, source);
  const dims = new Map<string, Labels>([
    ["chain", source.chains],
    ["draw", draws],
    ...namedDims(variables, coordinates),
  ]);
  for (const [dim, labels] of dims) putScale(group, dim, labels);
  if (!isUnconstrained) await putDigest(file, group, source, name);
  for (const variable of variables) {
    const shape = [source.chains.length, draws.length, ...variable.shape];
    const array = { name: variable.name, dims: ["chain", "draw", ...variable.dims], shape };
    putArray(group, `/${name}`, array, await rawDraws(source, variable.name, name));
  }
}

/** Iterations of a group's draws. Those of warm-up are counted from its beginning. */
function drawsOf({ draws, batches, reader }: ExportSource, name: DrawGroup): readonly number[] {
  if (!name.startsWith("warmup_")) return draws;
  const committed = Math.min(...batches.map((batch) => reader.perBatch.warmup[batch] ?? 0));
  const { keep } = reader.layout;
  const step = keep?.kind === "thinned" ? keep.every : 1;
  return Array.from({ length: keptDraws(reader.layout, committed) }, (_, index) => index * step);
}

async function putData(file: Group, source: ExportSource, name: "observed_data" | "constant_data"): Promise<void> {
  const arrays = (await readDataGroup(source.reader.directory, name)).filter((array) => elements(array) > 0);
  if (arrays.length === 0) return;
  const group = file.create_group(name);
  putAttributes(group, source);
  const dims = namedDims(arrays, source.reader.layout.coordinates);
  for (const [dim, labels] of dims) putScale(group, dim, labels);
  for (const array of arrays) putArray(group, `/${name}`, array, array.values);
}

export async function writeNetcdf(source: ExportSource, path: string): Promise<void> {
  const { File } = await hdf5();
  const file = new File(path, "w");
  try {
    for (const name of GROUPS) await putDraws(file, source, name);
    await putData(file, source, "observed_data");
    await putData(file, source, "constant_data");
  } catch (error) {
    discardHdf5();
    throw error;
  } finally {
    file.close();
  }
}
