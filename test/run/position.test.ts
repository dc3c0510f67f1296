import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { BatchPosition } from "../../src/chain/batch.ts";
import { decodePosition, encodePosition, type PositionShape } from "../../src/chain/position.ts";
import { StoreError } from "../../src/errors.ts";
import { init } from "../../src/sampler/adaptation.ts";

const shape: PositionShape = { chains: 3, dimension: 2, warmup: 20, draws: 30, quantities: 3 };

const position: BatchPosition = {
  iteration: 35,
  z: Float64Array.of(0, -0, 1 / 3, 1e-320, -1e300, 6),
  logDensity: Float64Array.of(-1, -2, Number.NaN),
  gradient: Float64Array.of(6, 5, 4, 3, 2, 1),
  tuning: { stepSize: 0.1, trajectoryLength: Number.NaN, inverseMass: Float64Array.of(0.3, 7) },
  rounding: {
    states: 12,
    density: { means: Number.NaN, squares: 2 },
    gradient: { errors: Float64Array.of(1, 2), squares: Float64Array.of(3, Number.POSITIVE_INFINITY) },
    quantities: {
      errors: Float64Array.of(1, 2, 3),
      means: Float64Array.of(4, 5, 6),
      squares: Float64Array.of(7, 8, 9),
    },
  },
  totals: { warmup: { gradients: 12, divergences: 1 }, sampling: { gradients: 2 ** 40, divergences: 0 } },
};

const { tuning: _, rounding: __, ...untuned } = position;
const warming: BatchPosition = {
  ...untuned,
  iteration: 15,
  adaptation: {
    ...init(0.5, { dimension: 2, maxSteps: 100, targetAcceptance: 0.8, adaptStepSize: true, adaptMetric: true }),
    inverseMass: Float64Array.of(3, Number.NaN),
    // What a sampler of its own adds.
    ...{ acceptances: Float64Array.of(0.1, 0.2, 0.3), principal: { direction: Float64Array.of(1, 0), points: 7 } },
  },
};

test("a position comes back as it was", () => {
  expect(decodePosition(encodePosition(position), shape)).toEqual(position);
  const number = fc.double();
  const array = (length: number): fc.Arbitrary<Float64Array> =>
    fc.array(number, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
  fc.assert(
    fc.property(array(6), array(3), number, (z, logDensity, stepSize) => {
      const one = { ...position, z, logDensity, tuning: { ...position.tuning!, stepSize } };
      expect(decodePosition(encodePosition(one), shape)).toEqual(one);
    }),
  );
});

test("bytes that begin anywhere in a larger buffer", () => {
  const bytes = encodePosition(position);
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  expect(decodePosition(larger.subarray(3), shape)).toEqual(position);
});

test.each(["sampling", "warm-up"])("every truncation and every flipped byte is found: %s", (phase) => {
  const bytes = encodePosition(phase === "sampling" ? position : warming);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodePosition(bytes.slice(0, length), shape)).toThrow(StoreError);
  }
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [1, 0x80, 0xff]) {
      const damaged = bytes.slice();
      damaged[at]! ^= flip;
      expect(() => decodePosition(damaged, shape), `byte ${at}`).toThrow(StoreError);
    }
  }
  expect(() => decodePosition(Uint8Array.of(...bytes, 0), shape)).toThrow(StoreError);
});

test("a position of another batch is refused", () => {
  const bytes = encodePosition(position);
  expect(() => decodePosition(bytes, { ...shape, chains: 4 })).toThrow("is of 3 chains; expected 4.");
  expect(() => decodePosition(bytes, { ...shape, dimension: 3 })).toThrow("is of 2 dimension; expected 3.");
  expect(() => decodePosition(bytes, { ...shape, draws: 10 })).toThrow("is at iteration 35; expected 20 to 30.");
  expect(() => decodePosition(bytes, { ...shape, warmup: 36 })).toThrow("is at iteration 35; expected 36 to 66.");
});

test("a position of warm-up, with and without something to adapt", () => {
  expect(decodePosition(encodePosition(warming), shape)).toEqual(warming);
  const { adaptation: __, ...fixed } = warming;
  expect(decodePosition(encodePosition(fixed), shape)).toEqual(fixed);
  const { trajectory: ___, ...without } = warming.adaptation!;
  const hmc = { ...warming, adaptation: { ...without, trajectory: undefined } };
  expect(decodePosition(encodePosition(hmc), shape)).toEqual(hmc);
  expect(() => decodePosition(encodePosition(warming), { ...shape, warmup: 14 })).toThrow(
    "iteration 15; expected 0 to 14",
  );
});

test("an adaptation of other lengths or kinds is refused", () => {
  const changed = (from: string, to: string): Uint8Array => {
    const bytes = encodePosition(warming);
    const start = "manychain position 2\n".length + 9;
    const end = bytes.indexOf(10, start);
    const header = new TextDecoder().decode(bytes.subarray(start, end));
    expect(header).toContain(from);
    const body = Buffer.concat([Buffer.from(header.replace(from, to)), bytes.subarray(end)]);
    const sum = crc32(body).toString(16).padStart(8, "0");
    return Buffer.concat([Buffer.from(`manychain position 2\n${sum}\n`), body]);
  };
  expect(decodePosition(changed("15", "16"), shape).iteration).toBe(16);
  for (const [from, to] of [
    ['"inverseMass":2', '"inverseMass":4'],
    ['"inverseMass":2', '"inverseMass":9007199254740991'],
    ['"inverseMass":2', '"inverseMass":"text"'],
    ['"inverseMass":2', '"__proto__":2'],
    ['"inverseMass":2', '"other":2'],
    ['"adaptation":{', '"adaptation":null,"x":{'],
    ['"adaptation":{', '"adaptation":[],"x":{'],
    ['"iteration":15', '"iteration":1e99'],
  ] as const) {
    expect(() => decodePosition(changed(from, to), shape), to).toThrow(StoreError);
  }
});
