import { ModelError } from "../errors.ts";
import type { NodeOf } from "./evaluate.ts";
import { constant, make, type Node } from "./node.ts";
import type { OpName } from "./types.ts";

/** The adjoint of a slice of a node: what lies outside of it receives nothing. */
export interface Part {
  readonly part: Node;
  readonly axis: number;
  readonly start: number;
  readonly stop: number;
}

/** What an input receives: an adjoint of its own shape, or of a slice of it. */
export type Adjoint = Node | Part;

/** What input number `input` of `node` receives, given the node's adjoint. Undefined: nothing flows there. */
export type Rule<O extends OpName> = (node: NodeOf<O>, adjoint: Node, input: number) => Adjoint | undefined;

/** Integers, truth values and steps: the derivative is zero wherever it exists. */
const nothing: Rule<OpName> = () => undefined;

/** A leaf has no inputs to pass anything to. */
const leaf = nothing;

/** d f(x) / dx from x and f(x), times the adjoint. */
const unary =
  (slope: (x: Node, y: Node) => Node): Rule<OpName> =>
  (node, adjoint) =>
    adjoint.mul(slope(node.inputs[0]!, node));

const notDifferentiable: Rule<OpName> = (node) => {
  throw new ModelError(
    `A ${node.is("carried") ? "loop whose count is no constant" : node.op} is not differentiable here. ` +
      (node.is("carried")
        ? "Give the loop a constant count, so that it can be unrolled, or keep the variable out of it."
        : "Write the density so that no derivative of it is needed."),
  );
};

/** Of two operands, the one that `taken` says receives the adjoint. */
const choice =
  (firstTaken: (a: Node, b: Node) => Node): Rule<OpName> =>
  (node, adjoint, input) => {
    const first = firstTaken(node.inputs[0]!, node.inputs[1]!);
    return input === 0 ? first.select(adjoint, 0) : first.select(0, adjoint);
  };

/** Repeat a reduction's result over the axes that it lost. */
function restore(reduced: Node, like: Node, axes: readonly number[]): Node {
  const kept = like.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  return make("broadcast", [reduced], { shape: like.shape, axes: kept });
}

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
const oneOverRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** One rule an op; a new op without a rule is a type error. */
export const adjointRules: { readonly [O in OpName]: Rule<O> } = {
  input: leaf,
  constant: leaf,
  parameter: leaf,
  epsilon: leaf,
  exp: unary((_x, y) => y),
  log: (node, adjoint) => adjoint.div(node.inputs[0]!),
  log1p: (node, adjoint) => adjoint.div(node.inputs[0]!.add(1)),
  expm1: unary((x) => x.exp()),
  softplus: unary((x) => x.sigmoid()),
  sigmoid: unary((_x, y) => y.mul(constant(1).sub(y))),
  logSigmoid: unary((x) => x.neg().sigmoid()),
  tanh: unary((_x, y) => constant(1).sub(y.square())),
  sqrt: (node, adjoint) => adjoint.mul(0.5).div(node),
  lgamma: unary((x) => x.digamma()),
  digamma: unary((x) => x.trigamma()),
  trigamma: notDifferentiable,
  erf: unary((x) => x.square().neg().exp().mul(twoOverRootPi)),
  erfc: unary((x) => x.square().neg().exp().mul(-twoOverRootPi)),
  erfinv: unary((_x, y) =>
    y
      .square()
      .exp()
      .mul(1 / twoOverRootPi),
  ),
  normalCdf: unary((x) => x.square().mul(-0.5).exp().mul(oneOverRootTwoPi)),
  floor: nothing,
  sign: nothing,
  pow: (node, adjoint, input) => {
    const [base, exponent] = [node.inputs[0]!, node.inputs[1]!];
    // 0⁰ = 1 whatever the base does, and 0ʸ = 0 whatever the exponent does: no slope, and no 0 · ∞.
    if (input === 0) return adjoint.mul(exponent.eq(0).select(0, exponent.mul(base.pow(exponent.sub(1)))));
    return adjoint.mul(base.eq(0).select(0, node.mul(base.log())));
  },
  div: (node, adjoint, input) => {
    const share = adjoint.div(node.inputs[1]!);
    return input === 0 ? share : share.mul(node).neg();
  },
  neg: (_node, adjoint) => adjoint.neg(),
  abs: unary((x) => x.sign()),
  add: (_node, adjoint) => adjoint,
  sub: (_node, adjoint, input) => (input === 0 ? adjoint : adjoint.neg()),
  mul: (node, adjoint, input) => adjoint.mul(node.inputs[1 - input]!),
  min: choice((a, b) => b.lt(a).not()),
  max: choice((a, b) => a.lt(b).not()),
  less: nothing,
  lessOrEqual: nothing,
  equal: nothing,
  and: nothing,
  or: nothing,
  xor: nothing,
  not: nothing,
  shiftLeft: nothing,
  shiftRight: nothing,
  unitInterval: nothing,
  select: (node, adjoint, input) => {
    if (input === 0) return undefined;
    return input === 1 ? node.inputs[0]!.select(adjoint, 0) : node.inputs[0]!.select(0, adjoint);
  },
  convert: (node, adjoint) => (node.inputs[0]!.dtype === "float" && node.dtype === "float" ? adjoint : undefined),
  perChain: (_node, adjoint) => adjoint,
  broadcast: (node, adjoint) => {
    const repeated = node.shape.flatMap((_, axis) => (node.attributes.axes.includes(axis) ? [] : [axis]));
    return repeated.length === 0 ? adjoint : adjoint.sum(...repeated);
  },
  reshape: (node, adjoint) => adjoint.reshape(node.inputs[0]!.shape),
  transpose: (node, adjoint) => {
    const { permutation } = node.attributes;
    return adjoint.transpose(permutation.map((_, axis) => permutation.indexOf(axis)));
  },
  slice: (node, adjoint) => ({ part: adjoint, ...node.attributes }),
  concat: (node, adjoint, input) => {
    const { axis } = node.attributes;
    const start = node.inputs.slice(0, input).reduce((n, part) => n + part.shape[axis]!, 0);
    return adjoint.slice(start, start + node.inputs[input]!.shape[axis]!, axis);
  },
  gather: (node, adjoint, input) =>
    input === 0 ? adjoint.scatterAdd(node.inputs[1]!, node.inputs[0]!.shape[0]!) : undefined,
  scatterAdd: (node, adjoint, input) => (input === 0 ? adjoint.gather(node.inputs[1]!) : undefined),
  sum: (node, adjoint) => restore(adjoint, node.inputs[0]!, node.attributes.axes),
  reduceMax: (node, adjoint) => {
    const x = node.inputs[0]!;
    const { axes } = node.attributes;
    const largest = x.eq(restore(node, x, axes));
    const share = adjoint.div(largest.toFloat().sum(...axes));
    return largest.select(restore(share, x, axes), 0);
  },
  logProduct: (node, adjoint) => adjoint.broadcastTo(node.inputs[0]!.shape).div(node.inputs[0]!),
  matvec: (node, adjoint, input) => {
    const [matrix, vector] = [node.inputs[0]!, node.inputs[1]!];
    const { transposed } = node.attributes;
    if (input === 1) return make("matvec", [matrix, adjoint], { transposed: !transposed });
    // Element (i, j) multiplies element j of the vector (i of it, when transposed) into element i (j) of the result.
    const [rows, columns] = transposed ? [vector, adjoint] : [adjoint, vector];
    return make("broadcast", [rows], { shape: matrix.shape, axes: [0] }).mul(columns);
  },
  loop: nothing,
  carried: notDifferentiable,
};
