/** Which columns of a table say what chain and draw a row is, and which rows are of which chain. */
import { StoreError } from "../../errors.ts";

/** Columns of one length. */
export interface DrawsTable {
  readonly file: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** Columns that hold something else than numbers, and what is wrong with the first such cell. */
  readonly unread?: ReadonlyMap<string, string>;
  /** What the metadata say of the roles of variables. */
  readonly roles?: unknown;
  /** The digest that an export of ours carries, and whether nobody but manychain wrote the file. */
  readonly digest?: { readonly found: unknown; readonly isOurs: boolean };
}

/** Rows by chain, and the columns that are no quantities. */
export interface TableIndex {
  /** Rows of each chain in the order of their draws; chains in ascending order. */
  readonly chains: readonly (readonly number[])[];
  /** The chains as the table numbers them; undefined where it has no column for them. */
  readonly labels?: readonly number[];
  /** Whether columns say both the chain and the draw, and none numbers rows: as in what we write. */
  readonly isComplete: boolean;
  /** Columns that are part of the index, or number the rows. */
  readonly taken: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** What a column of an index says. A `draw` may count over all chains, an `iteration` counts within one. */
type Role = "chain" | "iteration" | "draw";

const WORDS: Readonly<Record<Role, readonly string[]>> = {
  chain: ["chain", "chains"],
  iteration: ["iteration", "iter", "iterations", "iters"],
  draw: ["draw", "draws"],
};
const SUFFIXES = ["", "_id", "id", "_index", "_idx", "idx", "_number", "_num", "_no", "_nr"];

function namesOf(role: Role): readonly string[] {
  return SUFFIXES.flatMap((suffix) => WORDS[role].map((word) => `${word}${suffix}`));
}

/** Names without the dot of R's posterior and the underscores of CmdStanPy, the likeliest first. */
const ROLES: Readonly<Record<Role, readonly string[]>> = {
  chain: namesOf("chain"),
  iteration: namesOf("iteration"),
  draw: namesOf("draw"),
};

/** Text of a name that came from a file, for an error message. */
export function quotedName(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}

/** What an axis or a column of this name stands for, whatever its spelling. */
export function roleOf(name: string): Role | undefined {
  const bare = bareName(name);
  return (Object.keys(ROLES) as Role[]).find((role) => ROLES[role].includes(bare));
}

function bareName(name: string): string {
  return name.trim().toLowerCase().replace(/^\./, "").replace(/__$/, "").replaceAll(/[ .-]/g, "_");
}

/** Names that no quantity has: `.chain` of R's posterior, `chain__` of CmdStanPy. */
function isReserved(name: string): boolean {
  return name.startsWith(".") || name.endsWith("__");
}

/** A column that numbers the rows: nameless (R's write.csv, pandas' to_csv), or what those are called once read again. */
function numbersRows(name: string, position: number, values: Float64Array | undefined): boolean {
  if (name === "" || /^(?:Unnamed: \d+|__index_level_\d+__)$/.test(name)) return true;
  if (position > 0 || !/^(?:X|[Ii]ndex|[Rr]ow|rowid|row_id|rownames)$/.test(name) || values === undefined) return false;
  if (values.length < 4) return false;
  const [first = Number.NaN] = values;
  return (first === 0 || first === 1) && values.every((value, row) => value === first + row);
}

/** The column of each role: where some have names that no quantity has, those alone. */
function columnsOfRoles(names: readonly string[], table: DrawsTable, notes: string[]): Map<Role, string> {
  const found = new Map<Role, string>();
  const hasReserved = names.some((name) => isReserved(name) && roleOf(name) !== undefined);
  const candidates = names.filter((name) => isReserved(name) === hasReserved);
  for (const [role, bare] of Object.entries(ROLES) as [Role, readonly string[]][]) {
    const fitting = candidates.filter((name) => roleOf(name) === role);
    fitting.sort((a, b) => bare.indexOf(bareName(a)) - bare.indexOf(bareName(b)));
    const name = fitting.find((each) => countsOf(each, table, notes));
    if (name !== undefined) found.set(role, name);
  }
  return found;
}

/** True if a column holds whole numbers, as an index does. @throws StoreError where some of them are missing */
function countsOf(name: string, { file, columns, unread }: DrawsTable, notes: string[]): boolean {
  const values = columns.get(name);
  if (values === undefined) {
    throw new StoreError(
      `${file}: column ${quotedName(name)} should number chains or draws. ${unread?.get(name) ?? ""}`.trim(),
    );
  }
  const isFraction = values.some((value) => Number.isFinite(value) && !Number.isInteger(value));
  if (isFraction) {
    notes.push(
      `column ${quotedName(name)} of ${file} has no whole numbers: it is taken as a quantity, not as an index.`,
    );
    return false;
  }
  const missing = values.findIndex((value) => !Number.isSafeInteger(value));
  if (missing === -1) return true;
  throw new StoreError(
    `${file}: row ${missing + 1}, column ${quotedName(name)}: expected a whole number, found ${values[missing]}.`,
  );
}

function rowsByChain(rows: number, chain: Float64Array | undefined): Map<number, number[]> {
  const byChain = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const key = chain?.[row] ?? 0;
    const list = byChain.get(key);
    if (list === undefined) byChain.set(key, [row]);
    else list.push(row);
  }
  return new Map([...byChain].sort(([a], [b]) => a - b));
}

