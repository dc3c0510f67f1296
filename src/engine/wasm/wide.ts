import { setFlagsFromString } from "node:v8";

/**
 * WebAssembly's vectors have 128 bits. V8 can make one instruction on 256 bits of two that stand side by side, on processors
 * with AVX2, behind a flag that it calls experimental. It changes no bit, and a kernel is held to that (`twin.ts`).
 */
const FLAG = "--experimental-wasm-revectorize";

/** V8's major versions whose way with such pairs code is written for, and was tried with: Node 24 to 26. */
const TRIED = [13, 14] as const;

let known: boolean | undefined;

/** Let V8 make vectors of 256 bits from here on, in the whole process; whether this V8 and processor's family can. */
export function widenVectors(): boolean {
  known ??= widen();
  return known;
}

/** Whether a later Node could on this machine. */
export function wouldWiden(): boolean {
  return process.arch === "x64" && process.platform !== "darwin" && major() < TRIED[0];
}

function widen(): boolean {
  if (!isBuiltIn() || !TRIED.some((version) => version === major())) return false;
  setFlagsFromString(FLAG);
  return true;
}

/** Node is built with it for x86-64, save on macOS. */
function isBuiltIn(): boolean {
  return (process.config.variables as Readonly<Record<string, unknown>>)["v8_enable_wasm_simd256_revec"] === 1;
}

function major(): number {
  return Number.parseInt(process.versions.v8, 10);
}
