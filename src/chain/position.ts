/**
 * A batch's position as bytes, for its checkpoint: the format's name, a CRC-32 of all that follows it, one line of JSON,
 * and the numbers as little-endian float64: z, log density, gradient, step size, trajectory length, inverse mass.
 *
 * Only positions after warm-up are written: a batch that stops during warm-up begins anew, with the same draws.
 */
import { StoreError } from "../errors.ts";
import type { BatchPosition, PhaseTotals } from "./batch.ts";

/** What a position must fit to. */
export interface PositionShape {
  readonly chains: number;
  /** D. */
  readonly dimension: number;
  /** Iterations of warm-up, and draws. */
  readonly warmup: number;
  readonly draws: number;
}

const FORMAT = "manychain position 1\n";
/** The checksum: eight hexadecimal digits and a line's end. */
const CHECKSUM = 9;
const MOST_HEADER = 4096;

/** @throws RangeError for a position of warm-up, or arrays that do not fit each other */
export function encodePosition(position: BatchPosition): Uint8Array {
  const { iteration, z, logDensity, gradient, tuning, totals } = position;
  if (tuning === undefined) throw new RangeError("a position during warm-up has no tuning and is not written.");
  const chains = logDensity.length;
  const dimension = tuning.inverseMass.length;
  if (z.length !== chains * dimension || gradient.length !== z.length) {
    throw new RangeError(
      `a position of ${chains} chains × ${dimension} has ${z.length} and ${gradient.length} numbers.`,
    );
  }
  const header = new TextEncoder().encode(`${JSON.stringify({ iteration, chains, dimension, totals })}\n`);
  const numbers = [...[z, logDensity, gradient], [tuning.stepSize, tuning.trajectoryLength], tuning.inverseMass];
  const count = numbers.reduce((sum, part) => sum + part.length, 0);
  const start = FORMAT.length + CHECKSUM;
  const bytes = new Uint8Array(start + header.length + count * Float64Array.BYTES_PER_ELEMENT);
  bytes.set(header, start);
  const view = new DataView(bytes.buffer);
  let at = start + header.length;
  for (const part of numbers) {
    for (const value of part) {
      view.setFloat64(at, value, true);
      at += Float64Array.BYTES_PER_ELEMENT;
    }
  }
  bytes.set(new TextEncoder().encode(`${FORMAT}${checksum(bytes.subarray(start))}\n`));
  return bytes;
}

/** @throws StoreError for bytes that are damaged, or those of another run's batch */
export function decodePosition(bytes: Uint8Array, shape: PositionShape): BatchPosition {
  const start = FORMAT.length + CHECKSUM;
  const found = new TextDecoder("latin1").decode(bytes.subarray(0, start));
  if (found !== `${FORMAT}${checksum(bytes.subarray(start))}\n`) {
    throw new StoreError("a batch's position is cut short, damaged, or in the format of another version of manychain.");
  }
  const end = bytes.indexOf(10, start) + 1;
  if (end === 0 || end - start > MOST_HEADER) throw new StoreError("a batch's position has no header.");
  const header = readHeader(new TextDecoder().decode(bytes.subarray(start, end)), shape);
  const { chains, dimension } = shape;
  const lengths = [chains * dimension, chains, chains * dimension, 2, dimension];
  const expected = lengths.reduce((a, b) => a + b, 0) * Float64Array.BYTES_PER_ELEMENT;
  if (bytes.length - end !== expected) {
    throw new StoreError(`a batch's position has ${bytes.length - end} bytes of numbers; expected ${expected}.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  let next = 0;
  const [z, logDensity, gradient, scalars, inverseMass] = lengths.map((length) =>
    Float64Array.from({ length }, () => view.getFloat64(Float64Array.BYTES_PER_ELEMENT * next++, true)),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const tuning = { stepSize: scalars[0]!, trajectoryLength: scalars[1]!, inverseMass };
  return { ...header, z, logDensity, gradient, tuning };
}

function readHeader(text: string, shape: PositionShape): Pick<BatchPosition, "iteration" | "totals"> {
  const header = parseObject(text);
  const totals = asRecord(header["totals"]);
  for (const name of ["chains", "dimension"] as const) {
    if (count(header, name) === shape[name]) continue;
    throw new StoreError(`a batch's position is of ${count(header, name)} ${name}; expected ${shape[name]}.`);
  }
  const iteration = count(header, "iteration");
  if (iteration < shape.warmup || iteration > shape.warmup + shape.draws) {
    throw new StoreError(
      `a batch's position is at iteration ${iteration}; expected ${shape.warmup} to ${shape.warmup + shape.draws}.`,
    );
  }
  const phase = (name: string): PhaseTotals => {
    const held = asRecord(totals[name]);
    return { gradients: count(held, "gradients"), divergences: count(held, "divergences") };
  };
  return { iteration, totals: { warmup: phase("warmup"), sampling: phase("sampling") } };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError("a batch's position has a header that is not JSON.", { cause: error });
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new StoreError("a batch's position has a header that lacks its parts.");
}

function count(header: Readonly<Record<string, unknown>>, name: string): number {
  const value = header[name];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new StoreError(`a batch's position: ${name} must be a whole number from 0.`);
}

/** CRC-32 (the polynomial of zlib) in hexadecimal. */
function checksum(bytes: Uint8Array): string {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 255]!;
  return (~sum >>> 0).toString(16).padStart(8, "0");
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});
