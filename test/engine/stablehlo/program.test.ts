import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type PrintOptions, printProgram } from "../../../src/engine/stablehlo/index.ts";
import { EngineError } from "../../../src/errors.ts";
import { constant, input, loop } from "../../../src/graph/node.ts";
import { type Program, program } from "../../../src/graph/program.ts";
import { bind } from "../../../src/model/bind.ts";
import { shippedModel } from "../../../src/models/registry.ts";
import { densityProgram, hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";

const float32: PrintOptions = { precision: "float32", chains: 4, iterations: 8 };

/** Long data as its length and hash. */
function withoutData(text: string): string {
  return text.replace(/"0x([0-9A-F]{200,})"/g, (_all, digits: string) => {
    const hash = createHash("sha256").update(digits).digest("hex").slice(0, 16);
    return `"0x… (${digits.length / 2} bytes, sha256 ${hash}…)"`;
  });
}

function lines(source: Program, options: PrintOptions = float32): string {
  return printProgram(source, options).text;
}

describe("the printed text", () => {
  it("of a transition of the funnel in float32", async () => {
    const { program: source, roles } = hmcProgram(bind(shippedModel("funnel").create()), { recordPosition: false });
    await expect(lines(source, { ...float32, ...roles })).toMatchFileSnapshot("golden/funnel-hmc.mlir");
  });

  it("of the main job's density in float64", async () => {
    const { data, names } = breastCancer();
    const made = shippedModel("sparse-logistic-regression").create();
    const source = densityProgram(bind(made, { data, coordinates: { feature: names } }));
    const text = lines(source, { precision: "float64", chains: 64, iterations: 1 });
    await expect(withoutData(text)).toMatchFileSnapshot("golden/breast-cancer-density.mlir");
  });

  it("is the same each time", () => {
    const make = (): string => lines(densityProgram(bind(shippedModel("funnel").create())));
    expect(make()).toBe(make());
  });

  it("uses plain ops of StableHLO alone", () => {
    const { program: source, roles } = hmcProgram(bind(shippedModel("funnel").create()), { recordPosition: true });
    const used = new Set(lines(source, { ...float32, ...roles }).match(/\b(stablehlo|chlo|mhlo|func)\.[a-z_]+/g));
    expect([...used].filter((op) => /chlo|mhlo|custom_call|rng/.test(op))).toEqual([]);
    expect(used.has("stablehlo.while")).toBe(true);
  });
});

describe("ports", () => {
  const x = input("x", { dtype: "float", shape: [3] });
  const scale = input("scale", { dtype: "float", shape: [], shared: true });
  const key = input("key", { dtype: "uint32", shape: [2] });
  const source = program("ports", { next: x.mul(scale), large: x.sum(), isUp: x.at(0).gt(0), key }, [x, scale, key]);
  const options: PrintOptions = {
    ...float32,
    ...{ carried: { next: "x" }, scheduled: ["scale"], recorded: ["large", "isUp"] },
  };

  it("name what main takes and gives, in order", () => {
    const { inputs, outputs } = printProgram(source, options);
    expect(inputs).toEqual([
      { role: "count", name: "count", dtype: "int32", shape: [] },
      { role: "input", name: "x", dtype: "float32", shape: [4, 3] },
      { role: "schedule", name: "scale", dtype: "float32", shape: [8] },
      { role: "input", name: "key", dtype: "uint32", shape: [4, 2] },
    ]);
    expect(outputs).toEqual([
      { role: "output", name: "next", dtype: "float32", shape: [4, 3] },
      { role: "output", name: "large", dtype: "float32", shape: [4] },
      { role: "output", name: "isUp", dtype: "bool", shape: [4] },
      { role: "output", name: "key", dtype: "uint32", shape: [4, 2] },
      { role: "record", name: "large", dtype: "float32", shape: [8, 4] },
      { role: "record", name: "isUp", dtype: "bool", shape: [8, 4] },
    ]);
  });

  it("follow the precision and the chains", () => {
    const { inputs, outputs } = printProgram(source, { ...options, precision: "float64", chains: 7 });
    expect(inputs[1]).toEqual({ role: "input", name: "x", dtype: "float64", shape: [7, 3] });
    expect(outputs[4]).toEqual({ role: "record", name: "large", dtype: "float64", shape: [8, 7] });
  });

  it("hold large constants", () => {
    const data = Array.from({ length: 300 }, (_, i) => Math.sin(i));
    const made = program("constants", { y: constant(data, [100, 3]).matvec(x), z: x.add(1) });
    const { inputs, text } = printProgram(made, { ...float32, constantBytes: 1000 });
    expect(inputs.map(({ role, name, shape }) => [role, name, shape])).toEqual([
      ["count", "count", []],
      ["input", "x", [4, 3]],
      ["constant", "constant 0", [100, 3]],
    ]);
    expect(Array.from(inputs[2]!.data!)).toEqual(data);
    expect(text).not.toContain('"0x');
  });

  it("refuses roles that do not fit", () => {
    expect(() => printProgram(source, { ...options, recorded: ["nonesuch"] })).toThrow(EngineError);
    expect(() => printProgram(source, { ...options, chains: 0 })).toThrow(EngineError);
  });
});

describe("shapes and constants", () => {
  const s = input("s", { dtype: "float", shape: [], shared: true });
  const x = input("x", { dtype: "float", shape: [2] });

  it("give per-chain values a leading axis, and shared values none", () => {
    const text = lines(program("mixed", { y: x.mul(s), t: s.mul(s) }));
    expect(text).toContain(
      "stablehlo.multiply %1, %1 : tensor<f32>".replaceAll("%1", text.match(/(%\d+): tensor<f32>/)![1]!),
    );
    expect(text).toMatch(/stablehlo.multiply .* : tensor<4x2xf32>/);
  });

  it.each([
    [0.1, "float32", "dense<0.10000000149011612>"],
    [0.1, "float64", "dense<0.1>"],
    [1e300, "float32", "dense<0x7F800000>"],
    [Number.NEGATIVE_INFINITY, "float64", "dense<0xFFF0000000000000>"],
    [Number.NaN, "float32", "dense<0x7FC00000>"],
    [-0, "float64", "dense<-0.0>"],
    [1e-7, "float64", "dense<1.0e-7>"],
    [3, "float32", "dense<3.0>"],
  ] as const)("%s in %s is %s", (value, precision, expected) => {
    const text = lines(program("one", { y: constant(value) }), { ...float32, precision });
    expect(text).toContain(`stablehlo.constant ${expected} : tensor<${precision === "float32" ? "f32" : "f64"}>`);
  });

  it("write short vectors as numbers, long ones as the bytes of their elements, low byte first", () => {
    const text = lines(
      program("vectors", {
        short: constant([1, -2], [2], "int32"),
        long: constant([...new Array(8).fill(0), 258], [9], "int32"),
        matrix: constant([1, 2], [1, 2]),
        bools: constant([1, 0], [2, 1], "bool"),
        none: constant([], [0]),
      }),
    );
    expect(text).toContain("dense<[1, -2]> : tensor<2xi32>");
    expect(text).toContain(`dense<"0x${"00".repeat(32)}02010000"> : tensor<9xi32>`);
    expect(text).toContain('dense<"0x0000803F00000040"> : tensor<1x2xf32>');
    expect(text).toContain("dense<[[true], [false]]> : tensor<2x1xi1>");
    expect(text).toContain("dense<> : tensor<0xf32>");
  });

  it("write what no iteration changes once, before the loop over iterations", () => {
    const text = lines(program("fixed", { y: loop(constant(3, [], "int32"), { x }, (c) => ({ x: c.x.exp() })).x }));
    expect(text.indexOf("func.call @exp")).toBeLessThan(text.lastIndexOf("stablehlo.while"));
    const moving = program("moving", { y: x.exp() });
    const carried = lines(moving, { ...float32, carried: { y: "x" } });
    expect(carried.indexOf("func.call @exp")).toBeGreaterThan(carried.indexOf("stablehlo.while"));
  });
});
