import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { gradient } from "../../src/graph/autodiff.ts";
import { concat, constant, input, type Node, stack } from "../../src/graph/node.ts";
import { program } from "../../src/graph/program.ts";
import { outputsOf } from "./engine-compare.ts";

/** A form as models write it, of a vector; its value and slope, by functions of the platform that keep their digits. */
interface Form {
  readonly build: (x: Node) => Node;
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  /** Where it has a logarithm; default: everywhere. */
  readonly above?: number;
  readonly below?: number;
}

const { abs, exp, expm1, log, log1p, max, SQRT2, LN2, PI } = Math;
const sigmoid = (x: number): number => (x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)));
const softplus = (x: number): number => max(x, 0) + log1p(exp(-abs(x)));
const logSigmoid = (x: number): number => -softplus(-x);

/** log Φ: by its continued fraction below −4 [Abramowitz and Stegun, 26.2.14], by a sum around 0 (26.2.10). */
function logCdf(x: number): number {
  if (x > 4) return log1p(-exp(logCdf(-x)));
  const logDensity = (-x * x) / 2 - log(2 * PI) / 2;
  if (x >= -4) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 200; n++) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return log(0.5 + exp(logDensity) * sum);
  }
  return logDensity - log(fractionOf(x));
}

/** φ(x) / Φ(x) far below 0. */
function fractionOf(x: number): number {
  let fraction = -x;
  for (let n = 400; n > 0; n--) fraction = -x + n / fraction;
  return fraction;
}
const mills = (x: number): number => (x < -4 ? fractionOf(x) : exp((-x * x) / 2 - log(2 * PI) / 2 - logCdf(x)));
const log1mExp = (x: number): number => (x > -LN2 ? log(-expm1(x)) : log1p(-exp(x)));

const softplusForm = { value: softplus, slope: sigmoid };
const logOneMinusForm = { value: (x: number) => -softplus(x), slope: (x: number) => -sigmoid(x) };
const logSigmoidForm = { value: logSigmoid, slope: (x: number) => sigmoid(-x) };
const upperForm = { value: (x: number) => logCdf(-x), slope: (x: number) => -mills(-x) };
const log1mExpForm = { value: log1mExp, slope: (x: number) => (1 / expm1(-x)) * -1, below: -1e-3 };
const one = constant(1);
const pick = (x: Node): Node =>
  x.gather(
    constant(
      Array.from({ length: x.size }, (_, i) => i),
      [x.size],
      "int32",
    ),
  );

