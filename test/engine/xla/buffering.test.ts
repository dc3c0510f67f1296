import { afterEach, expect, it, vi } from "vitest";
import { Client } from "../../../src/engine/xla/client.ts";
import { xlaEngine } from "../../../src/engine/xla/engine.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { describeWithPlugin } from "./plugin.ts";

const x = input("x", { dtype: "float", shape: [5] });
const rate = input("rate", { dtype: "float", shape: [], shared: true });
const walk = program("walk", { next: x.mul(rate).add(x.exp().sum().tanh()), seen: x.sum(), all: x.sigmoid() });
const roles = { carried: { next: "x" }, scheduled: ["rate"], recorded: ["seen", "all"] } as const;
const iterations = 11;

/** The records of a block that is cut into calls of so many bytes of records. */
async function block(recordBytes: number): Promise<unknown> {
  const kernel = await xlaEngine({ cache: null, recordBytes }).compile(walk, {
    ...roles,
    precision: "float64",
    chains: 3,
  });
  kernel.write(
    "x",
    Float64Array.from({ length: 15 }, (_, i) => Math.sin(i)),
  );
  const recorded = await kernel.run(iterations, { rate: Array.from({ length: iterations }, (_, i) => 1 / (i + 1)) });
  const last = await kernel.read("x");
  kernel.dispose();
  return { recorded, last };
}

describeWithPlugin("xla: a block in several calls", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("has the same bits, however it is cut", async () => {
    const whole = await block(2 ** 19);
    // 144 bytes an iteration for each of 3 chains.
    for (const recordBytes of [1, 300, 1000]) expect(await block(recordBytes)).toEqual(whole);
  });

  it("copies the records of a call while the next one runs", async () => {
    const order: string[] = [];
    const { execute, download } = Client.prototype;
    vi.spyOn(Client.prototype, "execute").mockImplementation(function (this: Client, ...given) {
      order.push("run");
      return execute.apply(this, given);
    });
    vi.spyOn(Client.prototype, "download").mockImplementation(function (this: Client, ...given) {
      order.push("copy");
      return download.apply(this, given);
    });
    await block(1);
    // Two records a call, none of them before the next call was started; then the state that `read` asks for.
    const turn = ["run", "copy", "copy"];
    expect(order).toEqual([
      "run",
      ...Array.from({ length: iterations - 1 }, () => turn).flat(),
      "copy",
      "copy",
      "copy",
    ]);
  });
});
