import { EngineError } from "../../errors.ts";

/** An address of the process's memory. */
export type Address = bigint;

/** What is used of koffi: declared here, so that nobody needs the package to compile manychain. */
export interface Koffi {
  load(path: string | null): { func(definition: string): (...values: readonly unknown[]) => unknown };
  proto(result: string, parameters: readonly string[]): unknown;
  decode: {
    (value: Address, type: unknown): unknown;
    string(value: Address, length: number): string;
  };
  /** Of a buffer: where its bytes lie. They stay there as long as the buffer is reachable. */
  address(value: ArrayBufferLike): Address;
  /** Native memory as an ArrayBuffer that does not own it. */
  view(value: Address, bytes: number): ArrayBuffer;
}

/** A function of the plugin: takes the address of its arguments, gives that of an error, or null. */
export interface NativeFunction {
  (args: Address): Address | null;
  async(args: Address, done: (error: unknown, result: Address | null) => void): void;
}

/** @throws EngineError where koffi is not installed or does not load here */
export async function loadKoffi(): Promise<Koffi> {
  try {
    const module = (await import("koffi")) as unknown as { readonly default: Koffi };
    return module.default;
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new EngineError(
      `The xla engine needs the package koffi, which cannot be loaded here (${why}). Run: npm install koffi@3.3.4`,
    );
  }
}

/** Bytes of our own at a fixed place, zeroed. */
export interface Block {
  readonly words: BigUint64Array;
  readonly bytes: Uint8Array;
  readonly address: Address;
}

/** At least one word, so that there always is an address. */
export function block(koffi: Koffi, bytes: number): Block {
  const buffer = new ArrayBuffer(Math.max(8, Math.ceil(bytes / 8) * 8));
  return { words: new BigUint64Array(buffer), bytes: new Uint8Array(buffer), address: koffi.address(buffer) };
}

/** A copy of bytes, or of a text in UTF-8, at a fixed place. */
export function blockOf(koffi: Koffi, content: Uint8Array | string): Block {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const copy = block(koffi, bytes.length);
  copy.bytes.set(bytes);
  return copy;
}
