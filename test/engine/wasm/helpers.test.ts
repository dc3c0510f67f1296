import { setTimeout as after } from "node:timers/promises";
import { afterAll, describe, expect, it, test, vi } from "vitest";
import type { BatchSettings, SamplerSettings } from "../../../src/chain/batch.ts";
import { runBatch } from "../../../src/chain/runBatch.ts";
import type { DrawBlock } from "../../../src/draws.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { CALLED, ENDED, IDLE } from "../../../src/engine/wasm/helper.ts";
import type { Helpers, HelperThread } from "../../../src/engine/wasm/team.ts";
import { chainsOfVector, vectorsSideBySide } from "../../../src/engine/wasm/vectors.ts";
import { WorkerError } from "../../../src/errors.ts";
import { bind } from "../../../src/model/bind.ts";
import { shippedModel } from "../../../src/models/registry.ts";
import { withHelpers } from "../../../src/run/helpers.ts";
import { engineLaws } from "../../laws/engine.ts";
import { breastCancer } from "../../models/breastCancer.ts";

/** Threads that help from the first call on. */
function eager(count: number): Helpers {
  return { ...withHelpers({}, count).helpers!, eager: true };
}

// An engine whose kernels are divided obeys the laws of every engine.
const divided = wasmEngine({ helpers: eager(2) });
engineLaws("wasm", () => divided, { precisions: ["float32"] });
afterAll(() => divided.end?.());

const funnel = bind(shippedModel("funnel").create());
const logistic = bind(shippedModel("logistic-regression").create(), { data: breastCancer().data });

const samplers: readonly SamplerSettings[] = [
  { name: "chees", metric: "diagonal", target_acceptance: 0.75, max_steps: 100 },
  { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 6 },
];

/** The blocks of a short batch. */
async function blocksOf(engine: Engine, changes: Partial<BatchSettings>, model = funnel): Promise<DrawBlock[]> {
  const settings: BatchSettings = {
    ...{ batch: 0, firstChain: 3, chains: 8, seed: "5", warmup: 30, draws: 25, block: 10 },
    ...{ precision: "float32", sampler: samplers[0]!, init: { uniform: 2 } },
    ...{ keepWarmup: true, keepUnconstrained: true, ...changes },
  };
  const blocks: DrawBlock[] = [];
  for await (const event of runBatch(model, engine, settings)) if (event.kind === "block") blocks.push(event.block);
  return blocks;
}

describe("helpers change no bit", () => {
  for (const sampler of samplers)
    for (const precision of ["float32", "float64"] as const)
      it.each([
        [1, 9],
        [3, 21],
        [2, 5],
        [7, 64],
      ])(`${sampler.name}, ${precision}, %i helpers for %i chains`, async (count, chains) => {
        const engine = wasmEngine({ helpers: eager(count) });
        const settings = { sampler, precision, chains };
        const helped = await blocksOf(engine, settings);
        await engine.end?.();
        expect(helped).toEqual(await blocksOf(wasmEngine(), settings));
      });
});

test("helpers change no bit with `fast`", async () => {
  const engine = wasmEngine({ fast: true, helpers: eager(2) });
  const helped = await blocksOf(engine, { chains: 21 });
  await engine.end?.();
  expect(helped).toEqual(await blocksOf(wasmEngine({ fast: true }), { chains: 21 }));
});

describe("helpers take chains of one vector where lanes hold outputs of products", () => {
  for (const precision of ["float32", "float64"] as const)
    it.each([
      [1, 2],
      [1, 4],
      [2, 4],
      [3, 5],
      [7, 3],
    ])(`${precision}, %i helpers for %i chains`, async (count, chains) => {
      const parts = new Set<unknown>();
      const helpers: Helpers = {
        ...eager(count),
        start: (words) => {
          const thread = eager(1).start(words);
          const post: HelperThread["post"] = (message) => {
            if (message.kind === "part") parts.add(message.id);
            thread.post(message);
          };
          return { ...thread, post };
        },
      };
      const engine = wasmEngine({ helpers });
      const settings = { precision, chains, warmup: 12, draws: 5, block: 5 };
      const helped = await blocksOf(engine, settings, logistic);
      await engine.end?.();
      expect(parts.size).toBeGreaterThan(1);
      expect(helped).toEqual(await blocksOf(wasmEngine(), settings, logistic));
    });
});

