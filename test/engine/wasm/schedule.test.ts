import { describe, expect, it } from "vitest";
import { printSchedule } from "../../../src/engine/wasm/print.ts";
import { planFor, type Schedule, schedule } from "../../../src/engine/wasm/schedule.ts";
import { gradient } from "../../../src/graph/autodiff.ts";
import { concat, constant, input, loop, type Node } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { simplify } from "../../../src/graph/simplify.ts";
import { bind } from "../../../src/model/bind.ts";
import { shippedModel } from "../../../src/models/registry.ts";
import { hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";

const vector = (name: string, n: number): Node => input(name, { dtype: "float", shape: [n] });
const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(i));

function scheduleOf(outputs: Readonly<Record<string, Node>>): Schedule {
  const source = simplify(program("p", outputs));
  return schedule(source.nodes, Object.values(source.outputs), planFor(new Set()));
}

/** `loop 5: map+product`, `nest concat`, `region [ … ]`. */
function shape({ steps }: Schedule): string[] {
  return steps.map((step) => {
    if (step.kind === "nest") return `nest ${step.node.op}`;
    if (step.kind === "region") return `region [${shape(step.body).join("; ")}]`;
    return `loop ${step.length}: ${step.stages.map((stage) => stage.kind).join(" + ")}`;
  });
}

describe("scheduling", () => {
  it("fuses what runs over one index into one loop", () => {
    const x = vector("x", 5);
    expect(shape(scheduleOf({ y: x.exp().add(x.mul(2)), s: x.exp().sum() }))).toEqual(["loop 5: map"]);
  });

  it("makes one pass over the data: product, residual, transposed product", () => {
    const matrix = constant(ramp(200), [100, 2]);
    const beta = vector("beta", 2);
    const logits = matrix.matvec(beta);
    const density = constant(ramp(100)).mul(logits).sub(logits.softplus()).sum();
    const steps = shape(scheduleOf({ g: gradient(density, [beta])[0]! }));
    expect(steps).toEqual(["loop 100: product + map + transposedProduct"]);
  });

  it("makes one pass also where a number that both need is written down between product and residual", () => {
    const matrix = constant(ramp(200), [100, 2]);
    const [beta, logScale] = [vector("beta", 2), vector("logScale", 1)];
    const residual = matrix.matvec(beta).sub(constant(ramp(100)));
    const density = residual.div(logScale.sum().exp()).square().sum().mul(-0.5).sub(logScale.sum().mul(100));
    const [g, h] = gradient(density, [beta, logScale]);
    const steps = shape(scheduleOf({ density, g: g!, h: h! }));
    expect(steps).toEqual(["loop 1: map", "loop 100: product + map + transposedProduct", "loop 1: map"]);
  });

  it("does not put a sum and what needs it into one loop", () => {
    const x = vector("x", 5);
    expect(shape(scheduleOf({ y: x.sub(x.sum()) }))).toEqual(["loop 5: map", "loop 5: map"]);
  });

  it("keeps different lengths apart, and scalars once", () => {
    const x = vector("x", 5);
    const z = vector("z", 3);
    expect(shape(scheduleOf({ y: x.exp(), w: z.exp(), s: z.sum().exp() }))).toEqual([
      "loop 5: map",
      "loop 3: map",
      "loop 1: map",
    ]);
  });

  it("reads views where they lie: slices, reshapes and repeated scalars cost no step", () => {
    const x = vector("x", 6);
    const y = x.slice(0, 3).mul(x.slice(3, 6)).mul(x.at(0)).reshape([3, 1]);
    expect(shape(scheduleOf({ y }))).toEqual(["loop 3: map"]);
  });

  it("moves elements where a view is not a run of them", () => {
    const x = input("x", { dtype: "float", shape: [2, 3] });
    expect(shape(scheduleOf({ y: x.transpose().exp() }))).toEqual(["nest transpose", "loop 6: map"]);
    expect(shape(scheduleOf({ y: concat([x.exp(), x], 0) }))).toEqual(["loop 6: map", "nest concat"]);
  });

  it("copies what a product reads in order before anything else reads the copy", () => {
    const shared = input("shared", { dtype: "float", shape: [3], shared: true });
    const product = constant(ramp(6), [2, 3]).matvec(shared);
    const steps = shape(scheduleOf({ sum: shared.mul(vector("w", 3)).sum(), product }));
    expect(steps).toEqual(["nest input", "loop 3: map", "loop 2: product"]);
  });

  it("schedules a loop's body by itself, and what does not change outside of it", () => {
    const x = vector("x", 4);
    const turned = loop(constant(3, [], "int32"), { x }, (c) => ({ x: c.x.mul(x.exp()) }));
    expect(shape(scheduleOf({ y: turned.x }))).toEqual(["loop 4: map", "region [loop 4: map]"]);
  });
});

describe("the main job's kernel", () => {
  it("is scheduled as the listing says", async () => {
    const model = bind(shippedModel("sparse-logistic-regression").create(), { data: breastCancer().data });
    const { program: source } = hmcProgram(model, { recordPosition: false });
    await expect(printSchedule(simplify(source), "float32")).toMatchFileSnapshot("golden/breast-cancer-hmc.txt");
  });
});
