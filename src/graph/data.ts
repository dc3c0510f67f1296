import type { ConstantData, DType } from "./types.ts";

/** Values as a constant of a dtype holds them; integers wrap. */
export function constantData(values: ArrayLike<number>, dtype: DType): ConstantData {
  if (dtype === "float") return Float64Array.from(values);
  if (dtype === "int32") return Int32Array.from(values);
  return dtype === "uint32" ? Uint32Array.from(values) : Uint8Array.from(values);
}

/** Zeros. */
export function allocate(dtype: DType, size: number): ConstantData {
  if (dtype === "float") return new Float64Array(size);
  if (dtype === "int32") return new Int32Array(size);
  return dtype === "uint32" ? new Uint32Array(size) : new Uint8Array(size);
}
