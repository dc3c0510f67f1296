import { ModelError } from "../errors.ts";
import { constant, Node, type Operand, sameShape } from "../graph/node.ts";
import { type Bounds, both, firstOutside, within } from "./support.ts";
import type { Transform } from "./transform.ts";
import { between } from "./transforms/bounds.ts";
import { ordered, positiveOrdered } from "./transforms/ordered.ts";
import type { Values } from "./values.ts";

/**
 * A source of random numbers for draws from a prior. The caller seeds it: nothing here is random by itself, and draws
 * are made of it by arithmetic that is the same on every machine.
 */
export interface Random {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** What distinguishes one distribution from another: one file in `distributions/` each. */
export interface Definition<P extends string> {
  readonly name: string;
  /** In the order of the arguments. */
  readonly parameters: Readonly<Record<P, Operand>>;
  /** Parameters that must be greater than 0. */
  readonly positive?: readonly NoInfer<P>[];
  /** The map onto the support of a parameter with this prior; none where the values are whole numbers. */
  readonly transform?: Transform;
  /** The values of a distribution over whole numbers, or where an observation may lie and a parameter does not (a bound). */
  readonly values?: Values;
  /** Where the density is not 0; default: everywhere. */
  readonly bounds?: Bounds;
  /** Elementwise log density within the bounds, with every normalising constant; `value` and the parameters broadcast. */
  logDensity(value: Node): Node;
  /** One draw, given the parameters' numbers. */
  draw(random: Random, parameters: Readonly<Record<P, number>>): number;
  /** May `within` drop the factor that renormalises, whatever the bounds? Only a density that is constant may. */
  readonly isFlat?: boolean;
}

/** A distribution with its parameters: the prior of a parameter, or what data are observed from. */
export interface Distribution {
  readonly name: string;
  /** Numbers or nodes, in the order of the arguments. */
  readonly parameters: Readonly<Record<string, Operand>>;
  /** The map from unconstrained values onto the support; `undefined` for whole numbers. */
  readonly transform: Transform | undefined;
  /** Names of the axes of a parameter with this prior, outermost first. */
  readonly dims: readonly string[];
  /** Elementwise log density, every normalising constant included; −∞ outside of the support. */
  logDensity(value: Node): Node;
  /** The same for what `transform` made of z: whether it lies on the support is not asked. */
  logPrior(value: Node): Node;
  /** One independent value along each of the named dimensions: `normal(0, 1).over("feature")`. */
  over(...dims: readonly string[]): Distribution;
  /**
   * The same density between two bounds (±∞ for none). It is not renormalised, so that bounds and parameters must be
   * numbers: the missing factor is a constant then. A `flat()` density may have any bounds.
   * Throws a ModelError otherwise, and where upper ≤ lower.
   */
  within(lower: Operand, upper?: Operand): Distribution;
  /** An increasing vector of such values: their joint density is that of the sorted values, K! included. */
  ordered(): Distribution;
  /** A term of the likelihood: the data (or another node) have this distribution, independently in each element. */
  observe(value: Node): Observation;
  /** One draw. Throws a ModelError where a parameter is a node; `drawGiven` takes the numbers then. */
  draw(random: Random): number;
  /** One draw, given the numbers of all parameters by name. */
  drawGiven(random: Random, parameters: Readonly<Record<string, number>>): number;
}

/** Data with a distribution: a term of the likelihood. */
export interface Observation {
  readonly distribution: string;
  readonly value: Node;
  /** Elementwise, of the value's shape. */
  readonly logDensity: Node;
}

/** Make a distribution. Throws a ModelError where a parameter that must be positive is a number that is not. */
export function define<P extends string>(definition: Definition<P>): Distribution {
  for (const name of Object.keys(definition.parameters) as P[]) checkParameter(definition, name);
  return assemble(definition, []);
}

function assemble<P extends string>(definition: Definition<P>, dims: readonly string[]): Distribution {
  const { name, parameters, transform } = definition;
  const hasNodes = Object.values<Operand>(parameters).some((parameter) => parameter instanceof Node);
  const drawGiven = (random: Random, given: Readonly<Record<string, number>>): number =>
    definition.draw(random, given as Readonly<Record<P, number>>);
  return {
    name,
    parameters,
    transform,
    dims,
    logDensity: (value) => densityOf(definition, value),
    logPrior: (value) => definition.logDensity(value),
    over: (...names) => assemble(definition, names),
    within: (lower, upper = Number.POSITIVE_INFINITY) => {
      const fixed = !hasNodes && typeof lower === "number" && typeof upper === "number";
      if (transform === undefined)
        throw new ModelError(`${name} is a distribution of whole numbers: it has no within().`);
      if (!fixed && definition.isFlat !== true)
        throw new ModelError(
          `${name}(…).within(…) needs numbers as parameters and bounds: the density is not renormalised, which ` +
            "matters where they depend on other parameters. Use flat().within(…), or write a density of your own.",
        );
      return assemble(
        {
          ...definition,
          transform: between(lower, upper),
          bounds: both(definition.bounds ?? {}, { lower, upper }),
          draw: rejecting(definition, lower, upper),
        },
        dims,
      );
    },
    ordered: () => assemble(orderedDefinition(definition), dims),
    observe: (value) => observe(definition, value),
    draw: (random) => {
      if (hasNodes)
        throw new ModelError(`${name} has parameters that depend on others: draw those first, then drawGiven.`);
      return drawGiven(random, parameters as Readonly<Record<P, number>>);
    },
    drawGiven,
  };
}

/** Draws from the distribution between two bounds: drawn again until one lies there. */
function rejecting<P extends string>(definition: Definition<P>, lower: Operand, upper: Operand): Definition<P>["draw"] {
  return (random, parameters) => {
    if (typeof lower !== "number" || typeof upper !== "number")
      throw new ModelError(`${definition.name} has bounds that depend on other parameters: it cannot be drawn from.`);
    for (let attempt = 0; attempt < 100_000; attempt++) {
      const value = definition.draw(random, parameters);
      if (value > lower && value < upper) return value;
    }
    throw new ModelError(`${definition.name} has no noticeable mass between ${lower} and ${upper}.`);
  };
}

/** K values in increasing order: K! times the density of K independent ones, spread over the elements. */
function orderedDefinition<P extends string>(definition: Definition<P>): Definition<P> {
  const { name, parameters, transform, isFlat } = definition;
  const onto = transform?.name === "real" ? ordered : transform?.name === "positive" ? positiveOrdered : undefined;
  const isVector = Object.values<Operand>(parameters).some(
    (parameter) => parameter instanceof Node && parameter.size > 1,
  );
  if (onto === undefined || isVector)
    throw new ModelError(
      `${name}(…).ordered() needs a distribution of all real or all positive numbers whose parameters are scalars.`,
    );
  const logDensity = (value: Node): Node =>
    definition.logDensity(value).add(
      constant(value.size + 1)
        .lgamma()
        .mul(1 / value.size),
    );
  return { ...definition, transform: onto, ...(isFlat === true ? {} : { logDensity }) };
}

function observe<P extends string>(definition: Definition<P>, value: Node): Observation {
  const { name, transform } = definition;
  if (!(value instanceof Node))
    throw new ModelError(`${name}(…).observe needs data or another node; it was given ${String(value)}.`);
  const values = definition.values ?? { text: transform!.support, contains: (x: number) => transform!.contains(x) };
  if (value.is("constant")) {
    const at = value.attributes.data.findIndex((x: number) => !values.contains(x));
    if (at >= 0)
      throw new ModelError(
        `The data observed from ${name} must be ${values.text}; element ${at} (from 0) is ${value.attributes.data[at]}.`,
      );
  }
  const outside = firstOutside(definition.bounds ?? {}, value);
  if (outside !== undefined)
    throw new ModelError(
      `Element ${outside.element} (from 0) of the data observed from ${name} must be ${outside.expected}; it is ${outside.found}.`,
    );
  const logDensity = densityOf(definition, value);
  if (!sameShape(logDensity.shape, value.shape))
    throw new ModelError(
      `The data observed from ${name} have shape [${value.shape}], but its parameters give shape [${logDensity.shape}]: ` +
        "the parameters must be scalars or of the data's shape.",
    );
  return { distribution: name, value, logDensity };
}

function densityOf<P extends string>(definition: Definition<P>, value: Node): Node {
  return within(definition.bounds ?? {}, value, definition.logDensity(value.toFloat()));
}

function checkParameter<P extends string>({ name, parameters, positive }: Definition<P>, parameter: P): void {
  const value: Operand = parameters[parameter];
  if (value instanceof Node) return;
  const isPositive = positive?.includes(parameter) === true;
  if (!Number.isFinite(value) || (isPositive && value <= 0))
    throw new ModelError(
      `${name}: ${parameter} must be ${isPositive ? "greater than 0" : "a finite number"}; it is ${value}.`,
    );
}
