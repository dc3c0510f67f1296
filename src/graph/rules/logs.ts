import { elementary } from "../elementary.ts";
import { concat, constant, make, type Node } from "../node.ts";
import { ops } from "../ops.ts";
import { LOG_TWO, logAddExp, logErfc, logExpMinusOne, logSlopeOfTanh, logSumExpOver, squareRoot } from "./logForms.ts";
import { isAlike, numberOf } from "./rule.ts";
import { isNonNegative } from "./sign.ts";

/*
 * Logarithms of what is known to be positive, written without the number itself, which may underflow, overflow, or be
 * 1 to the last digit: log σ(u), log(1 − σ(u)), log(1 + eᵘ), log Φ(u), and of products, ratios, powers, sums and views of such.
 */

/** log x, as a node that stays finite where x does not. */
export interface Log {
  readonly log: Node;
  /** x may be larger than any number: it has a factor like eᵘ. */
  readonly grows?: boolean;
  /** x may be negative, where its logarithm is NaN. */
  readonly signed?: boolean;
}

/**
 * How far a logarithm looks into an expression. One that has more to it is left as it is: a recursion over time, written anew for
 * each of its logarithms, would grow without end.
 */
interface Search {
  left: number;
}

const VISITS = 64;
const STEPS = 12;

/** What a search finds, if it comes to its end. */
function within<T>(find: (search: Search) => T | undefined): T | undefined {
  const search: Search = { left: VISITS };
  const found = find(search);
  return search.left > 0 ? found : undefined;
}

/** A node as ± another one + a number. */
interface Shifted {
  readonly shift: number;
  readonly sign: 1 | -1;
  readonly of: Node;
}

function shifted(node: Node, by = 0): Shifted {
  let [shift, sign, of]: [number, 1 | -1, Node] = [by, 1, node];
  for (let step = 0; step < STEPS; step++) {
    const [a, b] = of.inputs;
    const [left, right] = of.op === "add" || of.op === "sub" ? [numberOf(a!), numberOf(b!)] : [];
    if (of.op === "neg") [sign, of] = [sign === 1 ? -1 : 1, a!];
    else if (right !== undefined) [shift, of] = [shift + (of.op === "add" ? sign : -sign) * right, a!];
    else if (left !== undefined)
      [shift, sign, of] = [shift + sign * left, of.op === "add" ? sign : sign === 1 ? -1 : 1, b!];
    else break;
  }
  return { shift, sign, of };
}

/** log(x + more), where that has a form of its own. */
export function logOf(x: Node, more = 0): Node | undefined {
  return within((search) => logForm(x, search, more))?.log;
}

function logForm(x: Node, search: Search, more = 0): Log | undefined {
  if (search.left-- <= 0) return undefined;
  const { shift, sign, of } = shifted(x, more);
  if (shift === 0 && sign === 1) return ofOwn(of, search);
  if (shift === 0) return of.op === "expm1" ? { log: of.inputs[0]!.log1mExp(), signed: true } : undefined;
  if (shift === 1) return sign === 1 ? ofOnePlus(of, search) : ofOneMinus(of, search);
  const power = sign === 1 && (shift === -1 || shift > 0) ? ofPositive(of, search) : undefined;
  if (power?.grows !== true) return undefined;
  if (shift === -1) return { log: logExpMinusOne(power.log), grows: true, signed: true };
  return { log: logAddExp(power.log, constant(elementary.log(shift)).broadcastTo(of.shape)), grows: true };
}

/** log x of an x that has such a form and is known not to be negative. */
function ofPositive(x: Node, search: Search): Log | undefined {
  const own = ofOwn(x, search);
  return own?.signed === true ? undefined : own;
}

