import { EngineError } from "../../errors.ts";

/** The part of the WebAssembly JavaScript interface that the engine uses (Node's types do not declare it). */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: MemoryDescriptor) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (module: Module, imports: { readonly env?: { readonly memory: Memory } }) => Instance;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

export interface MemoryDescriptor {
  /** In pages of 64 KiB, as `maximum`. */
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** Bytes of a page. */
export const PAGE = 65536;

/** Most pages that a memory may have. */
export const MOST_PAGES = 65536;

export interface Memory {
  /** Shared or not, as the memory is. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A memory of that many bytes at least, which can grow; one that threads can share, or not. @throws EngineError */
export function newMemory(bytes: number, shared: boolean): Memory {
  const initial = Math.ceil(bytes / PAGE);
  return orTooMuch(
    bytes,
    () => new webAssembly!.Memory(shared ? { initial, maximum: MOST_PAGES, shared } : { initial }),
  );
}

/** Lets a memory have that many bytes at least. @throws EngineError */
export function growTo(memory: Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing > 0) orTooMuch(bytes, () => memory.grow(missing));
}

function orTooMuch<T>(bytes: number, get: () => T): T {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError(
      `The wasm engine needs ${(bytes / 2 ** 30).toFixed(1)} GiB for the chains of one batch, and cannot have them: WebAssembly ` +
        "has 4 GiB at most, and this machine may have less. Take more batches of fewer chains (`batches`), shorter blocks " +
        "(`block`), or the engine xla.",
      { cause: error },
    );
  }
}

/** Compiled code; opaque. */
export type Module = object;

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export const webAssembly: WebAssemblyInterface | undefined = (
  globalThis as { readonly WebAssembly?: WebAssemblyInterface }
).WebAssembly;
