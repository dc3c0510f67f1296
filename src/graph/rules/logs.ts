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
  if (sign === -1 && of.op === "mul" && shift > 0) {
    const factor = of.inputs.findIndex((each) => isNear(numberOf(each), shift));
    const rest = factor === -1 ? undefined : ofOneMinus(of.inputs[1 - factor]!, search);
    if (rest !== undefined) return { ...rest, log: rest.log.add(elementary.log(shift)) };
  }
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
  const seen = through(x, (inner) => logForm(inner.neg(), search, 1)) ?? (root && ofOneMinusSquare(root, search));
  if (seen !== undefined) return seen;
  const share = ofOneMinusShare(x, search);
  if (share !== undefined) return share;
  const own = ofPositive(x, search);
  if (own === undefined) return undefined;
  return (x.op === "mul" ? ofOneMinusProduct(x, search) : undefined) ?? { log: own.log.log1mExp(), signed: true };
}

/** log(1 − r²) = log(1 − r) + log(1 + r): of correlations, which may be ±1 to the last digit. */
function ofOneMinusSquare(r: Node, search: Search): Log | undefined {
  const [below, above] = [logForm(r.neg(), search, 1), logForm(r, search, 1)];
  const isEach = below !== undefined && above !== undefined && below.signed !== true && above.signed !== true;
  return isEach ? { log: below.log.add(above.log) } : undefined;
}

/** log(1 − x) of x = a / (a + b), which leaves b / (a + b), and of x = c + (1 − c) q, which leaves (1 − c)(1 − q). */
function ofOneMinusShare(x: Node, search: Search): Log | undefined {
  const share = x.op === "div" ? shareOf(x, search) : undefined;
  if (share !== undefined) return { log: share.neg().logSigmoid() };
  if (x.op !== "add") return undefined;
  for (const [c, rest] of [x.inputs, [...x.inputs].reverse()]) {
    const at = rest!.op === "mul" ? rest!.inputs.findIndex((each) => isOneMinus(each, c!)) : -1;
    if (at === -1) continue;
    const [first, second] = [logForm(rest!.inputs[at]!, search), ofOneMinus(rest!.inputs[1 - at]!, search)];
    if (second === undefined || second.signed === true) return undefined;
    return {
      log: (first?.log ?? rest!.inputs[at]!.log()).add(second.log),
      signed: first === undefined || first.signed === true,
    };
  }
  return undefined;
}

/** Equal but for the rounding of 1 − 0.9. */
function isNear(a: number | undefined, b: number): boolean {
  return a !== undefined && Math.abs(a - b) <= 4e-16;
}

function isOneMinus(node: Node, c: Node): boolean {
  const { shift, sign, of } = shifted(node);
  return shift === 1 && sign === -1 && isAlike(of, c);
}

/** log a − log b of a / (a + b), of positives. */
function shareOf(x: Node, search: Search): Node | undefined {
  const [a, sum] = [x.inputs[0]!, x.inputs[1]!];
  if (sum.op !== "add") return undefined;
  const other = isAlike(sum.inputs[0]!, a) ? sum.inputs[1]! : isAlike(sum.inputs[1]!, a) ? sum.inputs[0]! : undefined;
  const [own, rest] = [ofPositive(a, search), other && ofPositive(other, search)];
  return own === undefined || rest === undefined ? undefined : own.log.sub(rest.log);
}

/** log(1 − p q) of two probabilities, as 1 − p and p (1 − q): both may be far below the digits of 1. */
function ofOneMinusProduct(x: Node, search: Search): Log | undefined {
  const [p, q] = [x.inputs[0]!, x.inputs[1]!];
  const forms = [logForm(p, search), logForm(p.neg(), search, 1), logForm(q.neg(), search, 1)];
  if (forms.some((form) => form === undefined || form.signed === true)) return undefined;
  const [log, rest, others] = forms.map((form) => form!.log);
  return { log: logAddExp(rest!, log!.add(others!)) };
}

/** log(1 − r²), if x is such. */
export function logOfOneMinusSquare(x: Node): Node | undefined {
  const { shift, sign, of } = shifted(x);
  return shift === 1 && sign === -1 && squareRoot(of) !== undefined ? logOf(x) : undefined;
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
  const share = x.op === "div" ? shareOf(x, search) : undefined;
  if (share !== undefined) return { log: share.logSigmoid() };
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

/**
 * log(a − b) of two positives: log a + log(1 − b/a). Of two values of a distribution function that are above a half it is that of
 * (1 − b) − (1 − a), and of σ(u) − σ(v) it is log σ(u) + log σ(−v) + log(1 − e^(v − u)).
 */
function ofDifference(a: Node, b: Node, search: Search): Log | undefined {
  if (a.op === "sigmoid" && b.op === "sigmoid") {
    const [u, v] = [a.inputs[0]!, b.inputs[0]!];
    return { log: u.logSigmoid().add(v.neg().logSigmoid()).add(v.sub(u).log1mExp()), signed: true };
  }
  const [left, right] = [logForm(a, search), logForm(b, search)];
  if (left === undefined || right === undefined || left.signed === true || right.signed === true) return undefined;
  const below = left.log.add(right.log.sub(left.log).log1mExp());
  const [upper, lower] = a.op === "normalCdf" ? [logForm(b.neg(), search, 1), logForm(a.neg(), search, 1)] : [];
  if (upper === undefined || lower === undefined) return { log: below, grows: left.grows === true, signed: true };
  const above = upper.log.add(lower.log.sub(upper.log).log1mExp());
  return { log: right.log.gt(-LOG_TWO).select(above, below), signed: true };
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
