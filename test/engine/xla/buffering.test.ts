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

/** Lets clients say that they are of a platform from the first call on. @returns what is called, in order */
function pretend(platform: string): string[] {
  const order: string[] = [];
  const { execute } = Client.prototype;
  vi.spyOn(Client.prototype, "execute").mockImplementation(function (this: Client, ...given) {
    Object.assign(this, { platform });
    order.push("run");
    return execute.apply(this, given);
  });
  return order;
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

  it("computes the next block before the records of the last are asked for, with the same bits", async () => {
    const kernel = await xlaEngine({ cache: null, recordBytes: 300 }).compile(walk, {
      ...roles,
      precision: "float64",
      chains: 3,
    });
    const start = Float64Array.from({ length: 15 }, (_, i) => Math.sin(i));
    const rate = Array.from({ length: 5 }, (_, i) => 1 / (i + 1));
    kernel.write("x", start);
    const plain = [await kernel.run(5, { rate }), await kernel.run(5, { rate })];
    const last = await kernel.read("x");
    kernel.write("x", start);
    const first = await kernel.advance!(5, { rate });
    const second = kernel.advance!(5, { rate });
    expect([await first.recorded(), await (await second).recorded()]).toEqual(plain);
    expect(await kernel.read("x")).toEqual(last);
    const { kernel: computing, transfer } = kernel.seconds!;
    expect(computing).toBeGreaterThan(0);
    expect(transfer).toBeGreaterThan(0);
    kernel.dispose();
  });

  it("frees records that nobody asked for", async () => {
    pretend("cuda");
    const freed = vi.spyOn(Client.prototype, "freeBuffer");
    const kernel = await xlaEngine({ cache: null }).compile(walk, { ...roles, precision: "float64", chains: 3 });
    kernel.write("x", new Float64Array(15));
    await kernel.advance!(2, { rate: [1, 2] });
    const before = freed.mock.calls.length;
    kernel.dispose();
    // Three outputs, one of them the state, and two records.
    expect(freed.mock.calls.length - before).toBe(5);
  });

  /** The order of calls and copies, on a platform. */
  async function orderOn(platform: string): Promise<string[]> {
    const order = pretend(platform);
    const { download } = Client.prototype;
    vi.spyOn(Client.prototype, "download").mockImplementation(function (this: Client, ...given) {
      order.push("copy");
      return download.apply(this, given);
    });
    await block(1);
    return order;
  }

  it("copies the records of a call while the next one runs, where a device can do both", async () => {
    // Two records a call, none of them before the next call was started; then the state that `read` asks for.
    const turn = ["run", "copy", "copy"];
    expect(await orderOn("cuda")).toEqual([
      "run",
      ...Array.from({ length: iterations - 1 }, () => turn).flat(),
      ...["copy", "copy", "copy"],
    ]);
  });

  it("copies them before the next one on a processor, where they would wait for its end", async () => {
    const turn = ["run", "copy", "copy"];
    expect(await orderOn("cpu")).toEqual([...Array.from({ length: iterations }, () => turn).flat(), "copy"]);
  });
});
