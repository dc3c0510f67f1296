import { getHeapStatistics } from "node:v8";
import { EngineError } from "../../errors.ts";
import type { Program } from "../../graph/program.ts";
import { type Module, webAssembly } from "./webassembly.ts";

/** What a program is too large for. Everything else grows with it, and is cut where it must be (`pieces.ts`). */

/** Bytes of JavaScript's heap for each node while its code is made: twice that was enough for recursions of 150,000 nodes. */
const BYTES_A_NODE = 1500;

const REMEDY =
  "Write what repeats with fewer, larger operations (over whole vectors, or pairs of turns at once), or take fewer " +
  "turns.";

/**
 * @param heap bytes that JavaScript may have; default: what this Node allows
 * @throws EngineError where the code of so many nodes cannot be made, which would end the process without a word
 */
export function checkSize(program: Program, heap: number = getHeapStatistics().heap_size_limit): void {
  const needed = program.nodes.length * BYTES_A_NODE;
  if (needed <= heap) return;
  throw new EngineError(
    `The wasm engine needs ${gigabytes(needed)} of JavaScript's memory at least to compile the ${program.nodes.length} operations ` +
      `of ${program.name}, and this Node allows ${gigabytes(heap)}. ${REMEDY} Or allow more: ` +
      `NODE_OPTIONS=--max-old-space-size=${Math.ceil((2 * needed) / 2 ** 20)}.`,
  );
}

/** Code for V8. @throws EngineError where V8 refuses it, which has limits of its own */
export function moduleOf(bytes: Uint8Array<ArrayBuffer>): Module {
  try {
    return new webAssembly!.Module(bytes);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const megabytes = (bytes.length / 1e6).toFixed(1);
    throw new EngineError(
      `V8 ${process.versions.v8} refuses the code that the wasm engine made of the model, ${megabytes} MB: ${cause.message}. ` +
        `${REMEDY}`,
      { cause },
    );
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 3 : 1)} GiB`;
}
