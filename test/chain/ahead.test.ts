import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { BatchEvent, BatchSettings } from "../../src/chain/batch.ts";
import { type RunBatchOptions, runBatch } from "../../src/chain/runBatch.ts";
import type { Engine, Kernel } from "../../src/engine/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { analytic } from "../models/analytic.ts";

const model = analytic["banana_haario_2"]!();

const settings: BatchSettings = {
  batch: 0,
  firstChain: 0,
  chains: 4,
  seed: "3",
  warmup: 40,
  draws: 45,
  block: 10,
  precision: "float64",
  sampler: { name: "chees", metric: "diagonal", target_acceptance: 0.6, max_steps: 20 },
  init: { uniform: 1 },
  keepWarmup: true,
  keepUnconstrained: false,
};

interface Overlapping {
  readonly engine: Engine;
  /** What happened, in order. */
  readonly log: string[];
}

/** An engine whose records are copied when they are asked for, as those of a device are. @param fails the call that does */
function overlapping(fails = Number.POSITIVE_INFINITY): Overlapping {
  const log: string[] = [];
  const compile: Engine["compile"] = async (program, options) => {
    const kernel = await wasmEngine().compile(program, options);
    let calls = 0;
    let seconds = { kernel: 0, transfer: 0 };
    const advance: Kernel["advance"] = async (iterations, schedule) => {
      const call = ++calls;
      log.push(`run ${call}`);
      const recorded = await kernel.run(iterations, schedule);
      for (let i = 0; i < 5; i++) await setImmediate();
      log.push(`end ${call}`);
      seconds = { ...seconds, kernel: seconds.kernel + 1 };
      if (call === fails) throw new Error("the device is gone");
      return {
        recorded: async () => {
          log.push(`copy ${call}`);
          seconds = { ...seconds, transfer: seconds.transfer + 0.25 };
          return recorded;
        },
      };
    };
    return {
      advance,
      get seconds() {
        return seconds;
      },
      write: (name, values) => kernel.write(name, values),
      read: (name) => kernel.read(name),
      run: (iterations, schedule) => kernel.run(iterations, schedule),
      dispose: () => {
        log.push("dispose");
        kernel.dispose();
      },
    };
  };
  return { engine: { name: "overlapping", probe: () => wasmEngine().probe(), compile }, log };
}

async function events(engine: Engine, options: RunBatchOptions = {}): Promise<BatchEvent[]> {
  const all: BatchEvent[] = [];
  for await (const event of runBatch(model, engine, settings, options)) all.push(event);
  return all;
}

const untimed = (all: readonly BatchEvent[]): unknown[] =>
  all.map((event) => ("seconds" in event ? { ...event, seconds: undefined } : event));

/** Draws that were told. */
const drawn = (all: readonly BatchEvent[]): number =>
  all.reduce((sum, event) => sum + (event.kind === "block" && event.phase === "sampling" ? event.block.draws : 0), 0);

describe("with an engine that copies while it computes", () => {
  test("a block is begun before the records of the one before are copied, and not more than one", async () => {
    const { engine, log } = overlapping();
    await events(engine);
    expect(log.slice(log.indexOf("run 1"))).toEqual([
      ...["run 1", "end 1"],
      ...[1, 2, 3, 4].flatMap((n) => [`run ${n + 1}`, `copy ${n}`, `end ${n + 1}`]),
      ...["copy 5", "dispose"],
    ]);
  });

  test("every draw and every position is what it is without", async () => {
    expect(untimed(await events(overlapping().engine))).toEqual(untimed(await events(wasmEngine())));
  });

  test("it goes on from each of its positions", async () => {
    const whole = await events(wasmEngine());
    const positions = whole.flatMap((event) => (event.kind === "checkpoint" ? [event.position] : []));
    const last = (all: readonly BatchEvent[]) => all.findLast(({ kind }) => kind === "checkpoint");
    for (const resume of positions.slice(0, -1)) {
      const rest = await events(overlapping().engine, { resume });
      expect(untimed([last(rest)!])).toEqual(untimed([last(whole)!]));
    }
  });

  test("when it is stopped, the block that was begun is told with its position, and no other is begun", async () => {
    const { engine, log } = overlapping();
    const all: BatchEvent[] = [];
    for await (const event of runBatch(model, engine, settings, { shouldStop: () => drawn(all) > 0 })) all.push(event);
    expect(drawn(all)).toBe(20);
    expect(all.at(-1)).toMatchObject({ kind: "checkpoint", position: { iteration: 60 } });
    expect(log.slice(-3)).toEqual(["end 2", "copy 2", "dispose"]);
  });

  test("when a block fails, those before it are told with their positions first", async () => {
    const { engine, log } = overlapping(3);
    const all: BatchEvent[] = [];
    const run = async (): Promise<void> => {
      for await (const event of runBatch(model, engine, settings)) all.push(event);
    };
    await expect(run()).rejects.toThrow("the device is gone");
    expect(drawn(all)).toBe(20);
    expect(all.at(-1)).toMatchObject({ kind: "checkpoint", position: { iteration: 60 } });
    expect(log.at(-1)).toBe("dispose");
  });

  test("whoever leaves early leaves no call behind", async () => {
    const { engine, log } = overlapping();
    for await (const event of runBatch(model, engine, settings)) if (event.kind === "block" && drawn([event])) break;
    expect(log.slice(-4)).toEqual(["run 2", "copy 1", "end 2", "dispose"]);
  });
});

test("the time of kernels and of transfers is told apart; an engine that does not tell has kernels only", async () => {
  const own = (await events(overlapping().engine)).at(-1);
  expect(own).toMatchObject({ kind: "done", seconds: { kernel: 5, transfer: 1.25 } });
  const all = await events(wasmEngine());
  const done = all.at(-1)!;
  if (done.kind !== "done") throw new Error("it is not done");
  expect(done.seconds.kernel).toBeGreaterThan(0);
  expect(done.seconds.transfer).toBe(0);
  const laps = all.flatMap((event) => (event.kind === "checkpoint" ? [event.seconds!.kernel] : []));
  expect(laps.reduce((a, b) => a + b)).toBeLessThanOrEqual(done.seconds.kernel! * (1 + 1e-9));
});