const forms: Readonly<Record<string, Form>> = {
  "log(1 + eˣ), log1p": { build: (x) => x.exp().log1p(), ...softplusForm },
  "log(1 + eˣ)": { build: (x) => x.exp().add(1).log(), ...softplusForm },
  "log(eˣ + 1)": { build: (x) => one.add(x.exp()).log(), ...softplusForm },
  "log(1 + 1/e⁻ˣ)": { build: (x) => x.neg().exp().reciprocal().log1p(), ...softplusForm },
  "log σ": { build: (x) => x.sigmoid().log(), ...logSigmoidForm },
  "log(1/(1 + e⁻ˣ))": { build: (x) => x.neg().exp().add(1).reciprocal().log(), ...logSigmoidForm },
  "log(eˣ/(1 + eˣ))": { build: (x) => x.exp().div(x.exp().add(1)).log(), ...logSigmoidForm },
  "log(1 − σ), log1p": { build: (x) => x.sigmoid().neg().log1p(), ...logOneMinusForm },
  "log(1 − σ)": { build: (x) => one.sub(x.sigmoid()).log(), ...logOneMinusForm },
  "log(−σ + 1)": { build: (x) => x.sigmoid().neg().add(1).log(), ...logOneMinusForm },
  "log(−(σ − 1))": { build: (x) => x.sigmoid().sub(1).neg().log(), ...logOneMinusForm },
  "log(1 − σ) of views": {
    build: (x) => pick(x.sigmoid()).reshape([x.size, 1]).sum(1).neg().log1p(),
    ...logOneMinusForm,
  },
  "log(1 − σ) of elements": {
    build: (x) => stack(Array.from({ length: x.size }, (_, i) => x.sigmoid().at(i).neg().log1p())),
    ...logOneMinusForm,
  },
  "log of θ and 1 − θ beside each other": {
    build: (x) =>
      concat([x.sigmoid(), one.sub(x.sigmoid())])
        .log()
        .slice(x.size, 2 * x.size),
    ...logOneMinusForm,
  },
  "log of one of θ and 1 − θ": {
    build: (x) => x.lt(1e9).select(one.sub(x.sigmoid()), x.sigmoid()).log(),
    ...logOneMinusForm,
  },
  "log of odds": { build: (x) => x.sigmoid().div(one.sub(x.sigmoid())).log(), value: (x) => x, slope: () => 1 },
  "log(θ (1 − θ))": {
    build: (x) => x.sigmoid().mul(one.sub(x.sigmoid())).log(),
    value: (x) => logSigmoid(x) + logSigmoid(-x),
    slope: (x) => sigmoid(-x) - sigmoid(x),
  },
  "log((1 − θ)³)": {
    build: (x) => one.sub(x.sigmoid()).pow(3).log(),
    value: (x) => -3 * softplus(x),
    slope: (x) => -3 * sigmoid(x),
  },
  "log √θ": { build: (x) => x.sigmoid().sqrt().log(), value: (x) => logSigmoid(x) / 2, slope: (x) => sigmoid(-x) / 2 },
  "log(1 − θ²)": {
    build: (x) => x.sigmoid().mul(x.sigmoid()).neg().log1p(),
    value: (x) => logSigmoid(-x) + log1p(sigmoid(x)),
    slope: (x) => -sigmoid(x) + (sigmoid(x) * sigmoid(-x)) / (1 + sigmoid(x)),
  },
  "log ½θ": { build: (x) => x.sigmoid().mul(0.5).log(), value: (x) => logSigmoid(x) - LN2, slope: (x) => sigmoid(-x) },
  "log(1 − eˣ)": { build: (x) => x.exp().neg().log1p(), ...log1mExpForm },
  "log(1 − eˣ), log": { build: (x) => one.sub(x.exp()).log(), ...log1mExpForm },
  "log −(eˣ − 1)": { build: (x) => x.expm1().neg().log(), ...log1mExpForm },
  "log(eˣ − 1)": {
    build: (x) => x.exp().sub(1).log(),
    value: (x) => x + log1mExp(-x),
    slope: (x) => 1 / -expm1(-x),
    above: 1e-3,
  },
  "log eˣ": { build: (x) => x.exp().log(), value: (x) => x, slope: () => 1 },
  "e^log x": { build: (x) => x.log().exp(), value: (x) => x, slope: () => 1, above: 0 },
  "log(e^x e^x)": { build: (x) => x.exp().mul(x.exp()).log(), value: (x) => 2 * x, slope: () => 2 },
  "log 1/eˣ": { build: (x) => x.exp().reciprocal().log(), value: (x) => -x, slope: () => -1 },
  "1/(1 + e⁻ˣ)": {
    build: (x) => x.neg().exp().add(1).reciprocal(),
    value: sigmoid,
    slope: (x) => sigmoid(x) * sigmoid(-x),
  },
  "eˣ/(1 + eˣ)": { build: (x) => x.exp().div(x.exp().add(1)), value: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) },
  "2/(1 + eˣ)": {
    build: (x) => constant(2).div(x.exp().add(1)),
    value: (x) => 2 * sigmoid(-x),
    slope: (x) => -2 * sigmoid(x) * sigmoid(-x),
  },
  "log Φ": { build: (x) => x.normalCdf().log(), value: logCdf, slope: mills },
  "log(1 − Φ), log1p": { build: (x) => x.normalCdf().neg().log1p(), ...upperForm },
  "log(1 − Φ)": { build: (x) => one.sub(x.normalCdf()).log(), ...upperForm },
  "log ½ erfc(x/√2)": { build: (x) => x.div(SQRT2).erfc().mul(0.5).log(), ...upperForm },
  "log ½ (1 + erf(x/√2))": { build: (x) => x.div(SQRT2).erf().add(1).mul(0.5).log(), value: logCdf, slope: mills },
  "log ½ (1 − erf(x/√2))": { build: (x) => one.sub(x.div(SQRT2).erf()).mul(0.5).log(), ...upperForm },
  "log(Φ(x + 1) − Φ(x))": {
    build: (x) => x.add(1).normalCdf().sub(x.normalCdf()).log(),
    value: (x) =>
      x < 0 ? logCdf(x + 1) + log1mExp(logCdf(x) - logCdf(x + 1)) : logCdf(-x) + log1mExp(logCdf(-x - 1) - logCdf(-x)),
    slope: (x) => {
      const size =
        x < 0
          ? logCdf(x + 1) + log1mExp(logCdf(x) - logCdf(x + 1))
          : logCdf(-x) + log1mExp(logCdf(-x - 1) - logCdf(-x));
      const density = (z: number): number => exp((-z * z) / 2 - log(2 * PI) / 2 - size);
      return density(x + 1) - density(x);
    },
    above: -30,
    below: 100,
  },
  "log(σ(x + 2) − σ(x))": {
    build: (x) => x.add(2).sigmoid().sub(x.sigmoid()).log(),
    value: (x) => logSigmoid(x + 2) + logSigmoid(-x) + log1mExp(-2),
    slope: (x) => sigmoid(-x - 2) - sigmoid(x),
  },
  "log(1 − ρ²), ρ = −1 + 2σ": {
    build: (x) => one.sub(x.sigmoid().mul(2).add(-1).square()).log(),
    value: (x) => 2 * LN2 + logSigmoid(x) + logSigmoid(-x),
    slope: (x) => sigmoid(-x) - sigmoid(x),
  },
  "√(1 − ρ²), ρ = −1 + 2σ": {
    build: (x) => x.sigmoid().mul(2).sub(1).square().neg().add(1).sqrt(),
    value: (x) => 2 * exp((logSigmoid(x) + logSigmoid(-x)) / 2),
    slope: (x) => exp((logSigmoid(x) + logSigmoid(-x)) / 2) * (sigmoid(-x) - sigmoid(x)),
  },
  "√(1 − tanh²)": {
    build: (x) => one.sub(x.tanh().square()).sqrt(),
    value: (x) => 2 * exp((logSigmoid(2 * x) + logSigmoid(-2 * x)) / 2),
    slope: (x) => 2 * exp((logSigmoid(2 * x) + logSigmoid(-2 * x)) / 2) * (sigmoid(-2 * x) - sigmoid(2 * x)),
  },
  "log(1 − (0.9σ + 0.1))": {
    build: (x) => one.sub(x.sigmoid().mul(0.9).add(0.1)).log(),
    value: (x) => log(0.9) + logSigmoid(-x),
    slope: (x) => -sigmoid(x),
  },
  "log(1 − (θ + (1 − θ) q))": {
    build: (x) => one.sub(x.sigmoid().add(one.sub(x.sigmoid()).mul(x.mul(0.5).sigmoid()))).log(),
    value: (x) => logSigmoid(-x) + logSigmoid(-x / 2),
    slope: (x) => -sigmoid(x) - sigmoid(x / 2) / 2,
  },
  "log(a/(a + b))": {
    build: (x) =>
      x
        .exp()
        .div(x.exp().add(x.mul(0.5).exp()))
        .log(),
    value: (x) => logSigmoid(x / 2),
    slope: (x) => sigmoid(-x / 2) / 2,
  },
  "log(1 − a/(a + b))": {
    build: (x) => one.sub(x.exp().div(x.exp().add(x.mul(0.5).exp()))).log(),
    value: (x) => logSigmoid(-x / 2),
    slope: (x) => -sigmoid(x / 2) / 2,
  },
  "eˣ − 1": { build: (x) => x.mul(0.1).exp().sub(1), value: (x) => expm1(x / 10), slope: (x) => exp(x / 10) / 10 },
  "log(1 − tanh)": {
    build: (x) => x.tanh().neg().log1p(),
    value: (x) => LN2 + logSigmoid(-2 * x),
    slope: (x) => -2 * sigmoid(2 * x),
  },
  "log(1 + tanh)": {
    build: (x) => x.tanh().add(1).log(),
    value: (x) => LN2 + logSigmoid(2 * x),
    slope: (x) => 2 * sigmoid(-2 * x),
  },
  "log(1 − tanh²)": {
    build: (x) => one.sub(x.tanh().square()).log(),
    value: (x) => 2 * LN2 + logSigmoid(2 * x) + logSigmoid(-2 * x),
    slope: (x) => 2 * sigmoid(-2 * x) - 2 * sigmoid(2 * x),
  },
  "√x²": { build: (x) => x.square().sqrt(), value: abs, slope: Math.sign },
  "√pow(x, 2)": { build: (x) => x.pow(2).sqrt(), value: abs, slope: Math.sign },
  "√eˣ": { build: (x) => x.mul(0.1).exp().sqrt(), value: (x) => exp(x / 20), slope: (x) => exp(x / 20) / 20 },
  "log x²": { build: (x) => x.square().log(), value: (x) => 2 * log(x), slope: (x) => 2 / x, above: 0 },
  "log Σ exp": {
    build: (x) =>
      stack([x, x.mul(0.5)])
        .exp()
        .sum(0)
        .log(),
    value: (x) => x / 2 + softplus(x / 2),
    slope: (x) => 0.5 + sigmoid(x / 2) / 2,
  },
  "log(eˣ + e^½x)": {
    build: (x) => x.exp().add(x.mul(0.5).exp()).log(),
    value: (x) => x / 2 + softplus(x / 2),
    slope: (x) => 0.5 + sigmoid(x / 2) / 2,
  },
  "a mixture's density": {
    build: (x) => x.sigmoid().mul(x.exp()).add(one.sub(x.sigmoid()).mul(x.neg().exp())).log(),
    value: (x) => {
      const [a, b] = [logSigmoid(x) + x, logSigmoid(-x) - x];
      return max(a, b) + log1p(exp(-abs(a - b)));
    },
    slope: (x) => {
      const [a, b] = [logSigmoid(x) + x, logSigmoid(-x) - x];
      return sigmoid(a - b) * (sigmoid(-x) + 1) + sigmoid(b - a) * (-sigmoid(x) - 1);
    },
  },
};

