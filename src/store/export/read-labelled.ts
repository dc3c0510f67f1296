/**
 * Draws in arrays with named dimensions, as NetCDF and Zarr have them: chain and draw are found by name, in any order; what
 * is encoded is decoded; what is left out is told.
 */
import { StoreError } from "../../errors.ts";
import { byNames } from "../../named.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { quantityNames } from "../names.ts";
import { decoder } from "./read-encoding.ts";
import { quotedName, roleOf } from "./read-index.ts";
import { some } from "./read-table.ts";

/** An array in a group. */
export interface LabelledArray {
  readonly name: string;
  /** Names of the axes; undefined where the file does not say. */
  readonly dims: readonly (string | undefined)[];
  readonly shape: readonly number[];
  /** What its elements are: numbers (also flags), texts, or what is neither. */
  readonly kind: "number" | "text" | "other";
  readonly attributes: Readonly<Record<string, unknown>>;
  /** @throws StoreError where the file cannot hold as many elements as it says */
  readonly read: () => Promise<Elements>;
}

/** Elements and how far apart neighbours along each axis are. */
export interface Elements {
  readonly values: ArrayLike<unknown>;
  readonly strides: readonly number[];
}

/** A group of arrays, such as `posterior`. */
export interface LabelledGroup {
  /** As messages name it: the file, and the group. */
  readonly place: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly arrays: readonly LabelledArray[];
  /** The coordinates of a dimension, where it has any. */
  readonly coordinate: (dim: string) => LabelledArray | undefined;
}

/** Strides of a row-major array. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Where the chain and the draw of an array are, and its other axes in order. */
interface Axes {
  readonly chain: number;
  readonly draw: number;
  readonly inner: readonly number[];
}

/** The axes of an array of draws, or undefined. Where no axis has a name, the first two are chain and draw. */
function axesOf({ dims, shape }: LabelledArray): Axes | undefined {
  const roles = dims.map((dim) => (dim === undefined ? undefined : roleOf(dim)));
  const isNamed = dims.some((dim) => dim !== undefined);
  const chain = isNamed ? roles.indexOf("chain") : 0;
  const draw = isNamed ? (roles.includes("draw") ? roles.indexOf("draw") : roles.indexOf("iteration")) : 1;
  if (chain === -1 || draw === -1 || shape.length < 2) return undefined;
  return { chain, draw, inner: shape.flatMap((_, axis) => (axis === chain || axis === draw ? [] : [axis])) };
}

async function labelsOf(group: LabelledGroup, dim: string, length: number, notes: string[]): Promise<Labels> {
  const counted = Array.from({ length }, (_, index) => index);
  const found = group.coordinate(dim);
  if (found === undefined || found.shape.length !== 1 || found.shape[0] !== length) return counted;
  const tell = (why: string): Labels => {
    notes.push(
      `the labels of dimension ${quotedName(dim)} in ${group.place} are left out (${why}): elements are counted.`,
    );
    return counted;
  };
  if (found.kind === "other") return tell("they are neither numbers nor texts");
  const { values } = await found.read();
  const labels = Array.from(values, (label): string | number => {
    const number = Number(label);
    return typeof label === "string" || !Number.isFinite(number) ? String(label) : number;
  });
  return new Set(labels.map(String)).size === length ? labels : tell("some of them are the same");
}

type Labels = readonly (string | number)[];

async function quantitiesOf(
  group: LabelledGroup,
  array: LabelledArray,
  axes: Axes,
  notes: string[],
): Promise<QuantityDraws[]> {
  const { name, dims, shape } = array;
  const chains = shape[axes.chain]!;
  const draws = shape[axes.draw]!;
  const inner = axes.inner.map((axis) => ({ dim: dims[axis] ?? `${name}_dim_${axis}`, length: shape[axis]!, axis }));
  if (inner.some(({ length }) => length === 0)) return [];
  const { values, strides } = await array.read();
  const { number, missing } = decoder(array, group.place, values);
  const labels: Record<string, Labels> = byNames();
  for (const { dim, length } of inner) labels[dim] = await labelsOf(group, dim, length, notes);
  const variable = {
    name,
    dtype: "float64" as const,
    dims: inner.map(({ dim }) => dim),
    shape: inner.map(({ length }) => length),
  };
  const names = quantityNames(variable, labels);
  const within = rowMajor(variable.shape);
  const quantities = names.map((quantity, element) => {
    const start = inner.reduce(
      (at, { axis, length }, nth) => at + (Math.floor(element / within[nth]!) % length) * strides[axis]!,
      0,
    );
    const chainOf = (chain: number): Float64Array =>
      Float64Array.from({ length: draws }, (_, draw) =>
        number(start + chain * strides[axes.chain]! + draw * strides[axes.draw]!),
      );
    return { name: quantity, draws: Array.from({ length: chains }, (_, chain) => chainOf(chain)) };
  });
  const count = missing();
  if (count > 0) notes.push(`${quotedName(name)} in ${group.place} has ${count} missing values (its fill value).`);
  return quantities;
}

