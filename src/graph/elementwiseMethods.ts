import type { Node, Operand } from "./nodeClass.ts";

/** Ops of one node, as methods of the same name. */
export type UnaryOp =
  | "exp"
  | "log"
  | "log1p"
  | "log1pmx"
  | "log1mExp"
  | "expm1"
  | "expm1mx"
  | "softplus"
  | "sigmoid"
  | "logSigmoid"
  | "tanh"
  | "sqrt"
  | "lgamma"
  | "digamma"
  | "trigamma"
  | "stirlingRest"
  | "stirlingRestSlope"
  | "erf"
  | "erfc"
  | "erfinv"
  | "normalCdf"
  | "normalLogCdf"
  | "inverseMills"
  | "floor"
  | "sign"
  | "neg"
  | "abs"
  | "not";

/** Ops of two nodes that broadcast together. */
export type BinaryOp =
  | ("add" | "sub" | "mul" | "div" | "pow" | "min" | "max" | "and" | "or" | "xor")
  | ("less" | "lessOrEqual" | "equal");

/**
 * The methods of a node that are one elementwise op each. `Node` extends this class and says how an op is applied.
 * The docstrings are rows of the table of operations in docs/models.md.
 */
export abstract class ElementwiseMethods {
  protected abstract unary(op: UnaryOp): Node;
  protected abstract binary(op: BinaryOp, other: Operand): Node;

  // Functions of each element

  /** eˣ. */
  exp(): Node {
    return this.unary("exp");
  }
  /** Natural logarithm: −∞ at 0, NaN below. */
  log(): Node {
    return this.unary("log");
  }
  /** log(1 + x), exact also for small x. */
  log1p(): Node {
    return this.unary("log1p");
  }
  /** log(1 + x) − x, exact also for small x, where it is −x²/2. */
  log1pmx(): Node {
    return this.unary("log1pmx");
  }
  /** log(1 − eˣ) for x ≤ 0: the log of one minus a probability whose log is x. */
  log1mExp(): Node {
    return this.unary("log1mExp");
  }
  /** eˣ − 1, exact also for small x. */
  expm1(): Node {
    return this.unary("expm1");
  }
  /** eˣ − 1 − x, exact also for small x, where it is x²/2. */
  expm1mx(): Node {
    return this.unary("expm1mx");
  }
  /** log(1 + eˣ). */
  softplus(): Node {
    return this.unary("softplus");
  }
  /** 1 / (1 + e⁻ˣ). */
  sigmoid(): Node {
    return this.unary("sigmoid");
  }
  /** Logarithm of the sigmoid, exact also far out. */
  logSigmoid(): Node {
    return this.unary("logSigmoid");
  }
  /** Hyperbolic tangent. */
  tanh(): Node {
    return this.unary("tanh");
  }
  /** √x; NaN below 0. */
  sqrt(): Node {
    return this.unary("sqrt");
  }
  /** log |Γ(x)|. */
  lgamma(): Node {
    return this.unary("lgamma");
  }
  /** Derivative of log Γ(x). */
  digamma(): Node {
    return this.unary("digamma");
  }
  /** Second derivative of log Γ(x). */
  trigamma(): Node {
    return this.unary("trigamma");
  }
  /** log Γ(x) − (x − ½) log x + x − ½ log 2π, which goes to 0: what Stirling's formula leaves. */
  stirlingRest(): Node {
    return this.unary("stirlingRest");
  }
  /** Derivative of `stirlingRest`. */
  stirlingRestSlope(): Node {
    return this.unary("stirlingRestSlope");
  }
  /** Error function. */
  erf(): Node {
    return this.unary("erf");
  }
  /** 1 − erf(x), exact also for large x. */
  erfc(): Node {
    return this.unary("erfc");
  }
  /** Inverse of the error function, for −1 ≤ x ≤ 1. */
  erfinv(): Node {
    return this.unary("erfinv");
  }
  /** Φ(x) of the standard normal distribution. */
  normalCdf(): Node {
    return this.unary("normalCdf");
  }
  /** log Φ(x), exact also far out, where Φ(x) is 0 or 1: for probit, censored and truncated data. */
  normalLogCdf(): Node {
    return this.unary("normalLogCdf");
  }
  /** Inverse Mills ratio φ(x) / Φ(x): the derivative of log Φ(x). */
  inverseMills(): Node {
    return this.unary("inverseMills");
  }
  /** The largest whole number that is at most x. */
  floor(): Node {
    return this.unary("floor");
  }
  /** −1, 0 or 1. */
  sign(): Node {
    return this.unary("sign");
  }
  /** −x. */
  neg(): Node {
    return this.unary("neg");
  }
  /** |x|. */
  abs(): Node {
    return this.unary("abs");
  }

  // Arithmetic with a node or a number

  /** x + y. */
  add(other: Operand): Node {
    return this.binary("add", other);
  }
  /** x − y. */
  sub(other: Operand): Node {
    return this.binary("sub", other);
  }
  /** x · y. */
  mul(other: Operand): Node {
    return this.binary("mul", other);
  }
  /** x / y. */
  div(other: Operand): Node {
    return this.binary("div", other);
  }
  /** xʸ for x ≥ 0. */
  pow(other: Operand): Node {
    return this.binary("pow", other);
  }
  /** The smaller of x and y. */
  min(other: Operand): Node {
    return this.binary("min", other);
  }
  /** The larger of x and y. */
  max(other: Operand): Node {
    return this.binary("max", other);
  }

  // Comparisons and bools

  /** Whether x < y. */
  lt(other: Operand): Node {
    return this.binary("less", other);
  }
  /** Whether x ≤ y. */
  le(other: Operand): Node {
    return this.binary("lessOrEqual", other);
  }
  /** Whether x = y. */
  eq(other: Operand): Node {
    return this.binary("equal", other);
  }
  /** Both bools; of whole numbers, bit by bit. */
  and(other: Operand): Node {
    return this.binary("and", other);
  }
  /** Either bool, or both; of whole numbers, bit by bit. */
  or(other: Operand): Node {
    return this.binary("or", other);
  }
  /** One bool and not the other; of whole numbers, bit by bit. */
  xor(other: Operand): Node {
    return this.binary("xor", other);
  }
  /** The other bool; of whole numbers, bit by bit. */
  not(): Node {
    return this.unary("not");
  }
}
