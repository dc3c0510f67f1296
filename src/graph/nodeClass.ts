import { ModelError } from "../errors.ts";
import { constantData } from "./data.ts";
import { type BinaryOp, ElementwiseMethods, type UnaryOp } from "./elementwiseMethods.ts";
import { infer } from "./ops.ts";
import { broadcastShape, repeatsInto, sameShape, sizeOf } from "./shape.ts";
import type { Attributes, DType, OpName, Shape, Type } from "./types.ts";

/** Something that can stand for a node: a node, or a number that takes its partner's dtype. */
export type Operand = Node | number;

let counter = 0;

/**
 * One value of a program: an op applied to earlier nodes. Immutable; made by `make` (which infers dtype and shape and
 * refuses what does not fit) or by the methods here, which broadcast as NumPy does.
 */
export class Node extends ElementwiseMethods {
  readonly id: number;
  readonly op: OpName;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes[OpName];
  readonly dtype: DType;
  readonly shape: Shape;
  /** The same for every chain. */
  readonly shared: boolean;

  constructor(op: OpName, inputs: readonly Node[], attributes: Attributes[OpName], type: Type, shared: boolean) {
    super();
    this.id = counter++;
    this.op = op;
    this.inputs = inputs;
    this.attributes = attributes;
    this.dtype = type.dtype;
    this.shape = type.shape;
    this.shared = shared;
  }

  /** JavaScript's own operators (`mu > 0`, `2 * x`) would compute with something that has no value yet. @throws ModelError */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return `[node ${this.op} ${this.dtype}[${this.shape}]]`;
    throw new ModelError(
      "A node has no value for JavaScript's operators: write x.add(y), x.mul(2), x.gt(0).select(a, b), not x + y, 2 * x, x > 0 ? a : b.",
    );
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Narrow by op: `if (node.is("slice")) node.attributes.axis`. */
  is<O extends OpName>(op: O): this is Node & { readonly op: O; readonly attributes: Attributes[O] } {
    return this.op === op;
  }

  // Functions of each element

  /** x². */
  square(): Node {
    return make("mul", [this, this], {});
  }
  /** 1 / x. */
  reciprocal(): Node {
    return lift(1, this).div(this);
  }

  // Comparisons and bools

  /** Whether x > y. */
  gt(other: Operand): Node {
    return binary("less", lift(other, this), this);
  }
  /** Whether x ≥ y. */
  ge(other: Operand): Node {
    return binary("lessOrEqual", lift(other, this), this);
  }
  /** Neither infinite nor NaN. */
  isFinite(): Node {
    return this.abs().lt(Number.POSITIVE_INFINITY);
  }
  /** This bool picks `yes` where true and `no` where false. At least one of the two must be a node. */
  select(yes: Operand, no: Operand): Node {
    const partner = yes instanceof Node ? yes : no instanceof Node ? no : constant(0);
    const [a, b] = broadcastTogether(lift(yes, partner), lift(no, partner));
    const [condition, first] = broadcastTogether(this, a);
    return make("select", [condition, first, b.broadcastTo(first.shape)], {});
  }

  // Bits of whole numbers without a sign

  /** Bits moved to the left; zeros follow. */
  shiftLeft(bits: number): Node {
    return make("shiftLeft", [this], { bits });
  }
  /** Bits moved to the right; zeros follow. */
  shiftRight(bits: number): Node {
    return make("shiftRight", [this], { bits });
  }
  /** Bits turned to the left. */
  rotateLeft(bits: number): Node {
    return this.shiftLeft(bits).or(this.shiftRight(32 - bits));
  }

  // Types

  /** The same values as `float`, `int32`, `uint32` or `bool`; fractions are cut off. */
  convert(to: DType): Node {
    return this.dtype === to ? this : make("convert", [this], { to });
  }
  /** The same values as `float`. */
  toFloat(): Node {
    return this.convert("float");
  }
  /** A shared value as one that each chain has. */
  perChain(): Node {
    return this.shared ? make("perChain", [this], {}) : this;
  }

  // Shapes and elements