const points = [...[0, 0.125, 1, 2.5, 7, 14, 15, 16.75, 20, 40, 80, 300, 800].flatMap((x) => [x, -x])];

/** Forms that would lose their digits have them, and their slopes, however far out. */
export function stableLaws(name: string, makeEngine: () => Engine, precision: Precision): void {
  describe(`${name}, ${precision}: forms that lose their digits`, () => {
    it.each(Object.entries(forms))(
      "%s",
      async (title, { build, value, slope, above = -Infinity, below = Infinity }) => {
        const at = points.filter((x) => x > above && x < below);
        const x = input("x", { dtype: "float", shape: [at.length] });
        const [dx] = gradient(build(x).sum(), [x]);
        const source = program(title, { value: build(x), slope: dx! }, [x]);
        const found = await outputsOf(makeEngine(), source, { x: at }, precision, 1);
        // A logarithm near 1 has the absolute error of its argument. What is less than the smallest numbers is 0.
        const [relative, absolute] = precision === "float32" ? [4e-6, 3e-7] : [2e-13, 1e-15];
        at.forEach((point, i) => {
          for (const [what, expected] of [
            ["value", value(point)],
            ["slope", slope(point)],
          ] as const) {
            const actual = found[what]![i]!;
            const isNear = Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
            expect(isNear, `${what} of ${title} at ${point}: ${actual}, expected ${expected}`).toBe(true);
          }
        });
      },
    );
  });
}
