import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { parseCsv, type Table } from "../config/csv.ts";
import { ConfigError } from "../errors.ts";
import { plain } from "./output.ts";

/** Draws of other programs. */
export interface ReadDraws {
  /** By quantity, `[chain][draw]`. */
  readonly quantities: ReadonlyMap<string, Float64Array[]>;
  /** Divergent transitions of each chain, where the files say. */
  readonly divergences?: readonly number[];
}

const READABLE =
  "diagnose reads a results folder, CmdStan's CSV files (one a chain), or CSV with one column a quantity and, for " +
  "several chains in one file, a column `chain` (and `draw`).";

/** Columns of one chain. */
type ChainColumns = ReadonlyMap<string, Float64Array>;

/**
 * Reads the draws of CSV files. CmdStan's: a comment line begins with #, `theta.1` becomes `theta[1]`, and columns that
 * end in __ are the sampler's.
 *
 * @throws ConfigError for what cannot be read, is not a number, or does not fit together
 */
export function readDrawsFiles(paths: readonly string[]): ReadDraws {
  const chains = paths.flatMap(readChains);
  const [first] = chains;
  if (first === undefined) throw new ConfigError(`there are no draws in ${plain(paths.join(", "))}.`);
  const names = [...first.keys()];
  chains.forEach((chain, index) => {
    const same = names.length === chain.size && names.every((name) => chain.has(name));
    if (!same) throw new ConfigError(`chain ${index} has other columns than chain 0: all chains must have the same.`);
    const length = chain.get(names[0]!)!.length;
    const expected = first.get(names[0]!)!.length;
    if (length === expected) return;
    throw new ConfigError(
      `chain ${index} has ${length} draws, chain 0 has ${expected}: all chains must have the same number.`,
    );
  });
  const quantities = names.filter((name) => !name.endsWith("__"));
  const draws = (name: string): Float64Array[] => chains.map((chain) => chain.get(name)!);
  return {
    quantities: new Map(quantities.map((name) => [quantityName(name, names), draws(name)])),
    ...(names.includes("divergent__") && {
      divergences: draws("divergent__").map((chain) => chain.reduce((a, b) => a + b, 0)),
    }),
  };
}

/** `beta.1.2` of CmdStan as `beta[1, 2]`. */
function quantityName(name: string, all: readonly string[]): string {
  const parts = /^([^.]+)((?:\.\d+)+)$/.exec(name);
  if (parts === null || !all.includes("lp__")) return name;
  return `${parts[1]}[${parts[2]!.slice(1).replaceAll(".", ", ")}]`;
}

function readChains(path: string): ChainColumns[] {
  if (extname(path).toLowerCase() !== ".csv") throw new ConfigError(`cannot read ${plain(path)}: ${READABLE}`);
  const table = parseCsv(readText(path), path);
  const chainColumn = table.header.indexOf("chain");
  if (chainColumn === -1) return [columns(table, [...table.rows.keys()])];
  const rowsOf = new Map<number, number[]>();
  for (const row of table.rows.keys()) {
    const chain = numberAt(table, row, chainColumn);
    const rows = rowsOf.get(chain) ?? [];
    rowsOf.set(chain, rows);
    rows.push(row);
  }
  const ordered = [...rowsOf].sort(([a], [b]) => a - b);
  return ordered.map(([, rows]) => columns(table, inDrawOrder(table, rows)));
}

function inDrawOrder(table: Table, rows: readonly number[]): readonly number[] {
  const column = table.header.indexOf("draw");
  return column === -1 ? rows : rows.toSorted((a, b) => numberAt(table, a, column) - numberAt(table, b, column));
}

function columns(table: Table, rows: readonly number[]): ChainColumns {
  const indices = [...table.header.keys()].filter((index) => !["chain", "draw"].includes(table.header[index]!));
  return new Map(
    indices.map((index) => [table.header[index]!, Float64Array.from(rows, (row) => numberAt(table, row, index))]),
  );
}

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

function numberAt(table: Table, row: number, column: number): number {
  const text = table.rows[row]!.fields[column]!.trim();
  const value = SPECIAL[text.toLowerCase()] ?? Number(text);
  if (text !== "" && (Number.isFinite(value) || SPECIAL[text.toLowerCase()] !== undefined)) return value;
  throw new ConfigError(
    `${plain(table.file)}: draw ${row}, column ${JSON.stringify(table.header[column])}: expected a number, found ` +
      `${text === "" ? "an empty field" : JSON.stringify(text.slice(0, 40))}. ${READABLE}`,
  );
}

/** The text without CmdStan's comment lines. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replaceAll(/^#.*(?:\r?\n|$)/gm, "");
  } catch (error) {
    const code = (error as { code?: string }).code;
    throw new ConfigError(`cannot read ${plain(path)}: ${code === "ENOENT" ? "there is no such file" : String(error)}`);
  }
}
