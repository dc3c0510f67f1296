import type { Numbers, StoredType } from "../../draws.ts";

/** PJRT_Buffer_Type. */
export const ELEMENT_TYPES: Readonly<Record<StoredType, number>> = {
  bool: 1,
  int32: 4,
  uint32: 8,
  float32: 11,
  float64: 12,
};

/** A zeroed array for values of a dtype. */
export function numbers(dtype: StoredType, length: number): Numbers {
  if (dtype === "float32") return new Float32Array(length);
  if (dtype === "float64") return new Float64Array(length);
  if (dtype === "int32") return new Int32Array(length);
  return dtype === "uint32" ? new Uint32Array(length) : new Uint8Array(length);
}

/** Whether an array holds elements of a dtype. */
export function fits(values: Numbers, dtype: StoredType): boolean {
  return numbers(dtype, 0).constructor === values.constructor;
}
