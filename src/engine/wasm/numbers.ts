import type { DType } from "../../graph/types.ts";

/** Numbers as memory holds them, one after the other. */
export function scalarBytes(dtype: DType, data: ArrayLike<number>, laneBytes: number): Uint8Array {
  const bytes = new Uint8Array(data.length * laneBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) {
    if (dtype !== "float") writePattern(view, i * laneBytes, pattern(dtype, data[i]!, laneBytes), laneBytes);
    else if (laneBytes === 4) view.setFloat32(4 * i, data[i]!, true);
    else view.setFloat64(8 * i, data[i]!, true);
  }
  return bytes;
}

/** Scalars with each in every lane of a vector. */
export function inEveryLane(scalars: Uint8Array, laneBytes: number): Uint8Array {
  const lanes = new Uint8Array((scalars.length / laneBytes) * 16);
  for (let at = 0; at < lanes.length; at += laneBytes) {
    const from = Math.floor(at / 16) * laneBytes;
    lanes.set(scalars.subarray(from, from + laneBytes), at);
  }
  return lanes;
}

/** The bits of an integer or bool lane. */
export function pattern(dtype: DType, value: number, laneBytes: number): bigint {
  const integer =
    dtype === "bool" ? (value === 0 ? 0n : -1n) : dtype === "int32" ? BigInt(value | 0) : BigInt(value >>> 0);
  return BigInt.asUintN(8 * laneBytes, integer);
}

function writePattern(view: DataView, offset: number, bits: bigint, laneBytes: number): void {
  if (laneBytes === 4) view.setUint32(offset, Number(bits), true);
  else view.setBigUint64(offset, bits, true);
}
