import type { Precision } from "../../draws.ts";
import { EngineError } from "../../errors.ts";
import type { GeneratedKernel } from "./generate.ts";
import type { RunFunction } from "./helper.ts";
import type { RunArguments } from "./part.ts";
import { type Memory, type Module, newMemory, webAssembly } from "./webassembly.ts";

/** A section with a name and nothing in it, which makes other bytes of the same code: V8 compiles it anew. */
const OTHER = [0, 5, 4, 0x74, 0x77, 0x69, 0x6e];

/** Seconds of computing after which a kernel is checked: V8 has optimised it by the first, and whatever is rare by the second. */
export const CHECKED_AFTER: readonly number[] = [0.3, 3];

/** Bytes of memory up to which a kernel is checked: two copies of more might not fit. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What a check needs: the code that runs, and where it stands. */
export interface Standing {
  readonly generated: GeneratedKernel;
  readonly module: Module;
  readonly memory: Memory;
  /** Of its next call, of one iteration. */
  readonly given: RunArguments;
}

/**
 * Vectors of 256 bits (`wide.ts`) change no bit, or V8 has an error. So a kernel makes its first group's next iteration
 * twice, in copies of its memory: by the code that runs, and by the same code compiled anew, which V8 has not optimised yet.
 * @throws EngineError where they differ
 */
export function checkTwin(standing: Standing): void {
  const { generated, module } = standing;
  if (bytesOf(standing) > MOST_BYTES) return;
  const twin = new webAssembly!.Module(Uint8Array.from([...generated.module, ...OTHER]));
  if (agree(after(standing, module), after(standing, twin), generated.layout.precision)) return;
  throw new EngineError(
    `V8 ${process.versions.v8} made other numbers with vectors of 256 bits than with those of 128, which it must not. ` +
      "The draws of this run are not to be trusted: run it anew with `wide: false`, which does without them, and report this.",
  );
}

/** A copy of as much of the memory as it takes, after the first group's next iteration. */
function after({ generated, memory, given }: Standing, module: Module): ArrayBuffer {
  const [group, , , record, schedule] = given;
  const bytes = bytesOf({ generated, given });
  const copy = newMemory(bytes, generated.shared);
  new Uint8Array(copy.buffer).set(new Uint8Array(memory.buffer, 0, bytes));
  const instance = new webAssembly!.Instance(module, { env: { memory: copy } });
  (instance.exports["run"] as RunFunction)(group, 1, 1, record, schedule);
  return copy.buffer;
}

/** Of the memory that the iteration needs: up to the end of its schedule, which comes last. */
function bytesOf({ generated, given }: Pick<Standing, "generated" | "given">): number {
  return given[4] + generated.scheduled.length * generated.laneBytes;
}

/** The same bits, but for those of numbers that are none: which of two a sum keeps is left open. */
export function agree(a: ArrayBuffer, b: ArrayBuffer, precision: Precision): boolean {
  const View = precision === "float32" ? Float32Array : Float64Array;
  const [x, y] = [new View(a), new View(b)];
  return x.length === y.length && x.every((value, i) => Object.is(value, y[i]));
}