  /** The same elements, row by row, in another shape. */
  reshape(shape: Shape): Node {
    return sameShape(this.shape, shape) ? this : make("reshape", [this], { shape });
  }
  /** Axes in another order; default: reversed. */
  transpose(permutation?: readonly number[]): Node {
    return make("transpose", [this], {
      permutation: permutation ?? this.shape.map((_, i) => this.shape.length - 1 - i),
    });
  }
  /** Repeat along leading axes, and along axes of length 1 (NumPy's rule). */
  broadcastTo(shape: Shape): Node {
    if (sameShape(this.shape, shape)) return this;
    const offset = shape.length - this.shape.length;
    const kept = this.shape.flatMap((n, i) => (n === shape[offset + i] ? [i] : []));
    const source = this.reshape(kept.map((i) => this.shape[i]!));
    return make("broadcast", [source], { shape, axes: kept.map((i) => offset + i) });
  }
  /** Elements `start` to `stop − 1` along an axis. */
  slice(start: number, stop: number, axis = 0): Node {
    return make("slice", [this], { axis, start, stop });
  }
  /** Element (or row) i of axis 0. */
  at(i: number): Node {
    return this.slice(i, i + 1).reshape(this.shape.slice(1));
  }
  /** The element (or row) of axis 0 that each index names: `theta.gather(school)`. */
  gather(indices: Node): Node {
    return make("gather", [this, indices], {});
  }
  /** Element (or row) i is the sum of those with index i; there are `size`. */
  scatterAdd(indices: Node, size: number): Node {
    return make("scatterAdd", [this, indices], { size });
  }

  // Sums and products

  /** Sum over the named axes, or all: `x.sum(0)`. */
  sum(...axes: readonly number[]): Node {
    return this.reduce("sum", axes);
  }
  /** Largest element over the named axes, or all. */
  reduceMax(...axes: readonly number[]): Node {
    return this.reduce("reduceMax", axes);
  }
  /** Mean of all elements. */
  mean(): Node {
    return this.sum().mul(1 / this.size);
  }
  /** Sum of x · y over all elements. */
  dot(other: Node): Node {
    return this.mul(other).sum();
  }
  /** log Σ eˣ over all elements, without overflow. */
  logSumExp(): Node {
    const most = this.reduceMax();
    const top = most.isFinite().select(most, 0);
    return this.sub(top).exp().sum().log().add(top);
  }
  /** This shared matrix `[n, d]` times `vector [d]` → `[n]`. */
  matvec(vector: Node): Node {
    return make("matvec", [this, vector], { transposed: false });
  }
  /** The transpose of this shared matrix `[n, d]` times `vector [n]` → `[d]`. */
  transposedMatvec(vector: Node): Node {
    return make("matvec", [this, vector], { transposed: true });
  }

  protected unary(op: UnaryOp): Node {
    return make(op, [this], {});
  }
  protected binary(op: BinaryOp, other: Operand): Node {
    return binary(op, this, other);
  }
  private reduce(op: "sum" | "reduceMax", axes: readonly number[]): Node {
    const over = axes.length > 0 ? axes : this.shape.map((_, i) => i);
    return over.length === 0 ? this : make(op, [this], { axes: over });
  }
}

/** Make a node; the type is inferred from the op's row in `ops.ts`. Throws a ModelError that names op and shapes. */
export function make<O extends OpName>(op: O, inputs: readonly Node[], attributes: Attributes[O]): Node {
  return new Node(
    op,
    inputs,
    attributes,
    infer(op, inputs, attributes),
    op !== "perChain" && inputs.every((node) => node.shared),
  );
}

/** A shared constant: a number, or row-major data of a shape. Throws where the lengths disagree (checked by `verify`). */
export function constant(value: number | ArrayLike<number>, shape?: Shape, dtype: DType = "float"): Node {
  const data = constantData(typeof value === "number" ? [value] : value, dtype);
  const type = { dtype, shape: shape ?? (typeof value === "number" ? [] : [data.length]) };
  return new Node("constant", [], { data }, type, true);
}

/** A number becomes a constant of its partner's dtype. @throws ModelError for what is neither a node nor a number */
export function lift(value: Operand, partner: Node): Node {
  if (value instanceof Node) return value;
  if (typeof value === "number") return constant(value, [], partner.dtype);
  throw new ModelError(`An operand must be a node or a number; it is ${String(value)}.`);
}

function binary(op: BinaryOp, left: Node, right: Operand): Node {
  return make(op, broadcastTogether(left, lift(right, left)), {});
}

/** Where shapes do not fit, `infer` refuses the op and names both. */
function broadcastTogether(a: Node, b: Node): [Node, Node] {
  const shape = broadcastShape(a.shape, b.shape);
  const repeated = (node: Node): Node => (repeatsInto(node.shape, shape) ? node.broadcastTo(shape) : node);
  return [repeated(a), repeated(b)];
}
