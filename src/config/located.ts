/** Config values that remember where they were written, so that an error about a merged config points at its line. */

/** A text that values come from. A `file` is quoted in errors by line; a `setting` or an `argument` by its label. */
export interface Source {
  readonly kind: "file" | "setting" | "argument";
  /** The path as the user wrote it, or `--set a.b=c`, or `config`. */
  readonly label: string;
  readonly text: string;
  /** The folder that paths in it are relative to. */
  readonly directory: string;
}

/** A stretch of a source, as offsets into its text. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export type Located =
  | { readonly kind: "scalar"; readonly value: unknown; readonly span: Span }
  | { readonly kind: "list"; readonly items: readonly Located[]; readonly span: Span }
  | LocatedMap;

export interface LocatedMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly span: Span;
}

export interface Entry {
  readonly key: Span;
  readonly node: Located;
}

export type Path = readonly (string | number)[];

/** `data.x[3].csv` */
export function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");
}

/** The plain value. Integers beyond 2⁵³ stay bigint for the seed alone. */
export function plain(node: Located, path: Path = []): unknown {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "bigint" && path[0] !== "seed" ? Number(node.value) : node.value;
    case "list":
      return node.items.map((item, i) => plain(item, [...path, i]));
    case "map":
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node, [...path, key])]));
  }
}

/** Where `path` was written: its value, or (for `key`) its key; the nearest enclosing value when it was not written. */
export function spanAt(root: Located, path: Path, part: "key" | "value" = "value"): Span {
  let node = root;
  let span = root.span;
  for (const [i, step] of path.entries()) {
    const entry = node.kind === "map" ? node.entries.get(String(step)) : undefined;
    const next = entry?.node ?? (node.kind === "list" && typeof step === "number" ? node.items[step] : undefined);
    if (next === undefined) return span;
    span = entry !== undefined && part === "key" && i === path.length - 1 ? entry.key : next.span;
    node = next;
  }
  return span;
}

/** The node at `path`, if it was written. */
export function nodeAt(root: Located, path: Path): Located | undefined {
  let node: Located | undefined = root;
  for (const step of path) {
    if (node?.kind === "map") node = node.entries.get(String(step))?.node;
    else if (node?.kind === "list" && typeof step === "number") node = node.items[step];
    else return undefined;
  }
  return node;
}

/** A map with one nested entry: `a.b.c` over `node`. */
export function nest(path: readonly string[], node: Located): Located {
  return path.reduceRight<Located>((inner, key) => {
    return { kind: "map", entries: new Map([[key, { key: inner.span, node: inner }]]), span: inner.span };
  }, node);
}