/** log(1 + x). */
function ofOnePlus(x: Node, search: Search): Log | undefined {
  const u = x.inputs[0]!;
  if (x.op === "expm1") return { log: u, grows: true };
  if (x.op === "erf") return { log: logErfc(u.neg()) };
  if (x.op === "tanh") return { log: u.mul(2).logSigmoid().add(LOG_TWO) };
  const seen = through(x, (inner) => logForm(inner, search, 1));
  if (seen !== undefined) return seen;
  const own = ofPositive(x, search);
  return own?.grows === true ? { log: own.log.softplus(), grows: true } : undefined;
}

/** log(1 − x). */
function ofOneMinus(x: Node, search: Search): Log | undefined {
  const u = x.inputs[0]!;
  if (x.op === "sigmoid") return { log: u.neg().logSigmoid() };
  if (x.op === "normalCdf") return { log: u.neg().normalLogCdf() };
  if (x.op === "erf") return { log: logErfc(u) };
  if (x.op === "erfc") return { log: u.erf().log(), signed: true };
  if (x.op === "tanh") return { log: u.mul(-2).logSigmoid().add(LOG_TWO) };
  const root = squareRoot(x);
  if (root?.op === "tanh") return { log: logSlopeOfTanh(root.inputs[0]!) };
  const seen = through(x, (inner) => logForm(inner.neg(), search, 1));
  if (seen !== undefined) return seen;
  const own = ofPositive(x, search);
  if (own === undefined) return undefined;
  return (x.op === "mul" ? ofOneMinusProduct(x, search) : undefined) ?? { log: own.log.log1mExp(), signed: true };
}

/** log(1 − p q) of two probabilities, as 1 − p and p (1 − q): both may be far below the digits of 1. */
function ofOneMinusProduct(x: Node, search: Search): Log | undefined {
  const [p, q] = [x.inputs[0]!, x.inputs[1]!];
  const forms = [logForm(p, search), logForm(p.neg(), search, 1), logForm(q.neg(), search, 1)];
  if (forms.some((form) => form === undefined || form.signed === true)) return undefined;
  const [log, rest, others] = forms.map((form) => form!.log);
  return { log: logAddExp(rest!, log!.add(others!)) };
}

/** log x by what x is. */
function ofOwn(x: Node, search: Search): Log | undefined {
  if (search.left-- <= 0) return undefined;
  const [a, b] = x.inputs;
  switch (x.op) {
    case "exp":
      return { log: a!, grows: true };
    case "sigmoid":
      return { log: a!.logSigmoid() };
    case "normalCdf":
      return { log: a!.normalLogCdf() };
    case "erfc":
      return { log: logErfc(a!) };
    case "expm1":
      return { log: logExpMinusOne(a!), grows: true, signed: true };
    case "mul":
    case "div":
      return ofProduct(x, search);
    case "pow":
      return ofPower(a!, b!, search);
    case "sqrt":
      return ofPower(a!, constant(0.5), search);
    case "add":
      return ofSum(a!, b!, search);
    case "sub":
      return ofDifference(a!, b!, search);
    case "sum":
      if (x.is("sum") && !isOfOne(x)) return ofSumOver(a!, x.attributes.axes, search);
      return through(x, (inner) => logForm(inner, search));
    default:
      return through(x, (inner) => logForm(inner, search));
  }
}

/** log(a · b) or log(a / b), where one has a form of its own; as one is not negative, the other has a logarithm if the whole has. */
function ofProduct(x: Node, search: Search): Log | undefined {
  const [a, b] = [x.inputs[0]!, x.inputs[1]!];
  const [left, right] = [logForm(a, search), logForm(b, search)];
  if (left === undefined && right === undefined) return undefined;
  const isKnown = (node: Node, form: Log | undefined): boolean =>
    form === undefined ? isNonNegative(node) : form.signed !== true;
  const known = [isKnown(a, left), isKnown(b, right)];
  if (!known.includes(true)) return undefined;
  const [first, second] = [left?.log ?? a.log(), right?.log ?? b.log()];
  return {
    log: x.op === "mul" ? first.add(second) : first.sub(second),
    grows: left?.grows === true || right?.grows === true || (x.op === "div" && right !== undefined),
    signed: known.includes(false),
  };
}

