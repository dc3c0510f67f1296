import { describe, expect, it } from "vitest";
import { gradient } from "../../src/graph/autodiff.ts";
import { constant, input, loop, type Node } from "../../src/graph/node.ts";
import { print } from "../../src/graph/print.ts";
import { type Program, program } from "../../src/graph/program.ts";
import { simplify } from "../../src/graph/simplify.ts";

/** Built anew for each test: listings do not depend on what was built before. */
function logistic(): Program {
  const z = input("z", { dtype: "float", shape: [7] });
  const matrix = constant(
    Array.from({ length: 12 }, (_, i) => Math.fround(Math.sin(i))),
    [4, 3],
  );
  const observed = constant([0, 1, 1, 0]);
  const [tau, lambda, beta] = [z.at(0).exp(), z.slice(1, 4).exp(), z.slice(4, 7)];
  const logits = matrix.matvec(tau.mul(lambda).mul(beta));
  const prior = z.slice(0, 4).mul(0.5).sub(z.slice(0, 4).exp().mul(0.5)).sum().sub(beta.square().sum().mul(0.5));
  const density = observed.mul(logits).sub(logits.softplus()).sum().add(prior);
  return program("logistic", { density, gradient: gradient(density, [z])[0]! });
}

function everything(): Program {
  const x = input("x", { dtype: "float", shape: [2, 3] });
  const count = input("count", { dtype: "int32", shape: [], shared: true });
  const bits = input("bits", { dtype: "uint32", shape: [], shared: true });
  const turned = loop(count, { x: x.sum(1), n: bits }, (outer, i) => {
    const inner = loop(i, { y: outer.x }, (c, j) => ({ y: c.y.mul(x.at(0).slice(0, 2)).add(j.toFloat()) }));
    return { x: inner.y.transpose([0]), n: outer.n.shiftLeft(3).xor(7) };
  });
  const edges = constant([-0, Number.NaN, Number.POSITIVE_INFINITY, 1e-300, 0.1]);
  const outputs: Record<string, Node> = { x: turned.x, n: turned.n, edges, yes: constant([1, 0], [2], "bool") };
  return program("everything", outputs, [bits]);
}

describe("listings", () => {
  it("of a density and its gradient, as built", () =>
    expect(print(logistic())).toMatchFileSnapshot("golden/logistic.txt"));
  it("of a density and its gradient, simplified", () =>
    expect(print(simplify(logistic()))).toMatchFileSnapshot("golden/logistic-simplified.txt"));
  it("of loops in loops, attributes and odd constants", () =>
    expect(print(everything())).toMatchFileSnapshot("golden/everything.txt"));
});
