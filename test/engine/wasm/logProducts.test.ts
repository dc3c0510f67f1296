import { expect, test } from "vitest";
import { lower } from "../../../src/engine/wasm/lower.ts";
import { gradient } from "../../../src/graph/autodiff.ts";
import { constant, input, loop, type Node } from "../../../src/graph/node.ts";
import { type Program, program, regionNodes } from "../../../src/graph/program.ts";
import type { OpName } from "../../../src/graph/types.ts";

const vector = (name: string, size = 100): Node => input(name, { dtype: "float", shape: [size] });

/** How often each op is in a program, loops' bodies included. */
function count(source: Program, op: OpName): number {
  const within = (nodes: readonly Node[]): number =>
    nodes.reduce(
      (sum, node) =>
        sum + Number(node.op === op) + (node.is("loop") ? within(regionNodes(node.attributes.region).body) : 0),
      0,
    );
  return within(source.nodes);
}

test("a log likelihood with its gradient has one sigmoid, and one logarithm a block", () => {
  const [x, y] = [vector("x"), vector("y")];
  const lp = y.mul(x).sub(x.softplus()).sum();
  const lowered = lower(program("logistic", { lp, gradient: gradient(lp, [x])[0]! }, [x, y]));
  expect(["softplus", "sigmoid", "logProduct", "sum"].map((op) => count(lowered, op as OpName))).toEqual([0, 1, 1, 1]);
});

test("the sigmoid of −x does for x", () => {
  const x = vector("x");
  const lp = x.logSigmoid().sum();
  const lowered = lower(program("log sigmoid", { lp, gradient: gradient(lp, [x])[0]! }, [x]));
  expect(["logSigmoid", "sigmoid", "logProduct"].map((op) => count(lowered, op as OpName))).toEqual([0, 1, 1]);
});

test("also inside of loops, each turn's own", () => {
  const x = vector("x");
  const { total } = loop(constant(3, [], "int32"), { total: x.sum().mul(0) }, ({ total }) => ({
    total: total.add(x.mul(total).softplus().sum()),
  }));
  const lowered = lower(program("loop", { total }, [x]));
  expect(["softplus", "sigmoid", "logProduct"].map((op) => count(lowered, op as OpName))).toEqual([0, 1, 1]);
});

test.each([
  ["a few elements", (x: Node) => x.slice(0, 4).softplus().sum()],
  ["sums over some axes", (x: Node) => x.reshape([10, 10]).softplus().sum(0).exp().sum()],
  ["a product with something", (x: Node) => x.softplus().mul(x).sum()],
])("what stays as it is: %s", (_, build) => {
  const x = vector("x");
  const lowered = lower(program("as it is", { y: build(x) }, [x]));
  expect([count(lowered, "softplus"), count(lowered, "logProduct")]).toEqual([1, 0]);
});
