import { ModelError } from "../errors.ts";
import type { NodeOf } from "./evaluate.ts";
import { constant, make, type Node } from "./node.ts";
import { partEnds } from "./parts.ts";
import { isConstant } from "./rules/rule.ts";
import type { OpName } from "./types.ts";

/** The adjoint of a slice of a node: what lies outside of it receives nothing. */
export interface Part {
  readonly part: Node;
  readonly axis: number;
  readonly start: number;
  readonly stop: number;
}

/** The elements where a condition is true (`taken`), or false. */
export interface Where {
  readonly condition: Node;
  readonly taken: boolean;
}

/** The adjoint of one of several that a node chooses from: what was not taken receives nothing. */
export interface Choice {
  readonly adjoint: Node;
  readonly where: Where;
}

/** What an input receives: an adjoint of its own shape, for some elements of it, or for a slice of it. */
export type Adjoint = Node | Choice | Part;

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

/** Of two operands, the one that `secondTaken` says receives the adjoint. */
const choice =
  (secondTaken: (a: Node, b: Node) => Node): Rule<OpName> =>
  (node, adjoint, input) => ({
    adjoint,
    where: { condition: secondTaken(node.inputs[0]!, node.inputs[1]!), taken: input === 1 },
  });

/** Repeat a reduction's result over the axes that it lost. */
function restore(reduced: Node, like: Node, axes: readonly number[]): Node {
  const kept = like.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  return make("broadcast", [reduced], { shape: like.shape, axes: kept });
}

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
const oneOverRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** Below minus this the sum of x and the inverse Mills ratio loses its digits, and a series in 1/x² has them; above it, that is 0. */
const FAR = 50;

/** The slope of the inverse Mills ratio far below 0: −1 + u − 6u² + 50u³ − 518u⁴ for u = 1/x² [from DLMF 7.12.1]. */
function slopeFarBelow(x: Node): Node {
  const u = x.square().reciprocal();
  return u.mul(-518).add(50).mul(u).sub(6).mul(u).add(1).mul(u).sub(1);
}

/** One rule an op; a new op without a rule is a type error. */
export const adjointRules: { readonly [O in OpName]: Rule<O> } = {
  input: leaf,
  constant: leaf,
  parameter: leaf,
  epsilon: leaf,
  exp: unary((_x, y) => y),
  log: (node, adjoint) => adjoint.div(node.inputs[0]!),
  log1p: (node, adjoint) => adjoint.div(node.inputs[0]!.add(1)),
  log1pmx: unary((x) => x.div(x.add(1)).neg()),
  // Of log(1 − eˣ): −1/(e⁻ˣ − 1), which is −∞ at either zero.
  log1mExp: (node, adjoint) => adjoint.div(node.inputs[0]!.neg().expm1().abs()).neg(),
  expm1: unary((x) => x.exp()),
  expm1mx: unary((x) => x.expm1()),
  softplus: unary((x) => x.sigmoid()),
  sigmoid: unary((_x, y) => y.mul(constant(1).sub(y))),
  logSigmoid: unary((x) => x.neg().sigmoid()),
  tanh: unary((_x, y) => constant(1).sub(y.square())),
  sqrt: (node, adjoint) => adjoint.mul(0.5).div(node),
  lgamma: unary((x) => x.digamma()),
  digamma: unary((x) => x.trigamma()),
  trigamma: notDifferentiable,
  stirlingRest: unary((x) => x.stirlingRestSlope()),
  stirlingRestSlope: unary((x) => {
    const inverse = x.reciprocal();
    const far = x.trigamma().sub(inverse.mul(inverse.mul(0.5).add(1)));
    // Near 0 each of the two overflows before their difference does, which is 1/(2x²) to the last digit.
    return x.lt(1e-18).select(inverse.mul(0.5).mul(inverse), far);
  }),
  erf: unary((x) => x.square().neg().exp().mul(twoOverRootPi)),
  erfc: unary((x) => x.square().neg().exp().mul(-twoOverRootPi)),
  erfinv: unary((_x, y) =>
    y
      .square()
      .exp()
      .mul(1 / twoOverRootPi),
  ),
  normalCdf: unary((x) => x.square().mul(-0.5).exp().mul(oneOverRootTwoPi)),
  normalLogCdf: unary((x) => x.inverseMills()),
  inverseMills: unary((x, y) => x.lt(-FAR).select(slopeFarBelow(x), y.mul(x.min(FAR).add(y)).neg())),
  floor: nothing,
  sign: nothing,
  pow: (node, adjoint, input) => {
    const [base, exponent] = [node.inputs[0]!, node.inputs[1]!];
    // 0⁰ = 1 whatever the base does, and 0ʸ = 0 whatever the exponent does: no slope, and no 0 · ∞. Below 0 only whole exponents
    // have a power, so that there is none either.
    if (input === 1) return adjoint.mul(base.gt(0).and(node.eq(0).not()).select(node.mul(base.log()), 0));
    const power = base.pow(exponent.sub(1));
    const isFlat = isConstant(exponent) ? exponent.eq(0) : exponent.eq(0).or(power.eq(0));
    return adjoint.mul(isFlat.select(0, exponent.mul(power)));
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
  min: choice((a, b) => b.lt(a)),
  max: choice((a, b) => a.lt(b)),
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
  select: (node, adjoint, input) =>
    input === 0 ? undefined : { adjoint, where: { condition: node.inputs[0]!, taken: input === 1 } },
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
    const ends = partEnds(node);
    return adjoint.slice(ends[input - 1] ?? 0, ends[input]!, axis);
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
    return { adjoint: restore(share, x, axes), where: { condition: largest, taken: true } };
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
