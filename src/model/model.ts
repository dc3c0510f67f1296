import { ModelError } from "../errors.ts";
import { Node } from "../graph/node.ts";
import type { DataSpec } from "./data.ts";
import type { Distribution, Observation } from "./distribution.ts";
import { checkName, checkOwnNames } from "./names.ts";
import { withoutName } from "./unnamed.ts";
import { inWords, suggestion } from "./words.ts";

/** Nodes by name: what the functions of a model are given. A misspelt name does not compile, and throws if it runs. */
export type Known<Names extends string> = { readonly [K in Names]: Node };

/** A prior: a distribution, or a function of the data and of parameters that are declared earlier. */
export type Prior<Names extends string> = Distribution | ((known: Known<Names>) => Distribution);

/** A node whose axes have names; made by `along`. */
export interface Labelled {
  readonly node: Node;
  readonly dims: readonly string[];
}

/** A term of the likelihood: observed data, or a node that is added (all elements) to the log density. */
export type LikelihoodTerm = Observation | Node;

/** What a user declares. `derived` must stand before `likelihood`, for the compiler to know its names there. */
export interface ModelDefinition<Data extends string, Parameters extends string, Derived extends string> {
  /** For messages and the results; the file's name otherwise. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** Sizes of dimensions that no data have: `{ component: 2 }`. */
  readonly dimensions?: Readonly<Record<string, number>>;
  /** The data that the model needs, by name. */
  readonly data?: { readonly [K in Data]: DataSpec };
  /** Parameters in the order in which they lie in z. A prior may use data and the parameters above it. */
  readonly parameters: { readonly [K in Parameters]: Prior<NoInfer<Data | Parameters>> };
  /** Quantities that are computed from data and parameters and stored with the draws. */
  readonly derived?: (known: Known<NoInfer<Data | Parameters>>) => { readonly [K in Derived]: Node | Labelled };
  /** How the data arise: one term, or several by name. Without it the model is its prior. */
  readonly likelihood?: (
    known: Known<NoInfer<Data | Parameters | Derived>>,
  ) => LikelihoodTerm | Readonly<Record<string, LikelihoodTerm>>;
}

/** What a model looks like to everything that runs it: the same declaration, its names no longer in the types. */
export interface Model {
  readonly kind: "model";
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly data: Readonly<Record<string, DataSpec>>;
  readonly parameters: Readonly<Record<string, Prior<string>>>;
  readonly derived: (known: Known<string>) => Readonly<Record<string, Node | Labelled>>;
  readonly likelihood: (known: Known<string>) => LikelihoodTerm | Readonly<Record<string, LikelihoodTerm>>;
}

/**
 * Declare a model.
 *
 *     model({
 *       data: { y: real("school"), sigma: positive("school") },
 *       parameters: {
 *         mu: normal(0, 5),
 *         tau: halfCauchy(5),
 *         theta: ({ mu, tau }) => normal(mu, tau).over("school"),
 *       },
 *       likelihood: ({ y, theta, sigma }) => normal(theta, sigma).observe(y),
 *     });
 *
 * The functions are pure: they are called more than once. Throws a ModelError where a name is not a plain word or
 * stands for two things.
 */
export function model<Data extends string = never, Parameters extends string = never, Derived extends string = never>(
  definition: ModelDefinition<Data, Parameters, Derived>,
): Model {
  const erased = definition as unknown as ModelDefinition<string, string, string>;
  const { name = "model", title = name, description = "", dimensions = {}, data = {}, parameters } = erased;
  if (parameters === undefined)
    throw new ModelError(`Model ${name} declares no parameters: give some, such as parameters: { mu: normal(0, 1) }.`);
  for (const record of [data, parameters, dimensions]) checkOwnNames(record, name);
  const known = Object.keys(data);
  for (const parameter of Object.keys(parameters)) {
    if (known.includes(parameter))
      throw new ModelError(`Model ${name} uses ${parameter} for data and for a parameter.`);
  }
  for (const word of [...known, ...Object.keys(parameters)]) checkName(word, name);
  const declared: Model = {
    kind: "model",
    name,
    title,
    description,
    dimensions,
    data,
    parameters,
    derived: erased.derived ?? (() => ({})),
    likelihood: erased.likelihood ?? (() => ({})),
  };
  return definition.name === undefined ? withoutName(declared) : declared;
}

/** Name the axes of a derived quantity, where they do not follow from the parameters and data that it is made of. */
export function along(node: Node, ...dims: readonly string[]): Labelled {
  if (node.shape.length !== dims.length)
    throw new ModelError(`along() was given ${inWords(dims)} for ${node.shape.length} axes, shape [${node.shape}].`);
  return { node, dims };
}

/**
 * What the functions of a model are given: nodes by name. Asking for anything else throws a ModelError that says who
 * asked; `later` holds what is declared after the asker.
 */
export function knownTo(
  asker: string,
  nodes: Readonly<Record<string, Node>>,
  later: readonly string[] = [],
): Known<string> {
  return new Proxy(nodes, {
    get: (target, key) => {
      if (typeof key !== "string" || Object.hasOwn(target, key)) return Reflect.get(target, key) as unknown;
      if (later.includes(key))
        throw new ModelError(`${asker} uses ${key}, which is declared after it: declare ${key} first.`);
      throw new ModelError(
        `${asker} uses ${key}, which is neither data nor a parameter${suggestion(key, Object.keys(target))} ` +
          `Known here: ${inWords(Object.keys(target))}.`,
      );
    },
  });
}

/** Is it one term, rather than several by name? */
export function isTerm(terms: LikelihoodTerm | Readonly<Record<string, LikelihoodTerm>>): terms is LikelihoodTerm {
  return terms instanceof Node || ("logDensity" in terms && "distribution" in terms);
}
