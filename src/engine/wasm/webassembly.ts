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

/** A memory of that many bytes at least, which can grow; one that threads can share, or not. */
export function newMemory(bytes: number, shared: boolean): Memory {
  const initial = Math.ceil(bytes / PAGE);
  return new webAssembly!.Memory(shared ? { initial, maximum: MOST_PAGES, shared } : { initial });
}

/** Compiled code; opaque. */
export type Module = object;

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export const webAssembly: WebAssemblyInterface | undefined = (
  globalThis as { readonly WebAssembly?: WebAssemblyInterface }
).WebAssembly;
