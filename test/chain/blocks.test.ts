import { expect, test } from "vitest";
import type { BatchSettings } from "../../src/chain/batch.ts";
import { drawBlock } from "../../src/chain/blocks.ts";
import { POSTERIOR, STATISTICS } from "../../src/sampler/transition.ts";

test("what is not a number has one bit pattern, whatever the engine left", () => {
  const settings = { batch: 0, firstChain: 0, chains: 2, precision: "float32" } as BatchSettings;
  const single = new Float32Array(Uint32Array.of(0xffc00000, 0x3f800000, 0x7fc00001, 0x80000000).buffer);
  const double = new Float64Array(BigUint64Array.of(0xfff8000000000000n, 0x8000000000000000n).buffer);
  const { posterior, statistics } = drawBlock(
    settings,
    "sampling",
    0,
    { [`${POSTERIOR}x`]: single, [`${STATISTICS}energy`]: double },
    { stepSizes: [0.5, 0.5], steps: [3, 4] },
  );
  expect([...new Uint32Array(posterior["x"]!.buffer)]).toEqual([0x7fc00000, 0x3f800000, 0x7fc00000, 0x80000000]);
  expect([...new BigUint64Array(statistics["energy"]!.buffer)]).toEqual([0x7ff8000000000000n, 0x8000000000000000n]);
});
