import { ModelError } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import type { DataSpec } from "./data.ts";
import type { Known, Labelled } from "./model.ts";
import { checkName, checkOwnNames } from "./names.ts";
import { withoutName } from "./unnamed.ts";

/** A log density over an unconstrained vector, written by hand. */
export interface DensityDefinition<Data extends string> {
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** Length D of z, at least 1. */
  readonly dimension: number;
  /** The data that it needs, by name. */
  readonly data?: { readonly [K in Data]: DataSpec };
  /** Sizes of dimensions that no data have. */
  readonly dimensions?: Readonly<Record<string, number>>;
  /** log p(z), a scalar, of z `[D]`; up to a constant. Any Jacobian is its own affair. */
  readonly logDensity: (z: Node, data: Known<NoInfer<Data>>) => Node;
  /** Labels of the D coordinates; 0, 1, … otherwise. */
  readonly names?: readonly string[];
  /** What is stored with the draws; one variable `x` along dimension `coordinate`, z itself, otherwise. */
  readonly variables?: (z: Node, data: Known<NoInfer<Data>>) => Readonly<Record<string, Node | Labelled>>;
}

/** A log density as everything that runs it sees it. */
export interface DensityModel {
  readonly kind: "density";
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly dimension: number;
  readonly data: Readonly<Record<string, DataSpec>>;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly logDensity: (z: Node, data: Known<string>) => Node;
  readonly names: readonly string[] | undefined;
  readonly variables: (z: Node, data: Known<string>) => Readonly<Record<string, Node | Labelled>>;
}

/**
 * A model given by its log density over an unconstrained vector:
 *
 *     density({ dimension: 2, logDensity: (z) => z.square().sum().mul(-0.5) })
 *
 * Throws a ModelError where the dimension is no whole number from 1, or `names` are not as many, or one comes twice.
 */
export function density<Data extends string = never>(definition: DensityDefinition<Data>): DensityModel {
  const erased = definition as unknown as DensityDefinition<string>;
  const { name = "density", title = name, description = "", dimension, data = {}, dimensions = {}, names } = erased;
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new ModelError(`Density ${name}: dimension must be a whole number from 1; it is ${dimension}.`);
  if (names !== undefined && names.length !== dimension)
    throw new ModelError(`Density ${name} has ${dimension} coordinates but ${names.length} names.`);
  const twice = names?.find((each, i) => names.indexOf(each) !== i);
  if (twice !== undefined) throw new ModelError(`Density ${name} has the name ${JSON.stringify(twice)} twice.`);
  for (const record of [data, dimensions]) checkOwnNames(record, name);
  for (const word of Object.keys(data)) checkName(word, name);
  const declared: DensityModel = {
    kind: "density",
    name,
    title,
    description,
    dimension,
    data,
    dimensions,
    logDensity: erased.logDensity,
    names,
    variables: erased.variables ?? ((z) => ({ x: { node: z, dims: ["coordinate"] } })),
  };
  return definition.name === undefined ? withoutName(declared) : declared;
}