function ofPower(x: Node, exponent: Node, search: Search): Log | undefined {
  const base = logForm(x, search);
  if (base === undefined) return undefined;
  const isRoot = (numberOf(exponent) ?? -1) > 0;
  return { log: base.log.mul(exponent), grows: base.grows === true || !isRoot, signed: base.signed === true };
}

function ofSum(a: Node, b: Node, search: Search): Log | undefined {
  const [left, right] = [logForm(a, search), logForm(b, search)];
  if (left === undefined || right === undefined || left.signed === true || right.signed === true) return undefined;
  return { log: logAddExp(left.log, right.log), grows: left.grows === true || right.grows === true };
}

/** log Σ eᵘ over axes. */
function ofSumOver(x: Node, axes: readonly number[], search: Search): Log | undefined {
  const inner = ofPositive(x, search);
  if (inner?.grows !== true || isBelowLargest(inner.log)) return undefined;
  return { log: logSumExpOver(inner.log, axes), grows: true };
}

/** Has the largest element been subtracted already? */
function isBelowLargest(u: Node): boolean {
  let top = u.op === "sub" ? u.inputs[1]! : u;
  while (ops[top.op].kind === "shape" || top.op === "select") top = top.inputs[top.op === "select" ? 1 : 0]!;
  return u.op === "sub" && top.op === "reduceMax";
}

/** log(a − b) of two positives, such as two values of a distribution function: log a + log(1 − b/a). */
function ofDifference(a: Node, b: Node, search: Search): Log | undefined {
  const [left, right] = [logForm(a, search), logForm(b, search)];
  if (left === undefined || right === undefined || left.signed === true || right.signed === true) return undefined;
  const rest = right.log.sub(left.log).log1mExp();
  return { log: left.log.add(rest), grows: left.grows === true, signed: true };
}

/** Through views, and choices between values, to what they show. */
function through(x: Node, form: (inner: Node) => Log | undefined): Log | undefined {
  const [first, ...others] = x.inputs;
  if (x.op === "concat" || x.op === "select") return throughParts(x, form);
  const isView = ops[x.op].kind === "shape" || x.op === "gather" || x.op === "perChain" || isOfOne(x);
  if (!isView) return undefined;
  const inner = form(first!);
  return inner && { ...inner, log: make(x.op, [inner.log, ...others], x.attributes) };
}

/** A sum over axes of length 1. */
function isOfOne(x: Node): boolean {
  return x.is("sum") && x.size === x.inputs[0]!.size;
}

/** Each part by its own form; nothing where one has none. */
function throughParts(x: Node, form: (inner: Node) => Log | undefined): Log | undefined {
  const parts = x.op === "select" ? x.inputs.slice(1) : x.inputs;
  const forms = parts.map(form).filter((each) => each !== undefined);
  if (forms.length < parts.length) return undefined;
  const logs = forms.map(({ log }) => log);
  return {
    log: x.is("concat") ? concat(logs, x.attributes.axis) : x.inputs[0]!.select(logs[0]!, logs[1]!),
    grows: forms.some(({ grows }) => grows === true),
    signed: forms.some(({ signed }) => signed === true),
  };
}

/** 1 / (1 + eᵘ) as σ(−u), eᵘ / (1 + eᵘ) as σ(u). */
export function logisticOf(numerator: Node, denominator: Node): Node | undefined {
  const { shift, sign, of } = shifted(denominator);
  if (shift !== 1 || sign !== 1) return undefined;
  const own = within((search) => ofPositive(of, search));
  if (own?.grows !== true) return undefined;
  if (isAlike(numerator, of)) return own.log.sigmoid();
  const share = own.log.neg().sigmoid();
  return numberOf(numerator) === 1 ? share : numerator.mul(share);
}
