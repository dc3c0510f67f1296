/** Draws in tables: one row a draw, one column a quantity, and perhaps columns that say which chain and draw a row is. */

import type { VariableRole } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import type { QuantityDraws } from "../array-reader.ts";
import { readRoles } from "../roles.ts";
import { CMDSTAN_STATISTICS } from "./cmdstan.ts";
import { CONTENT_DIGEST, checkContent } from "./content-digest.ts";
import { type DrawsTable, indexOf, quotedName } from "./read-index.ts";

/** Draws that were read, `[chain][draw]` of each quantity. */
export interface ReadDraws {
  readonly quantities: readonly QuantityDraws[];
  /** Statistics of the sampler under ArviZ's names (`diverging`, `energy` …), where the source has any. */
  readonly statistics?: readonly QuantityDraws[];
  /** What each quantity is, by its name, where the source tells. */
  readonly roles?: ReadonlyMap<string, VariableRole>;
  /** What was left out or taken in a way that a user should know of; whole sentences. */
  readonly notes?: readonly string[];
}

/** `beta.1.2` of CmdStan as `beta[1, 2]`. */
function quantityName(name: string): string {
  const parts = /^([^.]+)((?:\.\d+)+)$/.exec(name);
  return parts === null ? name : `${parts[1]}[${parts[2]!.slice(1).replaceAll(".", ", ")}]`;
}

const STATISTICS = new Map(Object.entries(CMDSTAN_STATISTICS).map(([name, theirs]) => [theirs, name]));
/** A column as ArviZ's `to_dataframe` names it: group, quantity, and perhaps its labels. */
const OF_GROUP = /^\('([a-z_]+)', '(.*?)'(?:, .*)?\)$/;

/** What a column holds, and under which name. */
interface Meaning {
  readonly kind: "quantity" | "statistic" | "other";
  readonly name: string;
}

function isFlag(values: Float64Array | undefined): boolean {
  return values?.every((value) => value === 0 || value === 1) ?? false;
}

/** `diverging` of a table without groups is the sampler's where it is a flag, and then `energy` is as well. */
function meaningIn(columns: DrawsTable["columns"]): (name: string) => Meaning {
  const isCmdstan = columns.has("lp__");
  const hasFlag = isFlag(columns.get("diverging"));
  return (name) => {
    const [, group, inner = ""] = OF_GROUP.exec(name) ?? [];
    if (group === "posterior") return { kind: "quantity", name: inner };
    if (group !== undefined) return { kind: group === "sample_stats" ? "statistic" : "other", name: inner };
    if (name.endsWith("__")) return { kind: "statistic", name: STATISTICS.get(name) ?? name.slice(0, -2) };
    if (hasFlag && (name === "diverging" || name === "energy")) return { kind: "statistic", name };
    return { kind: "quantity", name: isCmdstan ? quantityName(name) : name };
  };
}

/** Chains must be of one length. @throws StoreError that names those which are not */
function checkRows(table: DrawsTable, chains: readonly (readonly number[])[], labels?: readonly number[]): void {
  const [first] = chains;
  const odd = chains.findIndex((rows) => rows.length !== first?.length);
  if (odd === -1) return;
  const [a, b] = [0, odd].map((nth) => `chain ${labels?.[nth] ?? nth} has ${chains[nth]!.length} draws`);
  throw new StoreError(
    `${table.file}: ${a}, ${b}: all chains must have the same number. Cut them to one length, or leave a chain out.`,
  );
}

/** The draws in a table. Columns that end in `__` are the sampler's. @throws StoreError where there are none */
export function drawsOfTable(table: DrawsTable): ReadDraws {
  const { columns, file, unread } = table;
  const { chains, labels, taken, isComplete, notes: found } = indexOf(table);
  const meaning = meaningIn(columns);
  const notes = [...found];
  for (const [name, problem] of unread ?? []) {
    if (taken.has(name)) continue;
    if (meaning(name).kind === "quantity") throw new StoreError(`${file}: ${problem}`);
    notes.push(`the column ${quotedName(name)} of ${file} is left out: it has no numbers.`);
  }
  const quantities: QuantityDraws[] = [];
  const statistics: QuantityDraws[] = [];
  const others: string[] = [];
  checkRows(table, chains, labels);
  for (const [column, values] of columns) {
    if (taken.has(column)) continue;
    const { kind, name } = meaning(column);
    const draws = chains.map((rows) => Float64Array.from(rows, (row) => values[row]!));
    if (kind === "other") others.push(quotedName(column));
    else (kind === "statistic" ? statistics : quantities).push({ name, draws });
  }
  if (others.length > 0) notes.push(`columns of ${file} that are not of the posterior are left out: ${some(others)}.`);
  if (quantities.length === 0) throw new StoreError(`${file} has no quantities: expected one column for each.`);
  const { found: digest, isOurs = false } = table.digest ?? {};
  // What we write has both columns of the index: without, a name in it is damaged.
  const source = { file, where: `${CONTENT_DIGEST} from its metadata`, isOurs: isOurs || !isComplete };
  const note = checkContent(digest, quantities, source);
  if (note !== undefined) notes.push(note);
  const roles = readRoles(table.roles, quantities, file);
  return { quantities, roles, ...(statistics.length > 0 && { statistics }), ...(notes.length > 0 && { notes }) };
}

/** The first few of some names. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(", ");
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}

/** A list of numbers as a column, or in words what is wrong with the first cell that is none. */
export function numberColumn(name: string, values: ArrayLike<unknown>): Float64Array | string {
  if (values instanceof Float64Array) return values;
  if (values instanceof Float32Array || values instanceof Int32Array) return Float64Array.from(values);
  const column = new Float64Array(values.length);
  for (let row = 0; row < column.length; row++) {
    const value = values[row];
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
      column[row] = Number(value);
    } else if (value === null || value === undefined) column[row] = Number.NaN;
    else return `row ${row}, column ${quotedName(name)}: expected a number, found ${quotedName(String(value))}.`;
  }
  return column;
}

/** Puts columns together, those that hold something else than numbers apart. @throws StoreError for a name that is there twice */
export function tableOf(
  file: string,
  rows: number,
  found: Iterable<readonly [name: string, column: Float64Array | string]>,
): DrawsTable {
  const columns = new Map<string, Float64Array>();
  const unread = new Map<string, string>();
  for (const [name, column] of found) {
    if (name !== "" && (columns.has(name) || unread.has(name))) {
      throw new StoreError(`${file}: two columns are named ${quotedName(name)}.`);
    }
    if (typeof column === "string") unread.set(name, column);
    else columns.set(name, column);
  }
  return { file, rows, columns, unread };
}
