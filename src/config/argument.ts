import type { Entry, Located, Source, Span } from "./located.ts";
import { configError } from "./problems.ts";

const MAX_DEPTH = 64;

/** A source for values that a program or the command line hands over; errors name it by `label`. */
export function argumentSource(label: string, directory: string): Source {
  return { kind: "argument", label, text: "", directory };
}

/**
 * Plain JavaScript values as located ones. Typed arrays count as lists; keys with the value `undefined` are left out.
 *
 * @throws ConfigError for what no config file could hold (functions, symbols, cycles, a `__proto__` key).
 */
export function fromValue(value: unknown, source: Source): Located {
  return convert(value, { source, start: 0, end: 0 }, 0);
}

function convert(value: unknown, span: Span, depth: number): Located {
  if (depth > MAX_DEPTH) {
    throw configError([{ text: `nested too deeply (more than ${MAX_DEPTH} levels, or a cycle)`, span }]);
  }
  if (Array.isArray(value)) {
    return { kind: "list", items: value.map((item: unknown) => convert(item, span, depth + 1)), span };
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from(value as unknown as Iterable<unknown>, (item) => convert(item, span, depth + 1));
    return { kind: "list", items, span };
  }
  if (typeof value === "object" && value !== null) return convertObject(value, span, depth);
  if (typeof value === "function" || typeof value === "symbol") {
    throw configError([{ text: `expected plain data (as a YAML file could hold), found a ${typeof value}`, span }]);
  }
  const safe = typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return { kind: "scalar", value: safe, span };
}

function convertObject(value: object, span: Span, depth: number): Located {
  const entries = new Map<string, Entry>();
  for (const [key, each] of Object.entries(value)) {
    if (key === "__proto__") throw configError([{ text: '"__proto__" cannot be used as a key', span }]);
    if (each !== undefined) entries.set(key, { key: span, node: convert(each, span, depth + 1) });
  }
  return { kind: "map", entries, span };
}
