import type { Arithmetic } from "./arithmetic.ts";
import { erfinv } from "./erfinv.ts";
import { exp, expm1, tanh } from "./exp.ts";
import { log, log1p } from "./log.ts";
import { logSigmoid, sigmoid, softplus } from "./logistic.ts";

export type { Arithmetic } from "./arithmetic.ts";
export { erfinv } from "./erfinv.ts";
export { exp, expm1, expNonPositive, tanh } from "./exp.ts";
export { float32 } from "./float32.ts";
export { float64 } from "./float64.ts";
export { log, log1p, log1pOfUnit, logOfNormal } from "./log.ts";
export { logSigmoid, sigmoid, softplus, softplusAndSigmoid } from "./logistic.ts";
export { pow } from "./pow.ts";

/** An elementary function of one argument, for any arithmetic. */
export type Elementary = <V, B>(m: Arithmetic<V, B>, x: V) => V;

/** The functions of one argument, by the name that a program's op has. */
export type ElementaryName =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sigmoid"
  | "softplus"
  | "logSigmoid"
  | "tanh"
  | "erfinv";

/** Every elementary function of one argument. */
export const elementary: Readonly<Record<ElementaryName, Elementary>> = {
  exp,
  expm1,
  log,
  log1p,
  sigmoid,
  softplus,
  logSigmoid,
  tanh,
  erfinv,
};
