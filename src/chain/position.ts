/**
 * A batch's position as bytes, for its checkpoint: the format's name, a CRC-32 of all that follows it, one line of JSON,
 * and the numbers as little-endian float64: z, log density, gradient; then after warm-up the step size, the trajectory
 * length, the inverse mass and what is known of the rounding, and during warm-up the adaptation's state; the JSON says the
 * shapes of the last two.
 */
import { StoreError } from "../errors.ts";
import type { BatchPosition, PhaseTotals } from "./batch.ts";
import { countOf, flatten, restore, restoreAdaptation, type StateShape } from "./positionState.ts";
import type { RoundingSums } from "./rounding.ts";

/** What a position must fit to. */
export interface PositionShape {
  readonly chains: number;
  /** D. */
  readonly dimension: number;
  /** Iterations of warm-up, and draws. */
  readonly warmup: number;
  readonly draws: number;
  /** Elements of the float variables. */
  readonly quantities: number;
}

const FORMAT = "manychain position 2\n";
/** The checksum: eight hexadecimal digits and a line's end. */
const CHECKSUM = 9;
const MOST_HEADER = 4096;

/** @throws RangeError for arrays that do not fit each other */
export function encodePosition(position: BatchPosition): Uint8Array {
  const { iteration, z, logDensity, gradient, tuning, adaptation, rounding, totals } = position;
  const chains = logDensity.length;
  const dimension = z.length / chains;
  if (!Number.isInteger(dimension) || gradient.length !== z.length) {
    throw new RangeError(`a position of ${chains} chains has ${z.length} and ${gradient.length} numbers.`);
  }
  if (tuning !== undefined && tuning.inverseMass.length !== dimension) {
    throw new RangeError(`a position of dimension ${dimension} has an inverse mass of ${tuning.inverseMass.length}.`);
  }
  const phase = tuning === undefined ? "warmup" : "sampling";
  const held = tuning === undefined ? adaptation : rounding;
  const state = held && flatten(held);
  const shape = state && { [tuning === undefined ? "adaptation" : "rounding"]: state.shape };
  const head = { iteration, phase, chains, dimension, totals, ...shape };
  const header = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const tuned = tuning === undefined ? [] : [[tuning.stepSize, tuning.trajectoryLength], tuning.inverseMass];
  const bytes = withNumbers(header, [
    z,
    logDensity,
    gradient,
    ...tuned,
    ...(state === undefined ? [] : [state.numbers]),
  ]);
  const body = bytes.subarray(FORMAT.length + CHECKSUM);
  bytes.set(new TextEncoder().encode(`${FORMAT}${checksum(body)}\n`));
  return bytes;
}

/** Room for the format and the checksum, the header, and the numbers. */
function withNumbers(header: Uint8Array, parts: readonly ArrayLike<number>[]): Uint8Array {
  const start = FORMAT.length + CHECKSUM;
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(start + header.length + count * Float64Array.BYTES_PER_ELEMENT);
  bytes.set(header, start);
  const view = new DataView(bytes.buffer);
  let at = start + header.length;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, at += Float64Array.BYTES_PER_ELEMENT) view.setFloat64(at, part[i]!, true);
  }
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
  const { phase, adaptation, rounding, ...told } = header;
  const tuned = phase === "sampling" ? 2 + dimension : 0;
  const held = phase === "sampling" ? rounding : adaptation;
  const lengths = phase === "sampling" ? [dimension, shape.quantities] : [dimension, chains];
  const state = held === undefined ? 0 : countOf(held, lengths);
  const expected = (2 * chains * dimension + chains + tuned + state) * Float64Array.BYTES_PER_ELEMENT;
  if (bytes.length - end !== expected) {
    throw new StoreError(`a batch's position has ${bytes.length - end} bytes of numbers; expected ${expected}.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  let at = 0;
  const next = (): number => view.getFloat64(Float64Array.BYTES_PER_ELEMENT * at++, true);
  const numbers = (length: number): Float64Array => Float64Array.from({ length }, next);
  const standing = {
    ...told,
    z: numbers(chains * dimension),
    logDensity: numbers(chains),
    gradient: numbers(chains * dimension),
  };
  if (phase === "sampling") {
    const tuning = { stepSize: next(), trajectoryLength: next(), inverseMass: numbers(dimension) };
    return { ...standing, tuning, ...(rounding && { rounding: restore(rounding, next) as unknown as RoundingSums }) };
  }
  return adaptation === undefined ? standing : { ...standing, adaptation: restoreAdaptation(adaptation, next) };
}

interface Header extends Pick<BatchPosition, "iteration" | "totals"> {
  readonly phase: "warmup" | "sampling";
  readonly adaptation?: StateShape;
  readonly rounding?: StateShape;
}

function readHeader(text: string, shape: PositionShape): Header {
  const header = parseObject(text);
  const totals = asRecord(header["totals"]);
  for (const name of ["chains", "dimension"] as const) {
    if (count(header, name) === shape[name]) continue;
    throw new StoreError(`a batch's position is of ${count(header, name)} ${name}; expected ${shape[name]}.`);
  }
  const iteration = count(header, "iteration");
  const phase = header["phase"] === "sampling" ? "sampling" : "warmup";
  const [first, last] = phase === "warmup" ? [0, shape.warmup] : [shape.warmup, shape.warmup + shape.draws];
  if (iteration < first || iteration > last) {
    throw new StoreError(`a batch's position is at iteration ${iteration}; expected ${first} to ${last}.`);
  }
  const work = (name: string): PhaseTotals => {
    const held = asRecord(totals[name]);
    return { gradients: count(held, "gradients"), divergences: count(held, "divergences") };
  };
  const { adaptation, rounding } = header;
  return {
    iteration,
    phase,
    totals: { warmup: work("warmup"), sampling: work("sampling") },
    ...(adaptation !== undefined && { adaptation: adaptation as StateShape }),
    ...(rounding !== undefined && { rounding: rounding as StateShape }),
  };
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