/** Names of arrays that are coordinates: of a dimension, or named so by an attribute. */
function coordinateNames({ arrays, attributes }: LabelledGroup): Set<string> {
  const listed = [attributes, ...arrays.map((array) => array.attributes)].flatMap(({ coordinates }) =>
    typeof coordinates === "string" ? coordinates.split(" ") : [],
  );
  return new Set([...listed, ...arrays.flatMap(({ dims }) => dims.flatMap((dim) => dim ?? []))]);
}

/** Why an array is not one of draws. */
function whyNot(array: LabelledArray): string {
  if (array.kind !== "number") return array.kind === "text" ? "it holds texts" : "it holds no plain numbers";
  const dims = array.dims.map((dim) => dim ?? "without a name").join(", ");
  return `its dimensions are (${dims}); expected chain and draw among them`;
}

/** The draws of a posterior. What is no array of draws is told. */
export async function posteriorDraws(group: LabelledGroup, notes: string[]): Promise<QuantityDraws[]> {
  const coordinates = coordinateNames(group);
  const quantities: QuantityDraws[] = [];
  const left: string[] = [];
  for (const array of group.arrays) {
    const axes = axesOf(array);
    const isCoordinate = coordinates.has(array.name) && (axes === undefined || array.kind !== "number");
    if (isCoordinate) continue;
    if (axes === undefined || array.kind !== "number") left.push(`${quotedName(array.name)} (${whyNot(array)})`);
    else {
      if (array.dims.every((dim) => dim === undefined)) {
        notes.push(`the axes of ${quotedName(array.name)} in ${group.place} have no names: taken as chain, draw, …`);
      }
      for (const quantity of await quantitiesOf(group, array, axes, notes)) quantities.push(quantity);
    }
  }
  if (quantities.length === 0) {
    const found = left.length === 0 ? "no variables" : some(left);
    throw new StoreError(
      `${group.place} has no draws: expected variables with dimensions chain and draw, found ${found}. (xarray: \`expand_dims("chain")\` where there is one chain, \`unstack()\` where chain and draw are one dimension.)`,
    );
  }
  if (left.length > 0) notes.push(`left out of ${group.place}: ${some(left)}.`);
  return quantities;
}

/** ArviZ's names of what nutpie, PyMC, NumPyro and CmdStan call otherwise. */
const STATISTICS: ReadonlyMap<string, string> = new Map([
  ["depth", "tree_depth"],
  ["treedepth", "tree_depth"],
  ["logp", "lp"],
  ["maxdepth_reached", "reached_max_treedepth"],
  ["tree_size", "n_steps"],
  ["divergent", "diverging"],
  ["divergences", "diverging"],
  ["stepsize", "step_size"],
]);

/** Scalar statistics of the sampler, under ArviZ's names. */
export async function statisticsOf(group: LabelledGroup): Promise<QuantityDraws[]> {
  const names = new Set(group.arrays.map(({ name }) => name));
  const statistics: QuantityDraws[] = [];
  for (const array of group.arrays) {
    const axes = axesOf(array);
    if (axes === undefined || axes.inner.length > 0 || array.kind !== "number") continue;
    const known = STATISTICS.get(array.name);
    const name = known === undefined || names.has(known) ? array.name : known;
    for (const { draws } of await quantitiesOf(group, array, axes, [])) statistics.push({ name, draws });
  }
  return statistics;
}
