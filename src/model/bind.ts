import type { Coordinates, VariableRole } from "../draws.ts";
import { ModelError } from "../errors.ts";
import { constant, input, Node } from "../graph/node.ts";
import { inEvaluationOrder } from "../graph/program.ts";
import { byNames, own } from "../named.ts";
import { type AxisNames, axisNames } from "./axisNames.ts";
import { type BoundData, bindData, type DataArray } from "./boundData.ts";
import type { BoundGraph, BoundModel, ModelVariable, ParameterSlot, ParameterValues } from "./boundModel.ts";
import { completeCoordinates, elementNames, knownSizes } from "./coordinates.ts";
import { type BuiltParameter, build } from "./declaration.ts";
import type { DensityModel } from "./density.ts";
import { drawPrior } from "./drawPrior.ts";
import { environmentWith, hostValue } from "./host.ts";
import { intervalsOf } from "./intervals.ts";
import { knownTo, type Labelled, type Model } from "./model.ts";
import { checkNotProto, checkOwnNames, checkVariableName } from "./names.ts";
import type { ModelData, PlainData } from "./plainData.ts";
import { realLine } from "./transforms/real.ts";
import { unconstrain } from "./unconstrain.ts";
import { inShort, inWords } from "./words.ts";

export interface BindOptions {
  /** The model's data by name: numbers, lists in lists, typed arrays, or row-major with their shape. */
  readonly data?: Readonly<Record<string, ModelData | PlainData>>;
  /** Labels of dimensions: the columns of a table, the names of schools. A dimension without is labelled 0, 1, … */
  readonly coordinates?: Coordinates;
  /** Sizes of dimensions that no data have; they override the model's own. */
  readonly dimensions?: Readonly<Record<string, number>>;
}

/** A parameter on its part of z. */
type Placed = Pick<BuiltParameter, "name" | "dims" | "transform" | "z" | "value"> & Partial<BuiltParameter>;

/** A model at one z: the terms of its log density, and its variables with what is known of their axes' names. */
interface AtPoint {
  readonly parameters: readonly Placed[];
  readonly terms: Readonly<Record<string, Node>>;
  readonly variables: Readonly<Record<string, Node | Labelled>>;
  readonly observed: readonly string[];
  readonly axes: ReadonlyMap<Node, AxisNames>;
}

/** Builds a model on the parts of z that `part` gives. */
type Builder = (part: (name: string, shape: readonly number[]) => Node) => AtPoint;

/**
 * Give a model its data. Everything that can be wrong with a declaration, or between it and the data, is found here:
 * throws a ModelError that says what, where and what to do.
 */
export function bind(model: Model | DensityModel, options: BindOptions = {}): BoundModel {
  if (model?.kind !== "model" && model?.kind !== "density")
    throw new ModelError(`bind takes what model(…) or density(…) returns; it was given ${inShort(model)}.`);
  const given = options.coordinates ?? {};
  const sizes = knownSizes({ ...model.dimensions, ...options.dimensions }, given);
  const data = bindData(model.name, model.data, options.data ?? {}, sizes);
  const builder = model.kind === "model" ? declarationBuilder(model, data) : densityBuilder(model, data);
  const labels = model.kind === "density" && model.names !== undefined ? { coordinate: model.names, ...given } : given;
  return assemble(model, data, labels, builder);
}

function declarationBuilder(model: Model, data: BoundData): Builder {
  return (part) => {
    const { parameters, derived, likelihood, observed, axes } = build(model, data, part);
    const priors = Object.fromEntries(parameters.map(({ name, logPrior }) => [`prior of ${name}`, logPrior]));
    const values = Object.fromEntries(parameters.map(({ name, value, dims }) => [name, { node: value, dims }]));
    return { parameters, terms: { ...priors, ...likelihood }, variables: { ...values, ...derived }, observed, axes };
  };
}

