import { z } from "zod";
import { configSchema } from "./schema.ts";

/** A node of the schema as JSON Schema, with the words that schema.ts attaches to each option. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly range?: string;
  readonly computed?: string;
  readonly spelling?: SchemaNode;
  readonly consumed?: true;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

const trees = new Map<string, SchemaNode>();

/** The schema as plain data: of what may be written (`input`), or of the resolved config (`output`). */
export function schemaTree(io: "input" | "output"): SchemaNode {
  let tree = trees.get(io);
  if (tree === undefined) {
    tree = z.toJSONSchema(configSchema, { io }) as SchemaNode;
    trees.set(io, tree);
  }
  return tree;
}

/** The alternatives of a union, or the node itself. */
export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return (node.anyOf ?? node.oneOf ?? [node]).flatMap((each) => (each === node ? [each] : alternatives(each)));
}

function child(node: SchemaNode, key: string | number): SchemaNode | undefined {
  if (typeof key === "number") return node.items;
  const own = node.properties !== undefined && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined;
  return own ?? (node.additionalProperties === false ? undefined : node.additionalProperties);
}

/** Whether the fixed `name` of an alternative (such as `hmc`) differs from the value's. */
export function contradicts(node: SchemaNode, value: unknown): boolean {
  const expected = node.properties?.["name"]?.const;
  if (expected === undefined || typeof value !== "object" || value === null) return false;
  const { name } = value as { name?: unknown };
  return name !== undefined && name !== expected;
}

/** Every schema node that can stand at `path` of `value`. */
export function nodesAt(path: readonly (string | number)[], value: unknown): SchemaNode[] {
  let nodes: SchemaNode[] = [schemaTree("input")];
  let current = value;
  for (const key of path) {
    const options = nodes.flatMap(alternatives);
    const fitting = options.filter((node) => !contradicts(node, current));
    nodes = (fitting.length > 0 ? fitting : options).flatMap((node) => child(node, key) ?? []);
    current = typeof current === "object" && current !== null ? (current as Record<string, unknown>)[key] : undefined;
  }
  return nodes;
}

/** A node as a published schema has it: other spellings spelt out, our own words folded into the description. */
function published(node: SchemaNode): Record<string, unknown> {
  const { range, computed, spelling, consumed: _, ...rest } = node;
  const words = [rest.description, range && `Expected: ${range}.`, computed && `Default: ${computed}.`];
  const description = words.filter(Boolean).join(" ");
  const out: Record<string, unknown> = { ...rest, ...(description === "" ? {} : { description }) };
  if (rest.properties !== undefined) {
    out["properties"] = Object.fromEntries(
      Object.entries(rest.properties).map(([key, each]) => [key, published(each)]),
    );
  }
  for (const key of ["additionalProperties", "items"] as const) if (rest[key]) out[key] = published(rest[key]);
  for (const key of ["anyOf", "oneOf"] as const) if (rest[key]) out[key] = rest[key].map(published);
  if (spelling === undefined) return out;
  const { default: fallback, description: shown, ...canonical } = out;
  return { description: shown, default: fallback, anyOf: [spelling, canonical] };
}

/** The JSON Schema (draft 2020-12) of a config file, for editors and other tools. */
export function jsonSchema(): Record<string, unknown> {
  return published(schemaTree("input"));
}
