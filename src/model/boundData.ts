import { about, ModelError } from "../errors.ts";
import { constant, type Node } from "../graph/node.ts";
import { byNames, own } from "../named.ts";
import type { DataKind, DataSpec } from "./data.ts";
import { type ModelData, type PlainData, withShape } from "./plainData.ts";
import { inWords, suggestion } from "./words.ts";

/** Checked data: what the store keeps beside the draws. */
export interface DataArray {
  readonly name: string;
  readonly dtype: "float" | "int32";
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly data: Float64Array | Int32Array;
}

/** Data, their nodes, and the sizes of the dimensions that follow from them. */
export interface BoundData {
  readonly arrays: Readonly<Record<string, DataArray>>;
  readonly nodes: Readonly<Record<string, Node>>;
  readonly sizes: Readonly<Record<string, number>>;
}

/**
 * Check data against what a model declares. `sizes` are those of dimensions that are known beforehand. Throws a
 * ModelError that names the data, and the element, where some are missing, unknown, of another rank, of unequal
 * lengths, not finite, or not of their kind.
 */
export function bindData(
  modelName: string,
  specs: Readonly<Record<string, DataSpec>>,
  plain: Readonly<Record<string, ModelData | PlainData>>,
  sizes: Readonly<Record<string, number>>,
): BoundData {
  checkNames(modelName, Object.keys(specs), Object.keys(plain));
  const given = Object.fromEntries(Object.keys(specs).map((name) => [name, withShape(name, plain[name])]));
  const measured: Record<string, number> = byNames(sizes);
  const first: Record<string, string> = byNames();
  for (const dim of Object.keys(sizes)) first[dim] = "the size or the labels given";
  for (const [name, { dims }] of Object.entries(specs)) checkShape(name, dims, given[name]!, measured, first);
  const arrays: Record<string, DataArray> = byNames();
  for (const [name, spec] of Object.entries(specs)) arrays[name] = checked(name, spec, given[name]!, measured);
  const nodes = Object.fromEntries(
    Object.values(arrays).map(({ name, data, shape, dtype }) => [name, constant(data, shape, dtype)]),
  );
  return { arrays, nodes, sizes: measured };
}

function checkNames(modelName: string, wanted: readonly string[], given: readonly string[]): void {
  const missing = wanted.filter((name) => !given.includes(name));
  const extra = given.filter((name) => !wanted.includes(name));
  if (missing.length > 0)
    throw new ModelError(
      `Model ${modelName} needs data named ${inWords(missing)}${suggestion(missing[0]!, extra)} ` +
        `It was given ${inWords(given)}; it takes ${inWords(wanted)}.`,
      about("data"),
    );
  if (extra.length > 0)
    throw new ModelError(
      `Model ${modelName} takes no data named ${inWords(extra)}${suggestion(extra[0]!, wanted)} It takes ${inWords(wanted)}.`,
      about("data", extra[0]!),
    );
}

function checkShape(
  name: string,
  dims: readonly string[],
  { data, shape }: ModelData,
  sizes: Record<string, number>,
  first: Record<string, string>,
): void {
  if (shape.length !== dims.length)
    throw new ModelError(
      `Data ${name} must have ${axes(dims.length)}${dims.length > 0 ? ` (${dims.join(", ")})` : ""}; ` +
        `they have ${axes(shape.length)}, shape [${shape}].`,
      about("data", name),
    );
  const size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size)
    throw new ModelError(
      `Data ${name} have shape [${shape}], which is ${size} numbers, but ${data.length} were given.`,
      about("data", name),
    );
  dims.forEach((dim, axis) => {
    const length = shape[axis]!;
    if (length === 0) throw new ModelError(`Data ${name} have no entries along ${dim}.`, about("data", name));
    const known = sizes[dim];
    if (known !== undefined && known !== length)
      throw new ModelError(
        `Dimension ${dim} has ${length} entries in data ${name}, but ${known} in ${first[dim]!}: the two must agree.`,
        about("data", name),
      );
    sizes[dim] = length;
    first[dim] ??= `data ${name}`;
  });
}

function axes(count: number): string {
  if (count === 0) return "no axes (one number)";
  return count === 1 ? "1 axis" : `${count} axes`;
}

function checked(
  name: string,
  spec: DataSpec,
  { data, shape }: ModelData,
  sizes: Readonly<Record<string, number>>,
): DataArray {
  const limit = spec.into === undefined ? 0 : entriesOf(name, spec.into, sizes);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (Number.isFinite(value) && fits[spec.kind](value, limit)) continue;
    const range = spec.kind === "index" ? `${limit - 1} (dimension ${spec.into!} has ${limit} entries)` : "";
    throw new ModelError(
      `Data ${name} must be ${text[spec.kind]}${range}; ${place(i, spec.dims, shape)} is ${value}.`,
      about("data", name),
    );
  }
  const whole = spec.kind === "integer" || spec.kind === "index";
  return {
    name,
    dtype: whole ? "int32" : "float",
    dims: spec.dims,
    shape,
    data: whole ? Int32Array.from(data) : Float64Array.from(data),
  };
}

const text: Readonly<Record<DataKind, string>> = {
  real: "finite numbers",
  positive: "finite numbers greater than 0",
  binary: "0 or 1",
  count: "whole numbers from 0",
  integer: "whole numbers that fit 32 bits",
  index: "whole numbers from 0 to ",
};

const fits: Readonly<Record<DataKind, (value: number, limit: number) => boolean>> = {
  real: () => true,
  positive: (value) => value > 0,
  binary: (value) => value === 0 || value === 1,
  count: (value) => Number.isInteger(value) && value >= 0,
  integer: (value) => value === (value | 0),
  index: (value, limit) => Number.isInteger(value) && value >= 0 && value < limit,
};

function entriesOf(name: string, dim: string, sizes: Readonly<Record<string, number>>): number {
  const size = own(sizes, dim);
  if (size !== undefined) return size;
  throw new ModelError(
    `Data ${name} point into dimension ${dim}, whose size is not known${suggestion(dim, Object.keys(sizes))} ` +
      `No data have that dimension: give its size in the model, such as dimensions: { ${dim}: 8 }, or its labels (coordinates).`,
    about("data", name),
  );
}

/** `observation 3, feature 0 (from 0)`. */
function place(element: number, dims: readonly string[], shape: readonly number[]): string {
  if (dims.length === 0) return "the value";
  let rest = element;
  const parts = dims.map((dim, axis) => {
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const at = Math.floor(rest / inner);
    rest -= at * inner;
    return `${dim} ${at}`;
  });
  return `${parts.join(", ")} (from 0)`;
}
