/** Reads NetCDF-4 (HDF5) in ArviZ's InferenceData layout: the groups `posterior` and `sample_stats`. */
import type { Dataset, Group } from "h5wasm/node";
import type { VariableSpec } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { quantityNames } from "../names.ts";
import { discardHdf5, hdf5 } from "./hdf5.ts";
import { quotedName, type ReadDraws } from "./read-table.ts";

/** Deflate makes at most so many bytes of one. */
const MAX_RATIO = 1100;
const MAX_ELEMENTS = 2 ** 28;
/** HDF5's classes of whole numbers, floating-point numbers and (booleans of h5py) enumerations. */
const NUMBER_CLASSES: ReadonlySet<number> = new Set([0, 1, 8]);

interface Source {
  readonly file: string;
  readonly bytes: number;
}

/** Numbers of elements; refused before they are read where the file cannot hold as many. */
function sizeOf({ shape, metadata }: Dataset, name: string, { file, bytes }: Source): number {
  const count = (shape ?? []).reduce((product, length) => product * length, 1);
  if (count <= MAX_ELEMENTS && count * Math.max(1, metadata.size) <= MAX_RATIO * bytes) return count;
  throw new StoreError(`${file}: ${quotedName(name)} claims ${count} elements: the file is damaged, or too large.`);
}

/** Name of the dimension of an axis: that of its scale; h5py and netCDF name it by a path. */
function dimOf(dataset: Dataset, axis: number): string | undefined {
  return dataset.get_attached_scales(axis)[0]?.split("/").at(-1);
}

function labelsOf(group: Group, dim: string, length: number, source: Source): readonly (string | number)[] {
  const found = group.get(dim);
  if (found === null || !("slice" in found) || sizeOf(found, dim, source) !== length) return count(length);
  const { value } = found;
  // A dimension without a coordinate is a scale of zeros that netCDF writes.
  if (found.get_scale_name()?.startsWith("This is a netCDF dimension") === true) return count(length);
  if (value === null || typeof value !== "object" || !("length" in value) || value.length !== length)
    return count(length);
  return Array.from(value as ArrayLike<unknown>, (label) => {
    if (typeof label === "string") return label;
    const number = Number(label);
    return Number.isFinite(number) ? number : String(label);
  });
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function quantitiesOf(group: Group, name: string, dataset: Dataset, source: Source): QuantityDraws[] {
  const shape = dataset.shape ?? [];
  const [chains = 0, draws = 0, ...inner] = shape;
  const total = sizeOf(dataset, name, source);
  const dims = inner.map((_, axis) => dimOf(dataset, axis + 2) ?? `${name}_dim_${axis}`);
  const labels = dims.map((dim, axis) => [dim, labelsOf(group, dim, inner[axis] ?? 0, source)] as const);
  const variable: VariableSpec = { name, dtype: "float64", dims, shape: inner };
  const names = total === 0 ? [] : quantityNames(variable, Object.fromEntries(labels));
  const value = dataset.value as ArrayLike<number | bigint> | null;
  if (value === null || value.length !== total) throw new StoreError(`${source.file}: ${quotedName(name)} is damaged.`);
  return names.map((quantity, element) => ({
    name: quantity,
    draws: Array.from({ length: chains }, (_, chain) =>
      Float64Array.from({ length: draws }, (__, draw) =>
        Number(value[(chain * draws + draw) * names.length + element]),
      ),
    ),
  }));
}

/** True for an array of draws: numbers, and the first axes are chain and draw. */
function holdsDraws(dataset: Dataset): boolean {
  if ((dataset.shape?.length ?? 0) < 2 || !NUMBER_CLASSES.has(dataset.metadata.type)) return false;
  const [chain, draw] = [dimOf(dataset, 0), dimOf(dataset, 1)];
  return (chain ?? "chain") === "chain" && (draw ?? "draw") === "draw";
}

function readGroup(file: Group, name: string, source: Source): QuantityDraws[] {
  if (!file.keys().includes(name)) return [];
  const group = file.get(name);
  if (group === null || !("create_group" in group)) return [];
  return group.keys().flatMap((key) => {
    const item = group.get(key);
    return item !== null && "slice" in item && holdsDraws(item) ? quantitiesOf(group, key, item, source) : [];
  });
}

/** Reads a NetCDF-4 file. @throws StoreError where it has no posterior draws; what the library throws if it is damaged */
export async function readNetcdf(path: string, bytes: number): Promise<ReadDraws> {
  const { File } = await hdf5();
  const source = { file: path, bytes };
  let file: InstanceType<typeof File> | undefined;
  try {
    file = new File(path, "r");
    const quantities = readGroup(file, "posterior", source);
    if (quantities.length === 0) {
      throw new StoreError(`${path} has no group "posterior" with draws: expected InferenceData as ArviZ writes it.`);
    }
    const statistics = readGroup(file, "sample_stats", source);
    return { quantities, ...(statistics.length > 0 && { statistics }) };
  } catch (error) {
    discardHdf5();
    throw error;
  } finally {
    closeQuietly(file);
  }
}

/** Closing can fail after the library did; what failed first is what matters. */
function closeQuietly(file: { close(): unknown } | undefined): void {
  try {
    file?.close();
  } catch {
    discardHdf5();
  }
}