describe("how chains are divided", () => {
  test("a vector of chains is divided where threads would have none; two vectors at once where there are enough", () => {
    expect([1, 2, 3, 8].map((threads) => chainsOfVector(4, "float32", threads))).toEqual([4, 2, 2, 1]);
    expect([1, 2, 4].map((threads) => chainsOfVector(2, "float64", threads))).toEqual([2, 1, 1]);
    expect(chainsOfVector(64, "float32", 16)).toBe(4);
    expect([1, 2, 8, 9, 16].map((threads) => vectorsSideBySide(64, "float32", threads))).toEqual([2, 2, 2, 2, 1]);
    expect(vectorsSideBySide(4, "float32", 1)).toBe(1);
  });

  test("every helper knows every part", async () => {
    const told: number[] = [];
    const helpers: Helpers = {
      ...eager(3),
      start: (words) => {
        const thread = eager(1).start(words);
        return {
          ...thread,
          post: (message) => {
            if (message.kind === "part") told.push(message.id);
            thread.post(message);
          },
        };
      },
    };
    const engine = wasmEngine({ helpers });
    await blocksOf(engine, { chains: 16, warmup: 8, draws: 4 });
    await engine.end?.();
    // Two programs, the density and the transition, of four parts.
    expect(new Set(told).size).toBe(8);
  });
});

/** A thread that is none: what a test makes of it. */
function puppet(changes: Partial<HelperThread> = {}): HelperThread {
  return { post: () => undefined, receive: () => undefined, death: () => undefined, ...changes };
}

describe("when helpers are called", () => {
  test("a short run never starts one", async () => {
    const helpers: Helpers = {
      count: 1,
      start: () => {
        throw new Error("not to be started");
      },
    };
    await blocksOf(wasmEngine({ helpers }), {});
  });

  test("one that does not start is not waited for, and one that died is told of", async () => {
    let death: string | undefined;
    let started = 0;
    const helpers: Helpers = {
      count: 1,
      start: () => {
        started += 1;
        return puppet({ death: () => death });
      },
    };
    const engine = wasmEngine({ helpers });
    const long = { draws: 20_000, block: 20_000, chains: 16, keepUnconstrained: false };
    // An engine computes alone at first; how many draws that takes is a matter of the machine.
    for (let run = 0; run < 100 && started === 0; run++) await blocksOf(engine, long);
    await blocksOf(engine, long);
    expect(started).toBe(1);
    death = "it ended with code 9";
    await expect(blocksOf(engine, {})).rejects.toThrow(WorkerError);
    // Threads that are dead need not be waited for.
    await engine.hasStarted?.();
  });

  test("notice without a call, which comes late where an owner is interrupted, does not end one", async () => {
    const words = { state: new Int32Array(new SharedArrayBuffer(4)), board: new Int32Array(new SharedArrayBuffer(64)) };
    const { state } = words;
    const thread = eager(1).start(words);
    const become = (wanted: number) => vi.waitUntil(() => Atomics.load(state, 0) === wanted, { timeout: 10_000 });
    await become(IDLE);
    // The first may come before it waits.
    await vi.waitUntil(() => Atomics.notify(state, 0) === 1, { timeout: 10_000 });
    await after(100);
    for (let call = 0; call < 3; call++) {
      Atomics.store(state, 0, CALLED);
      Atomics.notify(state, 0);
      await become(IDLE);
      expect(thread.death()).toBeUndefined();
    }
    Atomics.store(state, 0, ENDED);
    Atomics.notify(state, 0);
    await vi.waitUntil(() => thread.death() === "it ended with code 0", { timeout: 10_000 });
  });

  test("one that dies while it computes does not leave its owner waiting", async () => {
    let death: string | undefined;
    const helpers: Helpers = {
      count: 1,
      eager: true,
      start: ({ state }) => {
        Atomics.store(state, 0, IDLE);
        setTimeout(() => {
          death = "out of memory";
        }, 200);
        return puppet({ death: () => death });
      },
    };
    await expect(blocksOf(wasmEngine({ helpers }), {})).rejects.toThrow(
      "a helper thread died: out of memory. What was stored before is kept",
    );
  });

  test("what fails in a helper is told of", async () => {
    const real = eager(1);
    const engine = wasmEngine({ helpers: { ...real, start: (words) => broken(real.start(words)) } });
    await expect(blocksOf(engine, {})).rejects.toThrow(/^a helper thread failed: .*is not a function/);
    await engine.end?.();
  });
});

/** A helper that is never told of its parts. */
function broken(thread: HelperThread): HelperThread {
  return { ...thread, post: () => undefined };
}
