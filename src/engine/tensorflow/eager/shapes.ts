import type { NodeOf } from "../../../graph/evaluate.ts";
import type { Node } from "../../../graph/node.ts";
import type { DType } from "../../../graph/types.ts";
import type { Backend, Tensor, Tf } from "./backend.ts";
import type { Context } from "./rows.ts";

/** The axis of a value that is axis `axis` of the node's own shape. */
export function axisOf(node: Node, axis: number): number {
  return node.shared ? axis : axis + 1;
}

/** Axes of a value for axes of the node's own shape: the chain axis stays in front. */
export function axesOf(node: Node, axes: readonly number[]): number[] {
  return [...(node.shared ? [] : [0]), ...axes.map((axis) => axisOf(node, axis))];
}

/** Bools move as words: not every backend moves them. */
export function throughWords(tf: Tf, node: Node, x: Tensor, move: (x: Tensor) => Tensor): Tensor {
  return node.dtype === "bool" ? tf.cast(move(tf.cast(x, "int32")), "bool") : move(x);
}

/** A shared value once for each chain. */
export function perChain({ backend: { tf }, chains }: Context, x: Tensor): Tensor {
  const repeat = (y: Tensor): Tensor => tf.tile(tf.reshape(y, [1, ...y.shape]), [chains, ...y.shape.map(() => 1)]);
  return x.dtype === "bool" ? tf.cast(repeat(tf.cast(x, "int32")), "bool") : repeat(x);
}

/** What tfjs's casts leave undefined is computed on the host, number by number. */
export function convert({ backend: { tf } }: Context, x: Tensor, from: DType, to: DType): Tensor {
  if (from === to) return x;
  if (from === "float" || (from === "uint32" && to === "float")) {
    const values = x.dataSync();
    if (to === "float")
      return tf.tensor(
        Float32Array.from(values, (word) => word >>> 0),
        x.shape,
        "float32",
      );
    const [low, high] = to === "int32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
    const word = (v: number): number => (Number.isNaN(v) ? 0 : Math.min(Math.max(Math.trunc(v), low), high));
    // From an array of its own type a typed array takes what the function gives; large words wrap when they are stored.
    return tf.tensor(Int32Array.from(Array.from(values as Float32Array, word)), x.shape, "int32");
  }
  if (to === "float") return tf.cast(x, "float32");
  return from === "bool" ? tf.cast(x, "int32") : x;
}

export function gather({ backend: { tf } }: Context, node: NodeOf<"gather">, x: Tensor, indices: Tensor): Tensor {
  return throughWords(tf, node, x, (y) => tf.gather(y, indices as ReturnType<Tf["tensor1d"]>, axisOf(node, 0)));
}

/** tfjs scatters along the first axis, so the chains stand behind it meanwhile. */
export function scatterAdd(
  { backend: { tf } }: Context,
  node: NodeOf<"scatterAdd">,
  x: Tensor,
  indices: Tensor,
): Tensor {
  const axes = x.shape.map((_, i) => i);
  const front = node.shared ? axes : [1, 0, ...axes.slice(2)];
  const rows = node.shared ? x : tf.transpose(x, front);
  const places = tf.reshape(indices, [indices.shape[0]!, 1]);
  const scattered = tf.scatterND(places, rows, [node.attributes.size, ...rows.shape.slice(1)]);
  return node.shared ? scattered : tf.transpose(scattered, front);
}

/** Rows of vectors, one a chain, times the matrix or its transpose. */
export function matvec(
  { backend }: { readonly backend: Backend },
  node: NodeOf<"matvec">,
  matrix: Tensor,
  vector: Tensor,
): Tensor {
  const { tf } = backend;
  const shared = node.inputs[1]!.shared;
  const rows = shared ? tf.reshape(vector, [1, vector.size]) : vector;
  const product = tf.matMul(rows, matrix, false, !node.attributes.transposed);
  return shared ? tf.reshape(product, [product.size]) : product;
}
