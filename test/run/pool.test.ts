import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { BatchSettings } from "../../src/chain/batch.ts";
import { resolveConfig } from "../../src/config/load.ts";
import { bindData } from "../../src/run/bindData.ts";
import { identityOf } from "../../src/run/identity.ts";
import { loadModel } from "../../src/run/loadModel.ts";
import { planBatches } from "../../src/run/plan.ts";
import { createPool } from "../../src/run/pool.ts";
import { CREDITS } from "../../src/run/protocol.ts";
import type { BatchItem } from "../../src/run/runner.ts";
import { startThreads } from "../../src/run/threads.ts";

const { config } = resolveConfig({ model: "funnel", chains: 4, warmup: 20, draws: 100, block: 5 });
const settings = planBatches({ ...config, precision: "float32" })[0] as BatchSettings;

test("a worker makes no more blocks than it has credits for, and goes on when one is stored", async () => {
  const model = { model: "funnel", options: {}, baseDir: "." };
  const threads = startThreads({ workers: 1, preload: { model, engine: "wasm", helpers: [0] } });
  const input = { data: {}, coordinates: {} };
  const identity = identityOf(bindData(await loadModel(model), input));
  const pool = createPool({ threads, model, bind: input, identity, engine: "wasm" });
  try {
    const items: BatchItem[] = [];
    const blocks = (): BatchItem[] => items.filter(({ event }) => event.kind === "block");
    const ended = new Promise<void>((resolve, reject) => {
      pool.run(settings).subscribe({ next: (item) => items.push(item), complete: resolve, error: reject });
    });
    while (blocks().length < CREDITS) await setTimeout(5);
    await setTimeout(150);
    expect(blocks()).toHaveLength(CREDITS);
    blocks()[0]!.consumed();
    while (blocks().length < CREDITS + 1) await setTimeout(5);
    await setTimeout(100);
    expect(blocks()).toHaveLength(CREDITS + 1);
    let acknowledged = 1;
    const acknowledge = async (): Promise<void> => {
      while (acknowledged < 20) {
        if (acknowledged < blocks().length) blocks()[acknowledged++]!.consumed();
        else await setTimeout(2);
      }
    };
    await Promise.all([acknowledge(), ended]);
    expect(blocks().map(({ event }) => event.kind === "block" && event.block.firstDraw)).toEqual(
      Array.from({ length: 20 }, (_, i) => 5 * i),
    );
    expect(items.at(-1)!.event.kind).toBe("done");
    expect(new Set(items.map(({ worker }) => worker)).size).toBe(1);
  } finally {
    await pool.destroy();
  }
});
