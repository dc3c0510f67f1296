import { setFlagsFromString } from "node:v8";

/**
 * WebAssembly's vectors have 128 bits. V8 can make one instruction on 256 bits of two that stand side by side, on processors
 * with AVX2, behind a flag that it calls experimental. It changes no bit, and a kernel is held to that (`twin.ts`).
 */
const FLAG = { on: "--experimental-wasm-revectorize", off: "--no-experimental-wasm-revectorize" } as const;

/** V8's major versions whose way with such pairs code is written for, and was tried with: Node 24 to 26. */
const TRIED = [13, 14] as const;

/** What this thread has asked for last. */
let asked = false;

/**
 * Let V8 make vectors of 256 bits, or not, of the code that it optimises from here on, in the whole process.
 * @returns whether it does, as far as the processor can
 */
export function widenVectors(wide: boolean): boolean {
  if (!canWiden()) return false;
  if (wide !== asked) setFlagsFromString(wide ? FLAG.on : FLAG.off);
  asked = wide;
  return wide;
}

/** Whether this V8 can; Node is built with the pass for x86-64, save on macOS. */
export function canWiden(): boolean {
  const { v8_enable_wasm_simd256_revec: built } = process.config.variables as Readonly<Record<string, unknown>>;
  return built === 1 && TRIED.some((version) => version === major());
}

/** Whether a later Node could on this machine. */
export function wouldWiden(): boolean {
  return process.arch === "x64" && process.platform !== "darwin" && major() < TRIED[0];
}

function major(): number {
  return Number.parseInt(process.versions.v8, 10);
}
