import { type ElementaryName, float64, elementary as functions } from "../elementary/index.ts";

// TEMPORARY for those not yet written
const bind = (name: ElementaryName) => {
  const f = functions[name];
  return (x: number): number => f(float64, x);
};
export const elementary = {
  exp: bind("exp"),
  log: bind("log"),
  log1p: bind("log1p"),
  expm1: bind("expm1"),
  tanh: bind("tanh"),
  softplus: bind("softplus"),
  sigmoid: bind("sigmoid"),
  logSigmoid: bind("logSigmoid"),
  erfinv: bind("erfinv"),
  lgamma: Math.exp,
  digamma: Math.exp,
  trigamma: Math.exp,
  erf: Math.exp,
  erfc: Math.exp,
  normalCdf: Math.exp,
  pow: Math.pow,
};
