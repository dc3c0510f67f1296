import { type SchemaNode, schemaTree } from "./describe.ts";

/** What a run of the printer collects: the declarations by name, in the order in which they are needed. */
interface Printer {
  readonly resolved: boolean;
  readonly declarations: Map<string, string>;
  /** The title that each body was first declared with, so that what resolving does not change has one name. */
  readonly known: Map<string, string>;
}

/**
 * The source of types.ts: `Config`, what may be written, and `ResolvedConfig`, the same with every default filled in.
 * Generated, because exported types must be written out (isolatedDeclarations) and options are declared only once.
 */
export function typesSource(): string {
  const parts = [
    "/** The options of a run as types. Generated from schema.ts (test/config/documents.test.ts); do not edit. */",
  ];
  const known = new Map<string, string>();
  for (const io of ["input", "output"] as const) {
    const printer: Printer = { resolved: io === "output", declarations: new Map(), known };
    typeOf(schemaTree(io), printer);
    parts.push(...printer.declarations.values());
  }
  return `${parts.join("\n\n")}\n`;
}

function typeOf(node: SchemaNode, printer: Printer): string {
  const { title, properties } = node;
  if (title === undefined) return bodyOf(node, printer);
  const body = properties === undefined ? bodyOf(node, printer) : members(node, properties, printer);
  const name = printer.resolved ? (printer.known.get(`${title} ${body}`) ?? `Resolved${title}`) : title;
  if (name !== title || !printer.resolved) {
    const comment = node.description === undefined ? "" : `/** ${node.description} */\n`;
    const declaration = properties === undefined ? alias(name, body) : `export interface ${name} ${body}`;
    printer.declarations.set(name, comment + declaration);
    printer.known.set(`${title} ${body}`, name);
  }
  return name;
}

/** A type alias as the formatter lays it out: on one line where it fits into 120 columns. */
function alias(name: string, body: string): string {
  const line = `export type ${name} = ${body};`;
  if (line.length <= 120) return line;
  return `export type ${name} =${body
    .split(" | ")
    .map((each) => `\n  | ${each}`)
    .join("")};`;
}

function bodyOf(node: SchemaNode, printer: Printer): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return node.enum.map((each) => JSON.stringify(each)).join(" | ");
  const union = node.anyOf ?? node.oneOf;
  if (union !== undefined) return [...new Set(union.map((each) => typeOf(each, printer)))].join(" | ");
  if (node.type === "array") return listOf(typeOf(node.items ?? {}, printer));
  if (node.type === "object") {
    return `Readonly<Record<string, ${typeOf(node.additionalProperties || {}, printer)}>>`;
  }
  const names = [node.type ?? "unknown"].flat();
  return [...new Set(names.map((name) => (name === "integer" ? "number" : name)))].join(" | ");
}

function listOf(item: string): string {
  return item.includes(" ") ? `readonly (${item})[]` : `readonly ${item}[]`;
}

/** Another spelling as a type: integers may be bigint, for a program has both. */
function spelling(node: SchemaNode): string[] {
  if (node.type === "integer") return ["number", "bigint"];
  if (node.type === "object") return ["Readonly<Record<string, readonly (string | number)[]>>"];
  return (node.enum ?? []).map((each) => JSON.stringify(each));
}

function members(node: SchemaNode, properties: Readonly<Record<string, SchemaNode>>, printer: Printer): string {
  const lines = Object.entries(properties).flatMap(([key, each]) => {
    if (printer.resolved && each.consumed) return [];
    const canonical = typeOf(each, printer);
    const other = printer.resolved || each.spelling === undefined ? [] : spelling(each.spelling);
    const type = each.spelling?.type === "object" && other.length > 0 ? other : [canonical, ...other];
    const required = node.required?.includes(key) || (printer.resolved && each.computed !== undefined);
    return [...comment(each), `  readonly ${key}${required ? "" : "?"}: ${type.join(" | ")};`];
  });
  return `{\n${lines.join("\n")}\n}`;
}

function comment(node: SchemaNode): string[] {
  if (node.description === undefined) return [];
  const range = node.range === undefined ? "" : ` Expected: ${node.range}.`;
  const fallback = defaultText(node);
  return [`  /** ${node.description}${range}${fallback === "" ? "" : ` Default: ${fallback}.`} */`];
}

/** The default of an option as a config file would write it; empty for an option that has none. */
export function defaultText(node: SchemaNode): string {
  if (node.computed !== undefined) return node.computed;
  const value = node.default;
  if (value === undefined) return "";
  if (typeof value !== "object" || value === null) return value === "" ? '""' : String(value);
  const pairs = Object.entries(value).map(([key, each]) => `${key}: ${String(each)}`);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${value.join(", ")}]`;
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}
