/** Reads NetCDF-4 (HDF5): the groups `posterior` and `sample_stats` of ArviZ's InferenceData, or variables without a group. */
import type { Dataset, Group } from "h5wasm/node";
import { ManychainError, StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { readRoles, VARIABLE_ROLES } from "../roles.ts";
import { CONTENT_DIGEST, checkContent } from "./content-digest.ts";
import { discardHdf5, hdf5 } from "./hdf5.ts";
import { quotedName } from "./read-index.ts";
import {
  type Elements,
  type LabelledArray,
  type LabelledGroup,
  posteriorDraws,
  rowMajor,
  statisticsOf,
} from "./read-labelled.ts";
import type { ReadDraws } from "./read-table.ts";

/** Deflate makes at most so many bytes of one. */
const MAX_RATIO = 1100;
const MAX_ELEMENTS = 2 ** 28;
/** HDF5's classes of whole numbers, floating-point numbers and (booleans of h5py) enumerations; and of texts. */
const NUMBER_CLASSES: ReadonlySet<number> = new Set([0, 1, 8]);
const TEXT_CLASS = 3;
/** What xarray puts in front of a variable that has the name of a dimension and is not its coordinate. */
const NOT_COORDINATE = /^_nc4_non_coord_/;

interface Source {
  readonly file: string;
  readonly bytes: number;
  readonly root: Group;
}

/** Numbers of elements; refused before they are read where the file cannot hold as many. */
function sizeOf({ shape, metadata }: Dataset, name: string, { file, bytes }: Source): number {
  const count = (shape ?? []).reduce((product, length) => product * length, 1);
  if (count <= MAX_ELEMENTS && count * Math.max(1, metadata.size) <= MAX_RATIO * bytes) return count;
  throw new StoreError(`${file}: ${quotedName(name)} claims ${count} elements: the file is damaged, or too large.`);
}

/** A dimension without a coordinate is a scale of zeros that netCDF writes. */
function isDimensionOnly(dataset: Dataset): boolean {
  return dataset.get_scale_name()?.startsWith("This is a netCDF dimension") === true;
}

function attributesOf(item: Dataset | Group): Record<string, unknown> {
  const names = Object.keys(item.attrs).filter(
    (key) => !/^(?:DIMENSION_LIST|REFERENCE_LIST|CLASS|NAME|_Netcdf4)/.test(key),
  );
  return Object.fromEntries(names.map((key) => [key, item.attrs[key]?.value]));
}

async function elementsOf(dataset: Dataset, name: string, source: Source): Promise<Elements> {
  const total = sizeOf(dataset, name, source);
  const { value, shape } = dataset;
  const list = total === 1 && (typeof value !== "object" || value === null) ? [value] : value;
  if (list === null || typeof list !== "object" || !("length" in list) || list.length !== total) {
    throw new StoreError(`${source.file}: ${quotedName(name)} is damaged.`);
  }
  return { values: list as ArrayLike<unknown>, strides: rowMajor(shape ?? []) };
}

function arrayOf(dataset: Dataset, key: string, source: Source): LabelledArray {
  const { type } = dataset.metadata;
  const shape = dataset.shape ?? [];
  return {
    name: key.replace(NOT_COORDINATE, ""),
    // The name of an axis is that of its scale; h5py and netCDF name it by a path.
    dims: shape.map((_, axis) => dataset.get_attached_scales(axis)[0]?.split("/").at(-1)),
    shape,
    kind: NUMBER_CLASSES.has(type) ? "number" : type === TEXT_CLASS ? "text" : "other",
    attributes: attributesOf(dataset),
    read: () => elementsOf(dataset, key, source),
  };
}

function datasetIn(group: Group, key: string): Dataset | undefined {
  const item = group.get(key);
  return item !== null && "slice" in item ? item : undefined;
}

/** A group by its name, or the file itself; coordinates may be those of the whole file. */
function groupOf(group: Group, name: string, source: Source): LabelledGroup {
  const arrays = group.keys().flatMap((key) => {
    const dataset = datasetIn(group, key);
    const isScale = dataset !== undefined && dataset.get_scale_name() !== null;
    return dataset === undefined || isScale ? [] : [arrayOf(dataset, key, source)];
  });
  return {
    place: name === "" ? source.file : `${source.file}, group ${name}`,
    attributes: attributesOf(group),
    arrays,
    coordinate: (dim) => {
      const dataset = datasetIn(group, dim) ?? datasetIn(source.root, dim);
      return dataset === undefined || isDimensionOnly(dataset) ? undefined : arrayOf(dataset, dim, source);
    },
  };
}

function subgroup(root: Group, name: string): Group | undefined {
  if (!root.keys().includes(name)) return undefined;
  const group = root.get(name);
  return group !== null && "create_group" in group ? group : undefined;
}

/** Holds a group to its digests, but not in a file that was written anew: whoever does that leaves a mark. */
function checkDigests({ root, file }: Source, name: string, draws: readonly QuantityDraws[]): void {
  if (Object.hasOwn(root.attrs, "_NCProperties")) return;
  const found = [root.attrs[`${CONTENT_DIGEST}_${name}`], subgroup(root, name)?.attrs[CONTENT_DIGEST]];
  const where = `the attributes that begin with ${CONTENT_DIGEST}`;
  for (const digest of found) checkContent(digest?.value, draws, { file, where, isOurs: true });
}

async function readRoot(source: Source): Promise<ReadDraws> {
  const notes: string[] = [];
  const { root, file } = source;
  const posterior = subgroup(root, "posterior");
  const groups = root.keys().filter((key) => subgroup(root, key) !== undefined);
  if (posterior === undefined && groups.length > 0) {
    throw new StoreError(
      `${file} has no group "posterior" with draws: expected InferenceData as ArviZ writes it, found the groups ${groups.map(quotedName).join(", ")}.`,
    );
  }
  const quantities = await posteriorDraws(groupOf(posterior ?? root, posterior ? "posterior" : "", source), notes);
  const stats = subgroup(root, "sample_stats");
  const statistics = stats === undefined ? [] : await statisticsOf(groupOf(stats, "sample_stats", source));
  checkDigests(source, "posterior", quantities);
  checkDigests(source, "sample_stats", statistics);
  const roles = readRoles(posterior?.attrs[VARIABLE_ROLES]?.value, quantities, file);
  return { quantities, roles, ...(statistics.length > 0 && { statistics }), ...(notes.length > 0 && { notes }) };
}

/** Reads a NetCDF-4 file. @throws StoreError where it has no posterior draws; what the library throws if it is damaged */
export async function readNetcdf(path: string, bytes: number): Promise<ReadDraws> {
  const { File } = await hdf5();
  let file: InstanceType<typeof File> | undefined;
  try {
    file = new File(path, "r");
    return await readRoot({ file: path, bytes, root: file });
  } catch (error) {
    // What we refuse did not harm the library.
    if (!(error instanceof ManychainError)) discardHdf5();
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
