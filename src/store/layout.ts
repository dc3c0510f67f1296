/** What a results folder holds and how its arrays are cut into chunks; checked before anything is written. */
import type { Coordinates, Numbers, Precision, StoredType, VariableRole, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { asArray, asCount, asObject, asOneOf, asString, inside, type Json, member, type Place } from "./json.ts";
import { checkFileName, givenLabels } from "./names.ts";

/** The chains of one batch. */
export interface BatchSpan {
  readonly firstChain: number;
  readonly chains: number;
}

/** An array of the model's data, row-major. */
export interface DataArray extends VariableSpec {
  readonly values: Numbers;
}

/** What of the draws is kept where not all are: every k-th draw (the first, the one after k more, …), or moments alone. */
export type Keep = { readonly kind: "thinned"; readonly every: number } | { readonly kind: "moments" };

/** The arrays of a run: what each block carries, in declared order, and how long the run is meant to be. */
export interface StoreLayout {
  /** The model's variables, constrained and derived, in declared order: the order of the digest. */
  readonly variables: readonly VariableSpec[];
  /** The sampler's statistics under ArviZ's names. */
  readonly statistics: readonly VariableSpec[];
  readonly coordinates: Coordinates;
  /** Batches in order; together they hold chains 0 … n − 1 without a gap. */
  readonly batches: readonly BatchSpan[];
  /** Draws planned for each chain (the most, where a rule may stop earlier). */
  readonly draws: number;
  /** Warm-up draws to keep; 0 keeps none, and blocks of the warm-up are then passed over. */
  readonly warmup: number;
  /** Draws of a chunk; best the block size. */
  readonly chunkDraws: number;
  /** Absent: all draws are kept. Otherwise exact moments of all draws are kept too. */
  readonly keep?: Keep;
  /** When the config keeps unconstrained draws: one label for each of the D dimensions. */
  readonly unconstrained?: { readonly dtype: Precision; readonly labels: readonly string[] };
}

const TYPES: readonly StoredType[] = ["float32", "float64", "int32", "uint32", "bool"];
const ROLES: readonly VariableRole[] = ["parameter", "derived"];
/** Bounds that no run needs to pass, so that a damaged number cannot ask for all memory. */
const MAX_CHAINS = 2 ** 24;
const MAX_ELEMENTS = 2 ** 26;
const RESERVED: ReadonlySet<string> = new Set(["chain", "draw"]);

/** Number of elements of one draw of a variable. */
export function elements(variable: { readonly shape: readonly number[] }): number {
  return variable.shape.reduce((product, length) => product * length, 1);
}

/** Number of chains of all batches. */
export function chainCount(layout: Pick<StoreLayout, "batches">): number {
  return layout.batches.reduce((sum, batch) => sum + batch.chains, 0);
}

/** Chains of a chunk: the largest number that makes each batch begin on a chunk boundary (a batch's chains when all are alike). */
export function chunkChains(layout: Pick<StoreLayout, "batches">): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const starts = layout.batches.map((batch) => batch.firstChain).reduce(gcd, 0);
  return Math.max(1, starts === 0 ? chainCount(layout) : starts);
}

/** How many of a chain's first `draws` draws are kept. */
export function keptDraws(layout: Pick<StoreLayout, "keep">, draws: number): number {
  if (layout.keep === undefined) return draws;
  return layout.keep.kind === "moments" ? 0 : Math.ceil(draws / layout.keep.every);
}

/** The layout of the arrays of draws on the disk: of the draws that are kept. */
export function keptLayout(layout: StoreLayout): StoreLayout {
  const draws = keptDraws(layout, layout.draws);
  const warmup = keptDraws(layout, layout.warmup);
  return { ...layout, draws, warmup, chunkDraws: Math.min(layout.chunkDraws, Math.max(1, draws, warmup)) };
}

/** True if the run keeps draws, and not moments alone. */
export function keepsDraws(layout: Pick<StoreLayout, "keep">): boolean {
  return layout.keep?.kind !== "moments";
}

function checkVariable(variable: VariableSpec, group: string, layout: Pick<StoreLayout, "coordinates">): void {
  checkFileName(variable.name, `${group}: the variable`);
  if (RESERVED.has(variable.name)) {
    throw new StoreError(
      `${group}: a variable cannot be named "${variable.name}": every array has that dimension. Rename it.`,
    );
  }
  if (variable.dims.length !== variable.shape.length) {
    throw new StoreError(
      `${group}: variable "${variable.name}" names ${variable.dims.length} dimensions, but its shape has ${variable.shape.length}. Name each axis once.`,
    );
  }
  if (!(elements(variable) <= MAX_ELEMENTS)) {
    throw new StoreError(
      `${group}: variable "${variable.name}" has ${elements(variable)} elements, more than ${MAX_ELEMENTS}.`,
    );
  }
  variable.dims.forEach((dim, axis) => {
    checkFileName(dim, `${group}: the dimension of "${variable.name}"`);
    if (RESERVED.has(dim))
      throw new StoreError(`${group}: dimension "${dim}" of "${variable.name}" is reserved. Rename it.`);
    if (variable.dims.indexOf(dim) !== axis) {
      throw new StoreError(
        `${group}: variable "${variable.name}" has dimension "${dim}" twice. Give the second axis its own name.`,
      );
    }
    givenLabels(dim, variable.shape[axis] ?? 0, layout.coordinates);
  });
}

