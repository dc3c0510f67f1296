import { make, type Node } from "../node.ts";
import { sizeOf } from "../shape.ts";
import { filled, firstOf, isConstant, type Rule, type Rules, range, repeated } from "./rule.ts";

type Reduction = "sum" | "reduceMax";

/** Over axes of length 1 there is nothing to reduce. */
const overNothing: Rule<Reduction> = ({ inputs: [x], attributes: { axes }, shape }) =>
  axes.every((axis) => x!.shape[axis] === 1) ? x!.reshape(shape) : undefined;

/** What is left where there are no elements: engines need not know it. */
const ofNone: Rule<Reduction> = (node) => {
  if (node.inputs[0]!.size > 0 || node.size === 0) return undefined;
  if (node.op === "sum") return filled(0, node);
  return filled(node.dtype === "float" ? Number.NEGATIVE_INFINITY : -(2 ** 31), node);
};

/** An axis of `x` in the result of reducing it over `axes`. */
function keptAxis(axis: number, axes: readonly number[]): number {
  return axis - axes.filter((other) => other < axis).length;
}

/** Reduce a value that repeats before it repeats; `count` is the number of times that each element is met. */
function beforeRepeating(
  node: Node,
  axes: readonly number[],
): { readonly value: Node; readonly count: number } | undefined {
  const x = node.inputs[0]!;
  if (!x.is("broadcast") || (node.op !== "sum" && node.op !== "reduceMax")) return undefined;
  const { axes: to } = x.attributes;
  const inner = range(to.length).filter((i) => axes.includes(to[i]!));
  const source = inner.length === 0 ? x.inputs[0]! : make(node.op, [x.inputs[0]!], { axes: inner });
  const rest = to.filter((axis) => !axes.includes(axis)).map((axis) => keptAxis(axis, axes));
  const value = make("broadcast", [source], { shape: node.shape, axes: rest });
  return { value, count: sizeOf(axes.filter((axis) => !to.includes(axis)).map((axis) => x.shape[axis]!)) };
}

const sumOfRepeated: Rule<"sum"> = (node) => {
  const { value, count } = beforeRepeating(node, node.attributes.axes) ?? {};
  return count === 0 ? undefined : value?.mul(filled(count!, value));
};

const largestOfRepeated: Rule<"reduceMax"> = (node) => {
  const { value, count } = beforeRepeating(node, node.attributes.axes) ?? {};
  return count === 0 ? undefined : value;
};

/** Σ(−x) = −Σx, Σ(x · c) = c · Σx and Σ(x / c) = Σx / c, where c repeats along the axes that are summed. */
const factorsOut: Rule<"sum"> = ({ inputs: [x], attributes: { axes }, shape }) => {
  if (x!.op === "neg") return make("sum", [x!.inputs[0]!], { axes }).neg();
  if (x!.op !== "mul" && x!.op !== "div") return undefined;
  const factor = (node: Node): Node | undefined => {
    const part = repeated(node);
    if (part === undefined || part.axes.some((axis) => axes.includes(axis))) return undefined;
    return make("broadcast", [part.source], { shape, axes: part.axes.map((axis) => keptAxis(axis, axes)) });
  };
  const [a, b] = [x!.inputs[0]!, x!.inputs[1]!];
  const right = factor(b);
  if (right !== undefined) return make(x!.op, [make("sum", [a], { axes }), right], {});
  const left = x!.op === "mul" ? factor(a) : undefined;
  return left === undefined ? undefined : make("sum", [b], { axes }).mul(left);
};

/** One sum over the axes of two; a sum over everything does not mind the shape. */
const sumOfSum: Rule<"sum"> = ({ inputs: [x], attributes: { axes }, shape }) => {
  if (x!.op === "reshape" && shape.length === 0) return x!.inputs[0]!.sum();
  if (!x!.is("sum")) return undefined;
  const { axes: inner } = x!.attributes;
  const left = range(x!.inputs[0]!.shape.length).filter((axis) => !inner.includes(axis));
  return make("sum", [x!.inputs[0]!], { axes: [...inner, ...axes.map((axis) => left[axis]!)].sort((a, b) => a - b) });
};

/** Σ y · (X c) = Σ (Xᵀ y) · c, with X and y constant: the product with the data is then folded. */
const dataOnly: Rule<"sum"> = ({ inputs: [x], shape }) => {
  if (x!.op !== "mul" || shape.length > 0) return undefined;
  const moved = (y: Node, product: Node): Node | undefined => {
    if (!product.is("matvec") || !isConstant(y) || !product.inputs[0]!.is("constant")) return undefined;
    const [matrix, vector] = [product.inputs[0]!, product.inputs[1]!];
    return vector.dot(make("matvec", [matrix, y], { transposed: !product.attributes.transposed }));
  };
  return moved(x!.inputs[0]!, x!.inputs[1]!) ?? moved(x!.inputs[1]!, x!.inputs[0]!);
};

/** X times a value that repeats = the row sums of X times the value. */
const productOfRepeated: Rule<"matvec"> = ({ inputs: [matrix, vector], attributes, shape }) => {
  if (!isConstant(matrix!) || !vector!.is("broadcast")) return undefined;
  const scale = vector!.inputs[0]!;
  if (scale.shape.length > 0 || scale.is("constant")) return undefined;
  return make("matvec", [matrix!, filled(1, vector!)], attributes).mul(scale.broadcastTo(shape));
};

const productOfTransposed: Rule<"matvec"> = ({ inputs: [matrix, vector], attributes: { transposed } }) => {
  if (!matrix!.is("transpose") || matrix!.attributes.permutation[0] !== 1) return undefined;
  return make("matvec", [matrix!.inputs[0]!, vector!], { transposed: !transposed });
};

/** Sums and products: the same value but for the order in which terms are added. */
export const reductions: Rules = {
  sum: firstOf<"sum">(ofNone, overNothing, sumOfRepeated, sumOfSum, factorsOut, dataOnly),
  reduceMax: firstOf<"reduceMax">(ofNone, overNothing, largestOfRepeated),
  matvec: firstOf<"matvec">(productOfTransposed, productOfRepeated),
};
