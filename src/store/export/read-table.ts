/** Draws in tables: one row a draw, one column a quantity, and perhaps columns that say which chain and draw a row is. */

import { StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { CMDSTAN_STATISTICS } from "./cmdstan.ts";

/** Draws that were read, `[chain][draw]` of each quantity. */
export interface ReadDraws {
  readonly quantities: readonly QuantityDraws[];
  /** Statistics of the sampler under ArviZ's names (`diverging`, `energy` …), where the source has any. */
  readonly statistics?: readonly QuantityDraws[];
}

/** Columns of one length. */
export interface DrawsTable {
  readonly file: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Names that tables give to the index of the chain and of the draw; the last are of R's posterior package. */
const CHAIN = ["chain", ".chain"];
const DRAW = ["draw", ".iteration"];
const INDEX: ReadonlySet<string> = new Set([...CHAIN, ...DRAW, ".draw"]);

/** Text of a name that came from a file, for an error message. */
export function quotedName(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}

function pick(columns: DrawsTable["columns"], names: readonly string[]): Float64Array | undefined {
  const name = names.find((candidate) => columns.has(candidate));
  return name === undefined ? undefined : columns.get(name);
}

/** The rows of each chain in the order of their draws; chains in ascending order. */
function rowsOfChains({ rows, columns }: DrawsTable): number[][] {
  const chain = pick(columns, CHAIN);
  const draw = pick(columns, DRAW);
  const byChain = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const key = chain?.[row] ?? 0;
    const list = byChain.get(key);
    if (list === undefined) byChain.set(key, [row]);
    else list.push(row);
  }
  const chains = [...byChain].sort(([a], [b]) => a - b).map(([, list]) => list);
  if (draw !== undefined) for (const list of chains) list.sort((a, b) => draw[a]! - draw[b]!);
  return chains;
}

/** `beta.1.2` of CmdStan as `beta[1, 2]`. */
function quantityName(name: string): string {
  const parts = /^([^.]+)((?:\.\d+)+)$/.exec(name);
  return parts === null ? name : `${parts[1]}[${parts[2]!.slice(1).replaceAll(".", ", ")}]`;
}

const STATISTICS = new Map(Object.entries(CMDSTAN_STATISTICS).map(([name, theirs]) => [theirs, name]));

/** The draws in a table. Columns that end in `__` are the sampler's. @throws StoreError where there are none */
export function drawsOfTable(table: DrawsTable): ReadDraws {
  const { columns, file } = table;
  const chains = rowsOfChains(table);
  const isCmdstan = columns.has("lp__");
  const quantities: QuantityDraws[] = [];
  const statistics: QuantityDraws[] = [];
  for (const [name, values] of columns) {
    if (INDEX.has(name)) continue;
    const draws = chains.map((rows) => Float64Array.from(rows, (row) => values[row]!));
    if (name.endsWith("__")) statistics.push({ name: STATISTICS.get(name) ?? name.slice(0, -2), draws });
    else quantities.push({ name: isCmdstan ? quantityName(name) : name, draws });
  }
  if (quantities.length === 0) throw new StoreError(`${file} has no quantities: expected one column for each.`);
  return { quantities, ...(statistics.length > 0 && { statistics }) };
}

/** A list of numbers as a column. @throws StoreError where one is none */
export function numberColumn(file: string, name: string, values: ArrayLike<unknown>): Float64Array {
  if (values instanceof Float64Array) return values;
  if (values instanceof Float32Array || values instanceof Int32Array) return Float64Array.from(values);
  const column = new Float64Array(values.length);
  for (let row = 0; row < column.length; row++) {
    const value = values[row];
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
      column[row] = Number(value);
    } else if (value === null || value === undefined) column[row] = Number.NaN;
    else {
      throw new StoreError(
        `${file}: row ${row}, column ${quotedName(name)}: expected a number, found ${quotedName(String(value))}.`,
      );
    }
  }
  return column;
}
