import fc from "fast-check";
import { environment, interpret } from "../../src/graph/interpret.ts";
import { concat, constant, loop, type Node, stack } from "../../src/graph/node.ts";
import { inEvaluationOrder } from "../../src/graph/program.ts";
import type { ConstantData } from "../../src/graph/types.ts";

/** The value of a node, given its inputs' values by name: one chain. */
export function evaluated(node: Node, inputs: Readonly<Record<string, readonly number[]>>): ConstantData {
  const known = environment();
  for (const each of inEvaluationOrder([node]))
    if (each.is("input")) known.values.set(each, Float64Array.from(inputs[each.attributes.name]!));
    else interpret(each, known);
  return known.values.get(node)!;
}

const matrix = constant([0.5, -1, 2, 0.25, 1, 1, -0.5, 3, 0, 1.5, -2, 0.75], [4, 3]);
const indices = constant([2, 0, 2, 1], [4], "int32");

/** Smooth steps from three numbers to three numbers, tame enough for finite differences. */
const steps: readonly ((x: Node, y: Node) => Node)[] = [
  (x) => x.tanh(),
  (x) => x.sigmoid(),
  (x) => x.softplus().mul(0.5),
  (x) => x.logSigmoid().neg(),
  (x) => x.square().add(1).log(),
  (x) => x.square().mul(0.1).add(0.5).sqrt(),
  (x) => x.mul(0.3).exp().add(1).reciprocal(),
  (x) => x.tanh().expm1(),
  (x) => x.sigmoid().log1p(),
  (x) => x.erf(),
  (x) => x.normalCdf(),
  (x) => x.normalLogCdf().mul(0.3),
  (x) => x.softplus().neg().log1mExp().mul(0.3),
  (x) => x.tanh().expm1mx(),
  (x) => x.sigmoid().log1pmx(),
  (x) => x.sigmoid().add(0.5).stirlingRest(),
  (x) => x.sigmoid().add(0.5).lgamma(),
  (x) => x.tanh().mul(0.7).erfinv(),
  (x, y) => x.add(y).mul(0.5),
  (x, y) => x.sub(y.mul(0)).neg().neg(),
  (x, y) => x.mul(y.tanh()),
  (x, y) => x.div(y.square().add(1)),
  (x, y) => y.sigmoid().add(0.5).pow(x.tanh()),
  (x, y) => x.add(0).mul(1).sub(y.tanh().neg()),
  (x, y) => x.lt(100).select(x.mul(2), y.tanh()),
  (x) => matrix.transposedMatvec(matrix.matvec(x).tanh()).mul(0.2),
  (x) => x.gather(indices).square().scatterAdd(indices, 3).mul(0.1),
  (x, y) => concat([x.slice(1, 3), y.slice(0, 1)]),
  (x, y) => stack([x.at(2), x.at(0), y.at(1)]),
  (x, y) => stack([x, y]).sum(0),
  (x, y) => x.reshape([3, 1]).mul(y).sum(1).tanh(),
  (x, y) => x.reshape([3, 1]).mul(y).transpose().sum(1).tanh(),
  (x) => x.sub(x.logSumExp()),
  (x, y) => loop(constant(3, [], "int32"), { x, y }, (c) => ({ x: c.x.mul(0.5).add(c.y.tanh()), y: c.x })).y,
  (x) =>
    loop(constant(3, [], "int32"), { x }, (c, i) => ({
      x: c.x.mul(0.5).add(c.x.slice(0, 1).scatterAdd(i.neg().add(2).reshape([1]), 3)),
    })).x,
  (x) => x.sum().mul(0.2).broadcastTo([3]),
  (x) => x.mul(constant([0.5, -0.25, 1])).mul(2),
  (x) =>
    x
      .mul(3)
      .mul(0.25)
      .div(4)
      .add(constant([1, 2, 3]).exp().mul(0.1)),
];

/** A random expression of the inputs, as a list of choices; built anew for each set of inputs. */
export const recipe: fc.Arbitrary<readonly (readonly [number, number, number])[]> = fc.array(
  fc.tuple(fc.nat(steps.length - 1), fc.nat(1000), fc.nat(1000)),
  { minLength: 1, maxLength: 9 },
);

/** Three numbers, away from the kinks of nothing in particular. */
export const point: fc.Arbitrary<readonly number[]> = fc.tuple(
  ...[0, 1, 2].map(() => fc.double({ min: -2, max: 2, noNaN: true })),
);

/** Each step takes two values made before it; the result is the sum of the last. */
export function follow(choices: readonly (readonly [number, number, number])[], x: Node, y: Node): Node {
  const values = [x, y];
  for (const [step, a, b] of choices) values.push(steps[step]!(values.at(-1 - (a % 2))!, values[b % values.length]!));
  return values.at(-1)!.sum();
}

/** Steps whose value or slope is infinite or NaN for some numbers. */
const unsafe: readonly ((x: Node, y: Node) => Node)[] = [
  (x) => x.log(),
  (x) => x.sqrt(),
  (x) => x.reciprocal(),
  (x, y) => y.div(x.sub(x)),
  (x, y) => x.pow(y),
  (x) => x.lgamma(),
  (x) => x.log1p().mul(x),
  (x) => x.log().sub(x.neg().log1p()),
  (x) => x.mul(1e3).exp().sub(x.mul(1e3).exp()),
  (x) => matrix.transposedMatvec(matrix.matvec(x.log())),
  (x) => x.sqrt().gather(indices).log().scatterAdd(indices, 3),
  (x) => x.log().sum().broadcastTo([3]),
  (x, y) => concat([x.log().slice(1, 3), y.slice(0, 1)]),
  (x) => loop(constant(2, [], "int32"), { x }, (c) => ({ x: c.x.log() })).x,
  (x, y) => x.lt(y).select(x.log(), y.sqrt()),
];

/** What `follow` makes, and beside it a branch that is never taken, of an unsafe step or two of the same values. */
export function withUntaken(
  choices: readonly (readonly [number, number, number])[],
  x: Node,
  y: Node,
): { readonly safe: Node; readonly branching: Node } {
  const values = [x, y];
  const branches = [x, y];
  const extend = (made: Node[], step: number, a: number, b: number): Node =>
    steps[step]!(made.at(-1 - (a % 2))!, made[b % made.length]!);
  for (const [step, a, b] of choices) {
    values.push(extend(values, step, a, b));
    const [next, other] = [extend(branches, step, a, b), branches[b % branches.length]!];
    const risky = unsafe[a % unsafe.length]!(unsafe[b % unsafe.length]!(next, other), next);
    // No number is both below −9 and above 9.
    const never = x.lt(-9).and(x.gt(9));
    branches.push(b % 2 === 0 ? never.select(risky, next) : never.not().select(next, risky));
  }
  return { safe: values.at(-1)!.sum(), branching: branches.at(-1)!.sum() };
}
