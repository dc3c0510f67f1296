import { type Block, block, blockOf, type Koffi } from "./koffi.ts";

/** Options of a plugin by name. */
export type NamedValues = Readonly<Record<string, number | boolean | string>>;

/** PJRT_NamedValue[]: 56 bytes each. */
export interface NamedValueList {
  readonly count: number;
  readonly list: Block;
  /** What the list points to: keep it reachable as long as the list is used. */
  readonly texts: readonly Block[];
}

const BYTES = 56;
const TYPES = { string: 0, number: 1, boolean: 4 } as const;

export function namedValues(koffi: Koffi, values: NamedValues): NamedValueList {
  const entries = Object.entries(values);
  const list = block(koffi, entries.length * BYTES);
  const view = new DataView(list.bytes.buffer);
  const texts = entries.flatMap(([name, value], i) => {
    const [key, text] = [blockOf(koffi, name), blockOf(koffi, String(value))];
    const at = i * BYTES;
    view.setBigUint64(at, BigInt(BYTES), true);
    view.setBigUint64(at + 16, key.address, true);
    view.setBigUint64(at + 24, BigInt(name.length), true);
    view.setInt32(at + 32, TYPES[typeof value as keyof typeof TYPES], true);
    view.setBigUint64(at + 40, typeof value === "string" ? text.address : BigInt(value), true);
    view.setBigUint64(at + 48, typeof value === "string" ? BigInt(new TextEncoder().encode(value).length) : 1n, true);
    return [key, text];
  });
  return { count: entries.length, list, texts };
}
