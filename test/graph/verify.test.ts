import { describe, expect, it } from "vitest";
import { constant, input, loop, make, Node, parameter } from "../../src/graph/node.ts";
import { type Program, program } from "../../src/graph/program.ts";
import { rewrite } from "../../src/graph/rewrite.ts";
import { verify } from "../../src/graph/verify.ts";

const x = input("x", { dtype: "float", shape: [3] });
const of = (node: Node): Program => program("bad", { out: node });
const int = { dtype: "int32", shape: [] } as const;

describe("verify", () => {
  it("accepts what is well formed", () => {
    const turned = loop(constant(2, [], "int32"), { a: x }, (c, i) => ({ a: c.a.add(i.toFloat()) })).a;
    expect(() => verify(of(turned.add(1)))).not.toThrow();
  });
  it("names the node as the listing shows it", () => {
    const bad = new Node("add", [x, x], {}, { dtype: "float", shape: [4] }, false);
    expect(() => verify(of(bad))).toThrow(
      "Program bad is not well formed: its op gives float[3], at\n  %1 = add %0 %0 : float[4]",
    );
  });
  it.each<readonly [string, Program, RegExp]>([
    ["constants of another length", of(constant([1, 2, 3], [2])), /takes 2 values, not 3/],
    ["a wrong mark of sharing", of(new Node("neg", [x], {}, x, true)), /must not be shared/],
    ["an index outside", of(x.gather(constant([0, 3], [2], "int32"))), /index 3 lies outside 0 to 2/],
    ["a shift of 40 bits", of(input("u", { dtype: "uint32", shape: [] }).shiftLeft(40)), /0 to 32 bits/],
    ["a carried value of no loop", of(new Node("carried", [x], { index: 0 }, x, false)), /no loop carries/],
    ["nodes in a wrong order", { ...of(x.exp()), nodes: [...of(x.exp()).nodes].reverse() }, /no value here|not among/],
    ["an output that is not listed", { ...of(x), outputs: { out: x.exp() } }, /output out is not among its nodes/],
    ["a table without an input", { ...of(x), inputs: {} }, /another node in the table/],
    ["a table with another input", { ...of(x), inputs: { x, y: x } }, /under y/],
  ])("refuses %s", (_title, bad, message) => expect(() => verify(bad)).toThrow(message));
  it("refuses regions that do not fit", () => {
    const count = constant(2, [], "int32");
    const index = parameter(0, int, true);
    const carried = parameter(1, x, false);
    const looped = (parameters: readonly Node[], results: readonly Node[]): Node =>
      make("carried", [make("loop", [count, x], { region: { parameters, results } })], { index: 0 });
    expect(() => verify(of(looped([index, carried], [carried])))).not.toThrow();
    expect(() => verify(of(looped([index], [x])))).toThrow(/carries 1 values but its body takes 0/);
    expect(() => verify(of(looped([index, parameter(2, x, false)], [x])))).toThrow(/parameter 1 of its body must be/);
    expect(() => verify(of(looped([parameter(0, int, false), carried], [x])))).toThrow(/parameter 0/);
    const twice = looped([index, carried], [carried.exp()]).add(looped([index, carried], [carried.neg()]));
    expect(() => verify(of(twice))).toThrow(/belongs to another loop too/);
    const stray = looped([index, carried], [parameter(1, x, false)]);
    expect(() => verify(of(stray))).toThrow();
  });
});

describe("rewrite", () => {
  it("keeps the nodes where nothing is replaced", () => {
    const source = of(x.exp().sum());
    expect(rewrite(source, (node) => node).outputs["out"]).toBe(source.outputs["out"]);
  });
  it("replaces inside loops, and refuses another type", () => {
    const turned = loop(constant(2, [], "int32"), { a: x }, (c) => ({ a: c.a.exp() })).a;
    const done = rewrite(of(turned), (node) => (node.op === "exp" ? node.inputs[0]!.neg() : node));
    expect(() => verify(done)).not.toThrow();
    expect(() => rewrite(of(x.exp()), (node) => (node.op === "exp" ? node.sum() : node))).toThrow(
      "A pass replaced a exp of float[3] by a sum of float[].",
    );
  });
});
