import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEvents } from "../../../src/report/html/events.ts";

const point = { stepSize: 0.1, steps: 3, trajectoryLength: 0.3, acceptance: 0.7, divergences: 2 };
const events = [
  { kind: "planned", model: "m" },
  { kind: "adapting", batch: 1, iteration: 10, ...point },
  { kind: "adapting", batch: 0, iteration: 20, ...point },
  { kind: "adapting", batch: 0, iteration: 10, ...point, stepSize: 9 },
  { kind: "adapting", batch: 0, iteration: 10, ...point },
  { kind: "adapted", batch: 0, iteration: 20, ...point, inverseMass: [1] },
  { kind: "done", batch: 0, divergences: { warmup: 4, sampling: 1 }, seconds: { compile: 1, warmup: 2, sampling: 3 } },
];
const text = `${events.map((event) => JSON.stringify(event)).join("\n")}\n`;

describe("events", () => {
  test("tell of warm-up by batch and iteration; of an iteration run twice, the later counts", () => {
    expect(readEvents(text).warmup).toEqual([
      { batch: 0, iteration: 10, ...point },
      { batch: 0, iteration: 20, ...point },
      { batch: 1, iteration: 10, ...point },
    ]);
  });

  test("tell how each batch ended", () => {
    expect(readEvents(text).batches.get(0)).toEqual({
      stepSize: 0.1,
      trajectoryLength: 0.3,
      divergences: { warmup: 4, sampling: 1 },
      seconds: { warmup: 2, sampling: 3 },
    });
    const device = { kind: "done", batch: 0, seconds: { warmup: 2, sampling: 3, kernel: 4, transfer: 0.5 } };
    expect(readEvents(JSON.stringify(device)).batches.get(0)?.seconds).toEqual(device.seconds);
  });

  test("of a killed process end in half a line, which is passed over", () => {
    for (let length = 0; length <= text.length; length++) {
      const { warmup } = readEvents(text.slice(0, length));
      expect(warmup.length).toBeLessThanOrEqual(3);
    }
  });

  test("of any bytes never throw", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, letter) => {
        readEvents(text.slice(0, at) + letter + text.slice(at + 1));
      }),
    );
    fc.assert(fc.property(fc.array(fc.json()), (documents) => void readEvents(documents.join("\n"))));
  });
});
