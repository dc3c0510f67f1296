import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, type YAMLError } from "yaml";
import { jsonErrorOffset } from "./json.ts";
import type { Entry, Located, Source, Span } from "./located.ts";
import { configError, type Problem, printable } from "./problems.ts";

const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_DEPTH = 64;
/** Values that aliases may expand to in all: far above honest use, far below what fills a memory. */
const MAX_ALIASED = 100_000;

const TAGS = "tags (!…) are not used in a config; remove it";
/** Tags that only say what a value is anyway. */
const PLAIN_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

interface Reader {
  readonly source: Source;
  readonly problems: Problem[];
  readonly anchors: Map<string, unknown>;
  readonly open: Set<unknown>;
  aliased: number;
  inAlias: number;
}

/**
 * Reads YAML (or JSON, for a source whose label ends in `.json`) into located values.
 *
 * @throws ConfigError with every syntax error, duplicate key, tag, endless or exploding alias, by line and column.
 */
export function parseText(source: Source): Located {
  const whole = { source, start: 0, end: 0 };
  if (source.text.length > MAX_CHARACTERS) {
    const text = "expected a config of at most 16 MiB; put large data into a CSV file";
    throw configError([{ text, span: whole }]);
  }
  const json = source.kind === "file" && source.label.endsWith(".json") ? jsonProblem(source) : undefined;
  if (json !== undefined) throw configError([json]);
  const reader: Reader = { source, problems: [], anchors: new Map(), open: new Set(), aliased: 0, inAlias: 0 };
  const document = readDocument(source, reader);
  const located = reader.problems.length === 0 ? convert(document.contents, reader, 0) : undefined;
  if (reader.problems.length > 0 || located === undefined) throw configError(reader.problems);
  return located;
}

function readDocument(source: Source, reader: Reader): Document {
  let document: Document;
  try {
    document = parseDocument(source.text, {
      intAsBigInt: true,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
  } catch (error) {
    // The parser recurses on nesting, so a hostile file can exhaust the stack.
    const text = error instanceof RangeError ? "nested too deeply" : `not valid YAML: ${printable(String(error))}`;
    throw configError([{ text, span: { source, start: 0, end: 0 } }]);
  }
  const issues = [...document.errors, ...document.warnings];
  if (issues.some((issue) => issue.message.includes("call stack"))) {
    throw configError([{ text: "nested too deeply", span: { source, start: 0, end: 0 } }]);
  }
  for (const issue of issues) reader.problems.push(yamlProblem(issue, source));
  return document;
}

function yamlProblem(issue: YAMLError, source: Source): Problem {
  const [start, end] = issue.pos;
  const span = { source, start, end: Math.max(end, start + 1) };
  if (issue.code === "TAG_RESOLVE_FAILED") return { text: TAGS, span };
  if (issue.code === "MULTIPLE_DOCS") return { text: "expected one document, found a second one (---)", span };
  return { text: `not valid YAML: ${printable(issue.message)}`, span };
}

/** YAML accepts more than JSON; a `.json` file must be what its name says. */
function jsonProblem(source: Source): Problem | undefined {
  if (source.text.trim() === "") return undefined;
  const start = jsonErrorOffset(source.text);
  if (start === undefined) return undefined;
  const atEnd = start >= source.text.length;
  const found = atEnd
    ? "end of the file"
    : printable(JSON.stringify(String.fromCodePoint(source.text.codePointAt(start)!)));
  return { text: `not valid JSON: unexpected ${found}`, span: { source, start, end: start + 1 } };
}

function spanOf(node: unknown, source: Source): Span {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return { source, start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

function fail(reader: Reader, text: string, node: unknown): undefined {
  reader.problems.push({ text, span: spanOf(node, reader.source) });
  return undefined;
}

function convert(node: unknown, reader: Reader, depth: number): Located | undefined {
  const span = spanOf(node, reader.source);
  if (depth > MAX_DEPTH) return fail(reader, `nested too deeply (more than ${MAX_DEPTH} levels)`, node);
  if (reader.inAlias > 0 && ++reader.aliased > MAX_ALIASED) {
    const tooMany = `aliases (*…) expand to more than ${MAX_ALIASED} values`;
    return reader.aliased === MAX_ALIASED + 1 ? fail(reader, tooMany, node) : undefined;
  }
  if (isAlias(node)) return convertAlias(node.source, node, reader, depth);
  const anchor = (node as { anchor?: string } | null)?.anchor;
  if (anchor !== undefined) reader.anchors.set(anchor, node);
  reader.open.add(node);
  const tag = (node as { tag?: string } | null)?.tag;
  if (tag !== undefined && !PLAIN_TAG.test(tag)) return fail(reader, TAGS, node);
  const located = convertValue(node, span, reader, depth);
  reader.open.delete(node);
  return located;
}

function convertAlias(name: string, alias: unknown, reader: Reader, depth: number): Located | undefined {
  const target = reader.anchors.get(name);
  if (target === undefined) return fail(reader, `alias *${printable(name)} has no anchor before it`, alias);
  if (reader.open.has(target)) return fail(reader, `alias *${printable(name)} contains itself`, alias);
  reader.inAlias += 1;
  const located = convert(target, reader, depth + 1);
  reader.inAlias -= 1;
  return located;
}

function convertValue(node: unknown, span: Span, reader: Reader, depth: number): Located | undefined {
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item, reader, depth + 1));
    return { kind: "list", items: items.filter((item) => item !== undefined), span };
  }
  if (isMap(node)) {
    const entries = new Map<string, Entry>();
    for (const item of node.items) if (isPair(item)) addPair(item, entries, reader, depth);
    return { kind: "map", entries, span };
  }
  const value: unknown = isScalar(node) ? node.value : node;
  const safe = typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return { kind: "scalar", value: safe ?? null, span };
}

function addPair(pair: Pair, entries: Map<string, Entry>, reader: Reader, depth: number): void {
  if (!isScalar(pair.key)) {
    fail(reader, "expected a key that is plain text", pair.key ?? pair.value);
    return;
  }
  const key = typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? String(pair.key.value));
  const quoted = printable(JSON.stringify(key));
  if (key === "__proto__") {
    fail(reader, `${quoted} cannot be used as a key`, pair.key);
    return;
  }
  if (entries.has(key)) {
    fail(reader, `key ${quoted} is given twice`, pair.key);
    return;
  }
  const span = spanOf(pair.key, reader.source);
  const empty: Located = { kind: "scalar", value: null, span };
  const node = pair.value === null ? empty : convert(pair.value, reader, depth + 1);
  if (node !== undefined) entries.set(key, { key: span, node });
}
