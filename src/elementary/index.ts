import type { Arithmetic } from "./arithmetic.ts";
import { erf, erfc, inverseMills, normalCdf, normalLogCdf } from "./erf.ts";
import { erfinv } from "./erfinv.ts";
import { exp, expm1, expm1mx, tanh } from "./exp.ts";
import { digamma, lgamma, trigamma } from "./gamma.ts";
import { log, log1p, log1pmx } from "./log.ts";
import { log1mExp } from "./log1mExp.ts";
import { logSigmoid, sigmoid, softplus } from "./logistic.ts";
import { stirlingRest, stirlingRestSlope } from "./stirling.ts";

export type { Arithmetic } from "./arithmetic.ts";
export { erf, erfc, inverseMills, normalCdf, normalLogCdf } from "./erf.ts";
export { erfinv } from "./erfinv.ts";
export { exp, expBounded, expm1, expm1mx, expNonPositive, tanh } from "./exp.ts";
export { float32 } from "./float32.ts";
export { float64 } from "./float64.ts";
export { digamma, lgamma, trigamma } from "./gamma.ts";
export { log, log1p, log1pmx, log1pOfUnit, logOfNormal } from "./log.ts";
export { log1mExp } from "./log1mExp.ts";
export { logSigmoid, sigmoid, softplus } from "./logistic.ts";
export { pow } from "./pow.ts";
export { stirlingRest, stirlingRestSlope } from "./stirling.ts";

/** An elementary function of one argument, for any arithmetic. */
export type Elementary = <V, B>(m: Arithmetic<V, B>, x: V) => V;

/** Every elementary function of one argument, by name. */
export const elementary: Readonly<Record<ElementaryName, Elementary>> = {
  exp,
  expm1,
  expm1mx,
  log,
  log1p,
  log1pmx,
  log1mExp,
  sigmoid,
  softplus,
  logSigmoid,
  tanh,
  erf,
  erfc,
  erfinv,
  normalCdf,
  normalLogCdf,
  inverseMills,
  lgamma,
  digamma,
  trigamma,
  stirlingRest,
  stirlingRestSlope,
};

/** The names of the functions of one argument; a program's ops of the same names mean these functions. */
export type ElementaryName =
  | "exp"
  | "expm1"
  | "expm1mx"
  | "log"
  | "log1p"
  | "log1pmx"
  | "log1mExp"
  | "sigmoid"
  | "softplus"
  | "logSigmoid"
  | "tanh"
  | "erf"
  | "erfc"
  | "erfinv"
  | "normalCdf"
  | "normalLogCdf"
  | "inverseMills"
  | "lgamma"
  | "digamma"
  | "trigamma"
  | "stirlingRest"
  | "stirlingRestSlope";
