import { afterAll, describe, expect, it, test } from "vitest";
import type { BatchSettings, SamplerSettings } from "../../../src/chain/batch.ts";
import { runBatch } from "../../../src/chain/runBatch.ts";
import type { DrawBlock } from "../../../src/draws.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { IDLE } from "../../../src/engine/wasm/helper.ts";
import type { Helpers, HelperThread } from "../../../src/engine/wasm/team.ts";
import { mostThreads, vectorsSideBySide } from "../../../src/engine/wasm/vectors.ts";
import { WorkerError } from "../../../src/errors.ts";
import { bind } from "../../../src/model/bind.ts";
import { shippedModel } from "../../../src/models/registry.ts";
import { withHelpers } from "../../../src/run/helpers.ts";
import { engineLaws } from "../../laws/engine.ts";

/** Threads that help from the first call on. */
function eager(count: number): Helpers {
  return { ...withHelpers({}, count).helpers!, eager: true };
}

// An engine whose kernels are divided obeys the laws of every engine.
const divided = wasmEngine({ helpers: eager(2) });
engineLaws("wasm", () => divided, { precisions: ["float32"] });
afterAll(() => divided.end?.());

const funnel = bind(shippedModel("funnel").create());

const samplers: readonly SamplerSettings[] = [
  { name: "chees", metric: "diagonal", target_acceptance: 0.75, max_steps: 100 },
  { name: "nuts", metric: "diagonal", target_acceptance: 0.8, max_depth: 6 },
];

/** The blocks of a short batch. */
async function blocksOf(engine: Engine, changes: Partial<BatchSettings>): Promise<DrawBlock[]> {
  const settings: BatchSettings = {
    ...{ batch: 0, firstChain: 3, chains: 8, seed: "5", warmup: 30, draws: 25, block: 10 },
    ...{ precision: "float32", sampler: samplers[0]!, init: { uniform: 2 } },
    ...{ keepWarmup: true, keepUnconstrained: true, ...changes },
  };
  const blocks: DrawBlock[] = [];
  for await (const event of runBatch(funnel, engine, settings)) if (event.kind === "block") blocks.push(event.block);
  return blocks;
}

// Once, beside other tests on two processors, one of these failed, and did not again in dozens of runs; what it said was lost.
// So they are tried again, and what a first try says is written where it is not lost.
describe("helpers change no bit", { retry: 1 }, () => {
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
        try {
          const helped = await blocksOf(engine, settings);
          await engine.end?.();
          expect(helped).toEqual(await blocksOf(wasmEngine(), settings));
        } catch (error) {
          console.error(error);
          throw error;
        }
      });
});

test("helpers change no bit with `fast`", async () => {
  const engine = wasmEngine({ fast: true, helpers: eager(2) });
  const helped = await blocksOf(engine, { chains: 21 });
  await engine.end?.();
  expect(helped).toEqual(await blocksOf(wasmEngine({ fast: true }), { chains: 21 }));
});

describe("how chains are divided", () => {
  test("a thread has at least a vector of chains; two vectors at once where there are enough", () => {
    expect([1, 4, 5, 64].map((chains) => mostThreads(chains, "float32"))).toEqual([1, 1, 2, 16]);
    expect([1, 2, 4, 64].map((chains) => mostThreads(chains, "float64"))).toEqual([1, 1, 2, 32]);
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
