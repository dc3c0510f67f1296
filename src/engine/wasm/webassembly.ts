/** The part of the WebAssembly JavaScript interface that the engine uses (Node's types do not declare it). */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (module: Module, imports: { readonly env?: { readonly memory: Memory } }) => Instance;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Compiled code; opaque. */
export type Module = object;

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export const webAssembly: WebAssemblyInterface | undefined = (
  globalThis as { readonly WebAssembly?: WebAssemblyInterface }
).WebAssembly;
