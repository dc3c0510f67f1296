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

/** The program with one logarithm a block where it has one an element. */
export function productsOfLogs(program: Program): Program {
  const sigmoids = new Sigmoids(program.nodes);
  let isSame = true;
  const rewritten = rewrite(program, (node) => {
    if (node.op === "sigmoid") return sigmoids.add(node);
    const terms = node.is("sum") && node.shape.length === 0 ? split(node, sigmoids) : undefined;
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

/** Σ x = Σ rest ± Σ log v, … */
function split(sum: Node, sigmoids: Sigmoids): Node | undefined {
  const [x] = sum.inputs;
  if (x!.dtype !== "float" || x!.size < LEAST) return undefined;
  const logs: Log[] = [];
  const rest = without(x!, 1, logs);
  if (logs.length === 0) return undefined;
  return logs.reduce((total, { sign, of }) => {
    const log = make("logProduct", [sigmoids.larger(of)], {});
    return sign === 1 ? total.add(log) : total.sub(log);
  }, rest.sum());
}

/** A term ± log v of x. */
interface Log {
  readonly sign: 1 | -1;
  readonly of: Node;
}

/** x (with its sign among the terms) without the logs, which are added to `logs`. */
function without(x: Node, sign: 1 | -1, logs: Log[]): Node {
  const [a, b] = x.inputs;
  const opposite = sign === 1 ? -1 : 1;
  switch (x.op) {
    case "softplus":
      logs.push({ sign: opposite, of: a! });
      return a!.max(0);
    case "logSigmoid":
      logs.push({ sign, of: a! });
      return a!.min(0);
    case "neg":
      return without(a!, opposite, logs).neg();
    case "add":
      return without(a!, sign, logs).add(without(b!, sign, logs));
    case "sub":
      return without(a!, sign, logs).sub(without(b!, opposite, logs));
    default:
      return x;
  }
}
