import type { Node } from "../node.ts";
import { squareRoot } from "./logForms.ts";
import { logisticOf, logOf, logOfOneMinusSquare } from "./logs.ts";
import { numberOf, type Rules } from "./rule.ts";
import { isNonNegative } from "./sign.ts";

/**
 * What is written in a form that loses its digits, overflows or underflows on the way, in the form that does not: the same value
 * where that was right, and its derivative. Done before a gradient is taken, since that of the first form is lost too.
 */
export const stable: Rules = {
  log: ({ inputs: [x] }) => logOf(x!) ?? squareRoot(x!)?.abs().log().mul(2),
  log1p: ({ inputs: [x] }) => logOf(x!, 1),
  exp: ({ inputs: [x] }) => expOf(x!),
  sub: ({ inputs: [a, b] }) => (a!.op === "exp" && numberOf(b!) === 1 ? a!.inputs[0]!.expm1() : undefined),
  div: ({ inputs: [a, b] }) => logisticOf(a!, b!),
  sqrt: ({ inputs: [x] }) =>
    x!.op === "exp" ? x!.inputs[0]!.mul(0.5).exp() : (squareRoot(x!)?.abs() ?? logOfOneMinusSquare(x!)?.mul(0.5).exp()),
};

/** e to a logarithm. */
function expOf(x: Node): Node | undefined {
  const y = x.inputs[0]!;
  if (x.op === "log") return isNonNegative(y) ? y : y.ge(0).select(y, Number.NaN);
  if (x.op === "logSigmoid") return y.sigmoid();
  if (x.op === "normalLogCdf") return y.normalCdf();
  return x.op === "neg" && y.op === "softplus" ? y.inputs[0]!.neg().sigmoid() : undefined;
}
