import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { Stopwatch } from "../../src/engine/stopwatch.ts";

test("adds up what blocks and what is waited for, each for itself, also where it fails", async () => {
  const watch = new Stopwatch();
  expect(watch.seconds).toEqual({ kernel: 0, transfer: 0 });
  expect(watch.blocking("transfer", () => 5)).toBe(5);
  const { transfer } = watch.seconds;
  expect(transfer).toBeGreaterThan(0);
  const failing = setTimeout(20).then(() => {
    throw new Error("gone");
  });
  await expect(watch.until("kernel", failing)).rejects.toThrow("gone");
  expect(watch.seconds.kernel).toBeGreaterThan(0.015);
  expect(watch.seconds.transfer).toBe(transfer);
  await watch.until("kernel", Promise.resolve(), performance.now() - 5000);
  expect(watch.seconds.kernel).toBeGreaterThan(5);
});
