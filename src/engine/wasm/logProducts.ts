import { constant, make, type Node } from "../../graph/node.ts";
import { type Program, regionNodes } from "../../graph/program.ts";
import { rewrite } from "../../graph/rewrite.ts";
import { verify } from "../../graph/verify.ts";

/*
 * Sums of softplus(x) = max(x, 0) − log v with v = max(σ(x), 1 − σ(x)), such as the log likelihoods of logistic regressions:
 * the gradient wants the sigmoid σ(x) anyway, and log v is most of the rest. Σ log v is log Π v, and v is at least ½, so that a
 * block's product is taken first, and then one logarithm (`logProduct`).
 */

/** With fewer elements there is little to gain. */
const LEAST = 8;

/** Most terms of a sum that are looked at: shared terms are met again and again, and each has its sign. */
const MOST_TERMS = 2000;

/** The program with one logarithm a block where it has one an element. */
export function productsOfLogs(program: Program): Program {
  const sigmoids = new Sigmoids(program.nodes);
  const holders = new Set<Node>();
  let isSame = true;
  const rewritten = rewrite(program, (node) => {
    if (node.op === "sigmoid") return sigmoids.add(node);
    if (isLog(node) || (isTerms(node) && node.inputs.some((input) => holders.has(input)))) holders.add(node);
    const terms = node.is("sum") && node.shape.length === 0 ? split(node, sigmoids, holders) : undefined;
    if (terms !== undefined) isSame = false;
    return terms ?? node;
  });
  return isSame ? program : verify(rewritten);
}

/** Sigmoids so far: those of x and of −x under one key, for v is of either. */
class Sigmoids {
  private readonly known = new Map<Node, Node>();

  constructor(nodes: readonly Node[]) {
    this.note(nodes);
  }

  /** Those that will come: a sum may stand before the sigmoid of its terms. */
  private note(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.op === "sigmoid") this.add(node);
      if (node.is("loop")) this.note(regionNodes(node.attributes.region).body);
    }
  }

  /** The same, made before, or this one. */
  add(sigmoid: Node): Node {
    const [x] = sigmoid.inputs;
    const before = this.known.get(keyOf(x!));
    if (before?.inputs[0] === x) return before!;
    this.known.set(keyOf(x!), sigmoid);
    return sigmoid;
  }

  /** max(σ(x), 1 − σ(x)), from ½ to 1. */
  larger(x: Node): Node {
    const sigmoid = this.known.get(keyOf(x)) ?? this.add(x.sigmoid());
    return sigmoid.max(constant(1).sub(sigmoid));
  }
}

function keyOf(x: Node): Node {
  return x.op === "neg" ? x.inputs[0]! : x;
}

function isLog(node: Node): boolean {
  return node.op === "softplus" || node.op === "logSigmoid";
}

function isTerms(node: Node): boolean {
  return node.op === "neg" || node.op === "add" || node.op === "sub";
}

/** Σ x = Σ rest ± Σ log v, …; `holders` have a log among their terms. */
function split(sum: Node, sigmoids: Sigmoids, holders: ReadonlySet<Node>): Node | undefined {
  const [x] = sum.inputs;
  if (!holders.has(x!) || x!.dtype !== "float" || x!.size < LEAST) return undefined;
  const found: Found = { logs: [], terms: 0 };
  const rest = without(x!, 1, holders, found);
  if (found.terms > MOST_TERMS) return undefined;
  return found.logs.reduce((total, { sign, of }) => {
    const log = make("logProduct", [sigmoids.larger(of)], {});
    return sign === 1 ? total.add(log) : total.sub(log);
  }, rest.sum());
}

/** A term ± log v of x. */
interface Log {
  readonly sign: 1 | -1;
  readonly of: Node;
}

interface Found {
  readonly logs: Log[];
  terms: number;
}

/** x (with its sign among the terms) without the logs, which are added to what was found. */
function without(x: Node, sign: 1 | -1, holders: ReadonlySet<Node>, found: Found): Node {
  if (!holders.has(x) || ++found.terms > MOST_TERMS) return x;
  const [a, b] = x.inputs;
  const opposite = sign === 1 ? -1 : 1;
  switch (x.op) {
    case "softplus":
      found.logs.push({ sign: opposite, of: a! });
      return a!.max(0);
    case "logSigmoid":
      found.logs.push({ sign, of: a! });
      return a!.min(0);
    case "neg":
      return without(a!, opposite, holders, found).neg();
    case "add":
      return without(a!, sign, holders, found).add(without(b!, sign, holders, found));
    case "sub":
      return without(a!, sign, holders, found).sub(without(b!, opposite, holders, found));
    default:
      return x;
  }
}
