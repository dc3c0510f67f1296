import { ModelError } from "../errors.ts";
import { Node, sameShape } from "../graph/node.ts";
import { byNames, own } from "../named.ts";
import type { AxisNames } from "./axisNames.ts";
import type { BoundData } from "./boundData.ts";
import type { Distribution } from "./distribution.ts";
import { isTerm, knownTo, type Labelled, type LikelihoodTerm, type Model } from "./model.ts";
import { checkOwnNames } from "./names.ts";
import type { Transform } from "./transform.ts";
import { inShort, suggestion } from "./words.ts";

/** A parameter as built on its part of z. */
export interface BuiltParameter {
  readonly name: string;
  readonly dims: readonly string[];
  readonly transform: Transform;
  readonly distribution: Distribution;
  /** Its part of z, of the parameter's shape. */
  readonly z: Node;
  readonly value: Node;
  /** Scalar: the prior's log density and log |det J|. */
  readonly logPrior: Node;
}

/** A model's declaration carried out: every function called, every shape checked. */
export interface Built {
  readonly parameters: readonly BuiltParameter[];
  readonly derived: Readonly<Record<string, Node | Labelled>>;
  /** `likelihood of y` → scalar. */
  readonly likelihood: Readonly<Record<string, Node>>;
  /** Names of the data that the likelihood observes. */
  readonly observed: readonly string[];
  /** Names of the axes of data and parameters. */
  readonly axes: ReadonlyMap<Node, AxisNames>;
}

/** Carry out a declaration. `part` gives the z of each parameter, of the shape asked for, in declaration order. */
export function build(model: Model, data: BoundData, part: (name: string, shape: readonly number[]) => Node): Built {
  const known: Record<string, Node> = byNames(data.nodes);
  const axes = new Map<Node, AxisNames>();
  for (const [name, { dims }] of Object.entries(data.arrays)) axes.set(data.nodes[name]!, dims);
  const names = Object.keys(model.parameters);
  const parameters = names.map((name, i) => {
    const prior = model.parameters[name]!;
    const asker = `The prior of ${name}`;
    const distribution = typeof prior === "function" ? prior(knownTo(asker, known, names.slice(i))) : prior;
    if (!isDistribution(distribution))
      throw new ModelError(`${asker} must be a distribution, such as normal(0, 1); it is ${inShort(distribution)}.`);
    const parameter = buildParameter(name, distribution, data, part);
    known[name] = parameter.value;
    axes.set(parameter.value, parameter.dims);
    return parameter;
  });
  const derived = model.derived(knownTo("derived", known));
  checkRecord(derived, "derived", "({ mu }) => ({ twice: mu.mul(2) })");
  checkOwnNames(derived, model.name);
  for (const [name, value] of Object.entries(derived)) {
    if (Object.hasOwn(known, name))
      throw new ModelError(`${model.name}: derived ${name} has the name of something else.`);
    if (!(value instanceof Node) && !(isRecord(value) && "node" in value))
      throw new ModelError(
        `Derived ${name} must be a node; it is ${inShort(value)}. A number becomes one by constant(…).`,
      );
    known[name] = value instanceof Node ? value : value.node;
  }
  const given = model.likelihood(knownTo("likelihood", known));
  checkRecord(given, "likelihood", "({ y, mu }) => normal(mu, 1).observe(y)");
  const terms = namedTerms(given, data);
  return { parameters, derived, ...scalars(terms, data), axes };
}

function buildParameter(
  name: string,
  distribution: Distribution,
  data: BoundData,
  part: (name: string, shape: readonly number[]) => Node,
): BuiltParameter {
  const { dims, transform } = distribution;
  if (transform === undefined)
    throw new ModelError(
      `${name} has the prior ${distribution.name}, a distribution of whole numbers: Hamiltonian Monte Carlo needs ` +
        "continuous parameters. Sum the discrete one out, or make it data.",
    );
  const shape = dims.map((dim) => sizeOf(dim, `Parameter ${name}`, data.sizes));
  const z = part(name, shape);
  const { value, logDetJacobian } = transform.constrain(z);
  const logPrior = distribution.logPrior(value);
  if (!sameShape(value.shape, shape) || !sameShape(logPrior.shape, shape))
    throw new ModelError(
      `Parameter ${name} has shape [${shape}], but its prior ${distribution.name} gives shape ` +
        `[${sameShape(value.shape, shape) ? logPrior.shape : value.shape}]: name its dimensions with .over(…).`,
    );
  return { name, dims, transform, distribution, z, value, logPrior: logPrior.add(logDetJacobian).sum() };
}

/** The size of a dimension. Throws a ModelError where nothing says it. */
export function sizeOf(dim: string, asker: string, sizes: Readonly<Record<string, number>>): number {
  const size = own(sizes, dim);
  if (size !== undefined) return size;
  throw new ModelError(
    `${asker} has a dimension ${dim}, whose size is not known${suggestion(dim, Object.keys(sizes))} ` +
      `Known: ${Object.keys(sizes).join(", ") || "none"}. Give it in the model, such as dimensions: { ${dim}: 8 }, or its labels (coordinates).`,
    { declared: dim },
  );
}

function namedTerms(
  terms: LikelihoodTerm | Readonly<Record<string, LikelihoodTerm>>,
  data: BoundData,
): Readonly<Record<string, LikelihoodTerm>> {
  if (isDistribution(terms)) checkTerm("the data", terms);
  if (!isTerm(terms)) {
    for (const [name, term] of Object.entries(terms)) checkTerm(name, term);
    return terms;
  }
  return { [(terms instanceof Node ? undefined : nameOf(terms.value, data)) ?? "the data"]: terms };
}

function scalars(
  terms: Readonly<Record<string, LikelihoodTerm>>,
  data: BoundData,
): { likelihood: Readonly<Record<string, Node>>; observed: readonly string[] } {
  const observed = Object.values(terms).flatMap((term) =>
    term instanceof Node ? [] : [nameOf(term.value, data) ?? ""],
  );
  const likelihood = Object.entries(terms).map(([name, term]) => {
    const elements = term instanceof Node ? term : term.logDensity;
    if (elements.dtype !== "float")
      throw new ModelError(`Term ${name} of the likelihood must be float; it is ${elements.dtype}: use toFloat().`);
    return [`likelihood of ${name}`, elements.sum()] as const;
  });
  return { likelihood: Object.fromEntries(likelihood), observed: observed.filter((name) => name !== "") };
}

function nameOf(node: Node, data: BoundData): string | undefined {
  return Object.keys(data.nodes).find((name) => data.nodes[name] === node);
}

/** What functions of a model must give; most often a `return` is missing, or the round brackets about what `=>` gives. */
function checkRecord(value: unknown, asker: string, example: string): void {
  if (isRecord(value)) return;
  throw new ModelError(`${asker} gives ${inShort(value)}: is a return missing? Expected, for example: ${example}`);
}

function checkTerm(name: string, term: unknown): void {
  if (term instanceof Node || (isRecord(term) && isTerm(term as LikelihoodTerm))) return;
  const found = isDistribution(term) ? `a distribution: which data have it? ${term.name}(…).observe(y)` : inShort(term);
  throw new ModelError(`Term ${name} of the likelihood must be distribution.observe(data) or a node; it is ${found}.`);
}

function isDistribution(value: unknown): value is Distribution {
  return isRecord(value) && "drawGiven" in value;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