/** Refuses a table that has a draw of a chain twice. */
function refuseDoubles(
  table: DrawsTable,
  rows: readonly number[],
  order: { readonly name: string; readonly values: Float64Array },
  chain: number | undefined,
): void {
  const at = rows.findIndex((row, i) => i > 0 && order.values[row] === order.values[rows[i - 1]!]);
  if (at === -1) return;
  const draw = order.values[rows[at]!];
  const count = rows.filter((row) => order.values[row] === draw).length;
  const of = chain === undefined ? "" : `chain ${chain}, `;
  const found = `${table.file} has ${count} rows for ${of}${quotedName(order.name)} ${draw}`;
  if (chain === undefined) {
    throw new StoreError(
      `${found}, and no column that says which chain a row is of: add a column \`chain\`, or write one file a chain.`,
    );
  }
  const others = [...(table.unread?.keys() ?? [])].slice(0, 3).map(quotedName).join(", ");
  const why =
    others === "" ? "rows are doubled, or it is a long table" : `it is a long table, one row for each ${others}`;
  throw new StoreError(
    `${found}: ${why}. diagnose takes one row a draw and one column a quantity. Write it wide (pandas: ` +
      '`frame.pivot(index=["chain", "draw"], columns=…, values=…)`; R: `tidyr::pivot_wider`), or save what xarray holds with `to_netcdf`.',
  );
}

/** Finds the index of a table. @throws StoreError where it is not one row for each draw of each chain */
export function indexOf(table: DrawsTable): TableIndex {
  const notes: string[] = [];
  const all = [...table.columns.keys(), ...(table.unread?.keys() ?? [])];
  const numbers = all.filter((name, position) => numbersRows(name, position, table.columns.get(name)));
  if (numbers.length > 0) {
    const named = numbers.map((name) => (name === "" ? "without a name" : quotedName(name))).join(", ");
    notes.push(`the column ${named} of ${table.file} is left out: it numbers the rows.`);
  }
  const roles = columnsOfRoles(
    all.filter((name) => !numbers.includes(name)),
    table,
    notes,
  );
  const column = (role: Role): { name: string; values: Float64Array } | undefined => {
    const name = roles.get(role);
    return name === undefined ? undefined : { name, values: table.columns.get(name)! };
  };
  const chain = column("chain");
  const order = column("iteration") ?? column("draw");
  const byChain = rowsByChain(table.rows, chain?.values);
  if (order !== undefined) {
    for (const [label, rows] of byChain) {
      rows.sort((a, b) => order.values[a]! - order.values[b]!);
      refuseDoubles(table, rows, order, chain === undefined ? undefined : label);
    }
  }
  return {
    chains: [...byChain.values()],
    isComplete: chain !== undefined && order !== undefined && numbers.length === 0,
    ...(chain !== undefined && { labels: [...byChain.keys()] }),
    taken: new Set([...numbers, ...roles.values()]),
    notes,
  };
}