/** Checks the variables of one group of the store: safe and distinct names, one length for each dimension. */
export function checkGroup(group: string, variables: readonly VariableSpec[], coordinates: Coordinates): void {
  const lengths = new Map<string, number>();
  const names = new Set<string>();
  for (const variable of variables) {
    checkVariable(variable, group, { coordinates });
    if (names.has(variable.name))
      throw new StoreError(`${group}: two variables are named "${variable.name}". Rename one.`);
    names.add(variable.name);
    variable.dims.forEach((dim, axis) => {
      const length = variable.shape[axis] ?? 0;
      const before = lengths.get(dim) ?? length;
      if (before !== length) {
        throw new StoreError(
          `${group}: dimension "${dim}" is ${before} long in one variable and ${length} in "${variable.name}".`,
        );
      }
      lengths.set(dim, length);
    });
  }
  for (const name of names) {
    if (!lengths.has(name)) continue;
    throw new StoreError(
      `${group}: "${name}" is both a variable and a dimension, which xarray cannot hold. Rename one.`,
    );
  }
}

/** Checks a layout. @throws StoreError naming the variable, dimension or batch that is wrong */
export function checkLayout(layout: StoreLayout): void {
  if (layout.batches.length === 0) throw new StoreError("a run needs at least one batch of chains, found none.");
  let next = 0;
  layout.batches.forEach((batch, index) => {
    if (batch.firstChain !== next || !Number.isSafeInteger(batch.chains) || batch.chains < 1) {
      throw new StoreError(
        `batch ${index} holds ${batch.chains} chains from chain ${batch.firstChain}; expected at least one, from chain ${next}.`,
      );
    }
    next += batch.chains;
  });
  if (next > MAX_CHAINS) throw new StoreError(`a run has at most ${MAX_CHAINS} chains, found ${next}.`);
  for (const [name, value, least] of [
    ["draws", layout.draws, 0],
    ["warmup", layout.warmup, 0],
    ["chunkDraws", layout.chunkDraws, 1],
    ["keep.every", layout.keep?.kind === "thinned" ? layout.keep.every : 1, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new StoreError(`${name} of a results layout must be a whole number of at least ${least}, found ${value}.`);
    }
  }
  checkGroup("posterior", layout.variables, layout.coordinates);
  checkGroup("sample_stats", layout.statistics, layout.coordinates);
}

function readVariable(value: Json, place: Place): VariableSpec {
  const object = asObject(value, place);
  const dims = asArray(member(object, "dims"), inside(place, "dims"));
  const shape = asArray(member(object, "shape"), inside(place, "shape"));
  const role = member(object, "role");
  return {
    name: asString(member(object, "name"), inside(place, "name")),
    dtype: asOneOf(member(object, "dtype"), TYPES, inside(place, "dtype")),
    dims: dims.map((dim, index) => asString(dim, inside(inside(place, "dims"), index))),
    shape: shape.map((length, index) => asCount(length, inside(inside(place, "shape"), index))),
    ...(role !== undefined && { role: asOneOf(role, ROLES, inside(place, "role")) }),
  };
}

function readCoordinates(value: Json | undefined, place: Place): Coordinates {
  const entries = Object.entries(asObject(value, place)).map(([dim, labels]) => {
    const at = inside(place, dim);
    const read = asArray(labels, at).map((label, index) =>
      typeof label === "number" ? label : asString(label, inside(at, index)),
    );
    return [dim, read] as const;
  });
  return Object.fromEntries(entries);
}

/** Reads a layout back from run.json and checks it. */
export function readLayout(value: Json | undefined, place: Place): StoreLayout {
  const object = asObject(value, place);
  const list = (key: string): readonly Json[] => asArray(member(object, key), inside(place, key));
  const count = (key: string): number => asCount(member(object, key), inside(place, key));
  const unconstrained = member(object, "unconstrained");
  const keep = member(object, "keep");
  const layout: StoreLayout = {
    variables: list("variables").map((entry, i) => readVariable(entry, inside(inside(place, "variables"), i))),
    statistics: list("statistics").map((entry, i) => readVariable(entry, inside(inside(place, "statistics"), i))),
    coordinates: readCoordinates(member(object, "coordinates"), inside(place, "coordinates")),
    batches: list("batches").map((entry, i) => readBatch(entry, inside(inside(place, "batches"), i))),
    draws: count("draws"),
    warmup: count("warmup"),
    chunkDraws: count("chunkDraws"),
    ...(keep === undefined ? {} : { keep: readKeep(keep, inside(place, "keep")) }),
    ...(unconstrained === undefined
      ? {}
      : { unconstrained: readUnconstrained(unconstrained, inside(place, "unconstrained")) }),
  };
  checkLayout(layout);
  return layout;
}

function readKeep(value: Json, place: Place): Keep {
  const object = asObject(value, place);
  const kind = asOneOf(member(object, "kind"), ["thinned", "moments"] as const, inside(place, "kind"));
  if (kind === "moments") return { kind };
  return { kind, every: asCount(member(object, "every"), inside(place, "every"), 1) };
}

function readBatch(value: Json, place: Place): BatchSpan {
  const object = asObject(value, place);
  return {
    firstChain: asCount(member(object, "firstChain"), inside(place, "firstChain")),
    chains: asCount(member(object, "chains"), inside(place, "chains"), 1),
  };
}

function readUnconstrained(value: Json, place: Place): { dtype: Precision; labels: readonly string[] } {
  const object = asObject(value, place);
  const labels = asArray(member(object, "labels"), inside(place, "labels"));
  return {
    dtype: asOneOf(member(object, "dtype"), ["float32", "float64"] as const, inside(place, "dtype")),
    labels: labels.map((label, index) => asString(label, inside(inside(place, "labels"), index))),
  };
}
