import { ModelError } from "../errors.ts";
import { constantData } from "./data.ts";
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
export class Node {
  readonly id: number;
  readonly op: OpName;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes[OpName];
  readonly dtype: DType;
  readonly shape: Shape;
  /** The same for every chain. */
  readonly shared: boolean;

  constructor(op: OpName, inputs: readonly Node[], attributes: Attributes[OpName], type: Type, shared: boolean) {
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

  exp(): Node {
    return make("exp", [this], {});
  }
  log(): Node {
    return make("log", [this], {});
  }
  log1p(): Node {
    return make("log1p", [this], {});
  }
  expm1(): Node {
    return make("expm1", [this], {});
  }
  /** log(1 + eˣ). */
  softplus(): Node {
    return make("softplus", [this], {});
  }
  /** 1 / (1 + e⁻ˣ). */
  sigmoid(): Node {
    return make("sigmoid", [this], {});
  }
  logSigmoid(): Node {
    return make("logSigmoid", [this], {});
  }
  tanh(): Node {
    return make("tanh", [this], {});
  }
  sqrt(): Node {
    return make("sqrt", [this], {});
  }
  lgamma(): Node {
    return make("lgamma", [this], {});
  }
  digamma(): Node {
    return make("digamma", [this], {});
  }
  trigamma(): Node {
    return make("trigamma", [this], {});
  }
  erf(): Node {
    return make("erf", [this], {});
  }
  erfc(): Node {
    return make("erfc", [this], {});
  }
  erfinv(): Node {
    return make("erfinv", [this], {});
  }
  /** Φ(x) of the standard normal distribution. */
  normalCdf(): Node {
    return make("normalCdf", [this], {});
  }
  floor(): Node {
    return make("floor", [this], {});
  }
  sign(): Node {
    return make("sign", [this], {});
  }
  neg(): Node {
    return make("neg", [this], {});
  }
  abs(): Node {
    return make("abs", [this], {});
  }
  square(): Node {
    return make("mul", [this, this], {});
  }
  reciprocal(): Node {
    return lift(1, this).div(this);
  }

  add(other: Operand): Node {
    return binary("add", this, other);
  }
  sub(other: Operand): Node {
    return binary("sub", this, other);
  }
  mul(other: Operand): Node {
    return binary("mul", this, other);
  }
  div(other: Operand): Node {
    return binary("div", this, other);
  }
  /** xʸ for x ≥ 0. */
  pow(other: Operand): Node {
    return binary("pow", this, other);
  }
  min(other: Operand): Node {
    return binary("min", this, other);
  }
  max(other: Operand): Node {
    return binary("max", this, other);
  }

  lt(other: Operand): Node {
    return binary("less", this, other);
  }
  le(other: Operand): Node {
    return binary("lessOrEqual", this, other);
  }
  gt(other: Operand): Node {
    return binary("less", lift(other, this), this);
  }
  ge(other: Operand): Node {
    return binary("lessOrEqual", lift(other, this), this);
  }
  eq(other: Operand): Node {
    return binary("equal", this, other);
  }
  /** Neither infinite nor NaN. */
  isFinite(): Node {
    return this.abs().lt(Number.POSITIVE_INFINITY);
  }

  and(other: Operand): Node {
    return binary("and", this, other);
  }
  or(other: Operand): Node {
    return binary("or", this, other);
  }
  xor(other: Operand): Node {
    return binary("xor", this, other);
  }
  not(): Node {
    return make("not", [this], {});
  }
  shiftLeft(bits: number): Node {
    return make("shiftLeft", [this], { bits });
  }
  shiftRight(bits: number): Node {
    return make("shiftRight", [this], { bits });
  }
  rotateLeft(bits: number): Node {
    return this.shiftLeft(bits).or(this.shiftRight(32 - bits));
  }
  /** This bool picks `yes` where true and `no` where false. At least one of the two must be a node. */
  select(yes: Operand, no: Operand): Node {
    const partner = yes instanceof Node ? yes : no instanceof Node ? no : constant(0);
    const [a, b] = broadcastTogether(lift(yes, partner), lift(no, partner));
    const [condition, first] = broadcastTogether(this, a);
    return make("select", [condition, first, b.broadcastTo(first.shape)], {});
  }

  convert(to: DType): Node {
    return this.dtype === to ? this : make("convert", [this], { to });
  }
  toFloat(): Node {
    return this.convert("float");
  }
  perChain(): Node {
    return this.shared ? make("perChain", [this], {}) : this;
  }

  reshape(shape: Shape): Node {
    return sameShape(this.shape, shape) ? this : make("reshape", [this], { shape });
  }
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
  slice(start: number, stop: number, axis = 0): Node {
    return make("slice", [this], { axis, start, stop });
  }
  /** Element (or row) i of axis 0. */
  at(i: number): Node {
    return this.slice(i, i + 1).reshape(this.shape.slice(1));
  }
  gather(indices: Node): Node {
    return make("gather", [this, indices], {});
  }
  scatterAdd(indices: Node, size: number): Node {
    return make("scatterAdd", [this, indices], { size });
  }

  /** Over the named axes, or all. */
  sum(...axes: readonly number[]): Node {
    return this.reduce("sum", axes);
  }
  /** Largest element over the named axes, or all. */
  reduceMax(...axes: readonly number[]): Node {
    return this.reduce("reduceMax", axes);
  }
  mean(): Node {
    return this.sum().mul(1 / this.size);
  }
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

type BinaryOp =
  | ("add" | "sub" | "mul" | "div" | "pow" | "min" | "max" | "and" | "or" | "xor")
  | ("less" | "lessOrEqual" | "equal");

/** Where shapes do not fit, `infer` refuses the op and names both. */
function broadcastTogether(a: Node, b: Node): [Node, Node] {
  const shape = broadcastShape(a.shape, b.shape);
  const repeated = (node: Node): Node => (repeatsInto(node.shape, shape) ? node.broadcastTo(shape) : node);
  return [repeated(a), repeated(b)];
}
