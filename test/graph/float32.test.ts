import { expect, test } from "vitest";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { interpretFloat32 } from "../../src/graph/float32.ts";
import { environment } from "../../src/graph/interpret.ts";
import { constant, input, type Node } from "../../src/graph/node.ts";
import { program } from "../../src/graph/program.ts";

const numbers = Float64Array.from({ length: 40 }, (_, i) => Math.sin(7 * i + 1) * 10 ** (i % 5));

/** [the value, the largest error that a rounding more or less may make] */
const values: Readonly<Record<string, (z: Node) => Node>> = {
  "sums step by step": (z) => z.mul(constant(numbers)).sum(),
  "products of matrices": (z) => constant(numbers.slice(0, 40), [1, 40]).matvec(z).at(0),
  "differences of large numbers": (z) => z.add(1e6).sub(1e6).sum(),
  "what lies below a half of the last place": (z) => z.at(0).mul(0).add(1).add(1e-10).sub(1),
};

test.each(Object.entries(values))("%s are as the wasm engine has them in float32", async (_, build) => {
  const z = input("z", { dtype: "float", shape: [40] });
  const value = build(z);
  const { nodes, ...made } = program("value", { value: value.perChain() }, [z]);
  const point = Float64Array.from(numbers, (x) => Math.fround(Math.cos(x)));
  const known = environment();
  known.values.set(z, point);
  for (const node of nodes) if (node !== z) interpretFloat32(node, known);
  const kernel = await wasmEngine().compile({ nodes, ...made }, { precision: "float32", chains: 1 });
  kernel.write("z", point);
  await kernel.run(1);
  const [found] = await kernel.read("value");
  const size = Math.max(1, Math.abs(found!));
  expect(Math.abs(known.values.get(value)![0]! - found!)).toBeLessThan(size * 2 ** -19);
});