function densityBuilder(model: DensityModel, data: BoundData): Builder {
  return (part) => {
    const z = part("z", [model.dimension]);
    const known = knownTo("The log density", data.nodes);
    const logDensity = model.logDensity(z, known);
    if (!(logDensity instanceof Node))
      throw new ModelError(
        `Density ${model.name} must give a node; it gives ${inShort(logDensity)}: is a return missing?`,
      );
    if (logDensity.shape.length > 0 || logDensity.dtype !== "float")
      throw new ModelError(
        `Density ${model.name} must give one float per chain; it gives ${logDensity.dtype}[${logDensity.shape}].`,
      );
    const axes = new Map<Node, AxisNames>([[z, ["coordinate"]]]);
    for (const [name, { dims }] of Object.entries(data.arrays)) axes.set(data.nodes[name]!, dims);
    const parameter = { name: "z", dims: ["coordinate"], transform: realLine, z, value: z };
    return {
      parameters: [parameter],
      terms: { "log density": logDensity },
      variables: model.variables(z, known),
      observed: [],
      axes,
    };
  };
}

function assemble(model: Model | DensityModel, data: BoundData, given: Coordinates, builder: Builder): BoundModel {
  const build = (): AtPoint => builder((name, shape) => input(`z of ${name}`, { dtype: "float", shape }));
  const probe = build();
  const parameters = layOut(probe.parameters);
  const dimension = parameters.reduce((total, { size }) => total + size, 0);
  if (dimension === 0) throw new ModelError(`Model ${model.name} has no parameters: there is nothing to draw.`);
  const variables = Object.entries(probe.variables).map(([name, value]) => ({
    ...describe(name, value, probe.axes, data),
    role: roleOf(model, probe, name),
  }));
  checkOwnNames(probe.variables, model.name);
  for (const { name } of variables) checkVariableName(name, model.name);
  for (const { dims } of [...variables, ...Object.values(data.arrays)])
    for (const dim of dims) checkNotProto(dim, model.name);
  const coordinates = completeCoordinates(usedDimensions(data, variables, parameters), given);
  const isObserved = (array: DataArray): boolean => probe.observed.includes(array.name);
  const arrays = Object.values(data.arrays);
  checkNames(model.name, variables, coordinates);
  for (const group of [variables, arrays.filter(isObserved), arrays.filter((array) => !isObserved(array))])
    checkDimensions(model.name, group);
  const atPoint = remember((z: Node) => builder(partsOf(z, parameters, dimension)));
  const values = remember((z: Node) => nodesOf(atPoint(z).variables));
  return {
    name: model.name,
    title: model.title,
    dimension,
    parameters,
    coordinateNames: parameters.flatMap(({ name, dims }, i) =>
      elementNames(name, dims, coordinates).map(probe.parameters[i]!.transform.label),
    ),
    variables,
    coordinates,
    observed: byName(arrays.filter(isObserved)),
    constants: byName(arrays.filter((array) => !isObserved(array))),
    intervals: () => probe.parameters.flatMap(({ name, transform, z }) => intervalsOf(name, transform, z.size)),
    terms: (z) => atPoint(z).terms,
    logDensity: (z) => Object.values(atPoint(z).terms).reduce((total, term) => total.add(term)),
    values,
    graph: (when) => graphOf(when === "bound" ? probe : build(), data),
    unconstrain: (named: ParameterValues, otherwise?: ArrayLike<number>) =>
      unconstrain(model.name, probe.parameters, parameters, named, otherwise),
    drawPrior: (random) => drawPrior(model.name, probe.parameters, random),
    constrain: (z) => {
      const known = environmentWith(new Map());
      const nodes = values(constant(checkLength(z, dimension)));
      return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, hostValue(node, known)]));
    },
  };
}

/** A parameter that never moves is a failure, a derived quantity may be constant. */
function roleOf(model: Model | DensityModel, { parameters, variables }: AtPoint, name: string): VariableRole {
  if (model.kind === "model") return parameters.some((one) => one.name === name) ? "parameter" : "derived";
  const value = variables[name]!;
  const node = value instanceof Node ? value : value.node;
  const isOfZ = parameters.some(({ z }) => inEvaluationOrder([node]).includes(z));
  return node.dtype === "float" && isOfZ ? "parameter" : "derived";
}

function graphOf({ parameters, terms, variables }: AtPoint, data: BoundData): BoundGraph {
  const values = Object.entries(variables).map(([name, value]) => [name, value instanceof Node ? value : value.node]);
  const parts = parameters.map(({ name, z }) => [z, `z of ${name}`] as const);
  const given = Object.entries(data.nodes).map(([name, node]) => [node, `data ${name}`] as const);
  return { terms, values: Object.fromEntries(values), leaves: new Map([...parts, ...given]) };
}

