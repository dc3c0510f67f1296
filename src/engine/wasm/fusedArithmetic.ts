import { setFlagsFromString } from "node:v8";
import { webAssembly } from "./webassembly.ts";

/** (a, b, c) → a·b + c in float32 by f32x4.relaxed_madd: fused or not, as the processor has it. */
const MULTIPLY_ADD = [
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 8, 1, 0x60, 3, 0x7d, 0x7d, 0x7d, 1, 0x7d],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
  ...[10, 22, 1, 20, 0],
  ...[0x20, 0, 0xfd, 0x13, 0x20, 1, 0xfd, 0x13, 0x20, 2, 0xfd, 0x13, 0xfd, 0x85, 0x02, 0xfd, 0x1f, 0, 0x0b],
];

let known: boolean | undefined;

/**
 * Whether WebAssembly here can multiply and add with one rounding. Where it can, the result is the same on every
 * processor; where the processor cannot, the same instruction rounds twice.
 */
export function hasFusedMultiplyAdd(): boolean {
  known ??= probe();
  return known;
}

function probe(): boolean {
  if (webAssembly === undefined) return false;
  const bytes = Uint8Array.from(MULTIPLY_ADD);
  // Node 20 has the instruction behind a flag, which holds for the modules that are compiled after it is set.
  if (!webAssembly.validate(bytes)) setFlagsFromString("--experimental-wasm-relaxed-simd");
  if (!webAssembly.validate(bytes)) return false;
  const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), {});
  const multiplyAdd = exports["f"] as (a: number, b: number, c: number) => number;
  // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴, of which rounding drops the last.
  return multiplyAdd(1 + 2 ** -12, 1 + 2 ** -12, -(1 + 2 ** -11)) === 2 ** -24;
}
