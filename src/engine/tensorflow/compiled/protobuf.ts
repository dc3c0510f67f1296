/** The little of protocol buffers that a SavedModel takes: a message is its fields, one after the other. */

const text = new TextEncoder();

/** A message of these fields. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

/** A field that holds a message, bytes or a text. */
export function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? text.encode(content) : content;
  return message(varint(number * 8 + 2), varint(bytes.length), bytes);
}

/** A field that holds an integer from 0, an enumeration or a truth value. */
export function integer(number: number, value: number): Uint8Array {
  return message(varint(number * 8), varint(value));
}

/** Seven bits a byte, the lowest first; any byte but the last has its top bit set. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}