/** Draws are asked for by these names: no two elements may share one, as labels with commas in them can make them. */
function checkNames(model: string, variables: readonly ModelVariable[], coordinates: Coordinates): void {
  const names = new Set<string>();
  for (const { name, dims } of variables)
    for (const element of elementNames(name, dims, coordinates)) {
      if (names.has(element))
        throw new ModelError(`Model ${model} has two quantities of the name ${element}: give other labels.`);
      names.add(element);
    }
}

/** In a table of draws, or of data, a name stands for an array or for a dimension: xarray has no place for both. */
function checkDimensions(model: string, arrays: readonly Pick<ModelVariable, "name" | "dims">[]): void {
  for (const { name } of arrays) {
    const owner = arrays.find(({ dims }) => dims.includes(name));
    if (owner === undefined) continue;
    const whose = owner.name === name ? "its own dimension" : `a dimension of ${owner.name}`;
    throw new ModelError(
      `Model ${model} has ${name}, which is also the name of ${whose}: the two cannot be stored side by side. Rename one.`,
      { declared: name },
    );
  }
}

function layOut(parameters: readonly Placed[]): ParameterSlot[] {
  let offset = 0;
  return parameters.map(({ name, z, dims, transform }) => {
    const slot = { name, offset, size: z.size, shape: z.shape, dims, transform: transform.name };
    offset += z.size;
    return slot;
  });
}

/** The part of z of each parameter. */
function partsOf(z: Node, slots: readonly ParameterSlot[], dimension: number): (name: string) => Node {
  if (z.shape.length !== 1 || z.shape[0] !== dimension || z.dtype !== "float")
    throw new ModelError(`z must be float[${dimension}]; it is ${z.dtype}[${z.shape}].`);
  return (name) => {
    const { offset, size, shape } = slots.find((slot) => slot.name === name)!;
    return (size === dimension ? z : z.slice(offset, offset + size)).reshape(shape);
  };
}

/** One value per chain each, also of what depends on data alone. */
function nodesOf(variables: Readonly<Record<string, Node | Labelled>>): Readonly<Record<string, Node>> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, (value instanceof Node ? value : value.node).perChain()]),
  );
}

/** A variable's type and dimensions; axes without a name are called after the variable, as in ArviZ. */
function describe(
  name: string,
  value: Node | Labelled,
  axes: ReadonlyMap<Node, AxisNames>,
  { sizes }: BoundData,
): Omit<ModelVariable, "role"> {
  const node = value instanceof Node ? value : value.node;
  const names = value instanceof Node ? axisNames(node, axes) : value.dims;
  const dims = node.shape.map((length, axis) => {
    const dim = names[axis];
    if (dim === undefined) return `${name}_dim_${axis}`;
    const size = own(sizes, dim);
    if (!(value instanceof Node) && size !== undefined && size !== length)
      throw new ModelError(
        `${name} has ${length} entries along axis ${axis}, but dimension ${dim} has ${size}: it was given ` +
          `${inWords(value.dims)} for shape [${node.shape}].`,
      );
    return dim;
  });
  const twice = dims.some((dim, axis) => dims.indexOf(dim) !== axis);
  return {
    name,
    dtype: node.dtype,
    dims: twice ? dims.map((_, axis) => `${name}_dim_${axis}`) : dims,
    shape: node.shape,
  };
}

/** The size of every dimension that data, parameters or variables have. */
function usedDimensions(
  data: BoundData,
  variables: readonly ModelVariable[],
  parameters: readonly ParameterSlot[],
): Readonly<Record<string, number>> {
  const used: Record<string, number> = byNames();
  for (const { dims, shape } of [...Object.values(data.arrays), ...parameters, ...variables])
    dims.forEach((dim, axis) => {
      used[dim] = shape[axis]!;
    });
  return used;
}

function byName(arrays: readonly DataArray[]): Readonly<Record<string, DataArray>> {
  return Object.fromEntries(arrays.map((array) => [array.name, array]));
}

function checkLength(z: ArrayLike<number>, dimension: number): ArrayLike<number> {
  if (z.length !== dimension) throw new RangeError(`z must have ${dimension} numbers; it has ${z.length}.`);
  return z;
}

/** Build once per z. */
function remember<T>(make: (z: Node) => T): (z: Node) => T {
  const made = new WeakMap<Node, T>();
  return (z) => {
    const before = made.get(z);
    if (before !== undefined) return before;
    const value = make(z);
    made.set(z, value);
    return value;
  };
}
