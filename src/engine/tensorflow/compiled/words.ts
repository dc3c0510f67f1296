import type { Numbers, StoredType } from "../../../draws.ts";

/** Zeros of a type. */
export function numbers(dtype: StoredType, length: number): Numbers {
  if (dtype === "float32") return new Float32Array(length);
  if (dtype === "float64") return new Float64Array(length);
  if (dtype === "int32") return new Int32Array(length);
  return dtype === "uint32" ? new Uint32Array(length) : new Uint8Array(length);
}

/** Numbers as they cross to TensorFlow: their bits as int32 words, or 0 and 1. The array's memory is shared where it can be. */
export function toWords(values: Numbers): Int32Array {
  if (values instanceof Uint8Array) return Int32Array.from(values, (value) => Number(value !== 0));
  return new Int32Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength / 4);
}

/** Numbers from their words, whose memory is shared where it can be. */
export function fromWords(words: Int32Array, dtype: StoredType): Numbers {
  if (dtype === "int32") return words;
  if (dtype === "bool") return Uint8Array.from(words);
  const { buffer, byteOffset, length } = words;
  if (dtype === "float32") return new Float32Array(buffer, byteOffset, length);
  if (dtype === "uint32") return new Uint32Array(buffer, byteOffset, length);
  return new Float64Array(buffer, byteOffset, length / 2);
}
