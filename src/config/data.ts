import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { csvError, parseCsv, type Table } from "./csv.ts";
import { factorOf, type Labels, labelsOf } from "./factor.ts";
import { printable, show } from "./problems.ts";
import { readingProblem, readRegular } from "./regular.ts";
import { suggestion } from "./suggest.ts";
import type { JsonSource, ResolvedCsvColumn, ResolvedCsvMatrix, ResolvedDataEntry } from "./types.ts";

/** One data entry, as a model takes it. */
export interface DataValue {
  /** The numbers, row by row; all finite. */
  readonly data: Float64Array;
  /** `[]` for a number, `[n]` for a vector, `[rows, columns]` for a matrix. */
  readonly shape: readonly number[];
  /** Column names of a CSV matrix: the labels of its second dimension. Numbers where all of them are. */
  readonly coordinates?: Labels;
  /** Of an index that was made of texts: what 0, 1, 2, … stand for. They label the dimension that it points into. */
  readonly levels?: Labels;
}

export interface LoadedData {
  readonly values: Readonly<Record<string, DataValue>>;
  /** SHA-256 (hexadecimal) of each file read, by its path as the config has it. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** A file that was read, kept so that entries that share it read it once. */
interface File {
  /** The path as errors show it. */
  readonly label: string;
  readonly text: string;
  readonly hash: string;
  table?: Table;
}

/**
 * Reads the data entries of a resolved config.
 *
 * @param options.baseDir The folder that paths are relative to (`LoadedConfig.baseDir`).
 * @param options.error Makes an error about an entry, placed where the config has it (`LoadedConfig.error`).
 * @throws ConfigError for a file that cannot be read, a column or key that is not there (with "did you mean"), a cell
 * that is not a finite number (`file:line:column`, row and column named), ragged lists, a constant column to standardise.
 */
export function loadData(
  data: Readonly<Record<string, ResolvedDataEntry>>,
  options: {
    readonly baseDir?: string;
    readonly error?: (path: readonly string[], text: string) => ConfigError;
  } = {},
): LoadedData {
  const files = new Map<string, File>();
  const read = (path: string, name: string): File => {
    const file = files.get(path) ?? readFile(path, options.baseDir ?? ".", name);
    files.set(path, file);
    return file;
  };
  const valueFor = (name: string, entry: ResolvedDataEntry): DataValue => {
    if (typeof entry !== "object" || Array.isArray(entry)) return fromNested(entry, `data.${name}`);
    if ("json" in entry) return fromJson(entry, read(entry.json, name), name);
    const source = entry as ResolvedCsvColumn | ResolvedCsvMatrix;
    const file = read(source.csv, name);
    file.table ??= parseCsv(file.text, file.label);
    return "column" in source ? fromColumn(source, file.table, name) : fromColumns(source, file.table, name);
  };
  const values = Object.entries(data).map(([name, entry]): [string, DataValue] => {
    try {
      return [name, valueFor(name, entry)];
    } catch (error) {
      throw placed(error, name, options.error);
    }
  });
  const hashes = [...files].map(([path, file]) => [path, file.hash]);
  return { values: Object.fromEntries(values), hashes: Object.fromEntries(hashes) };
}

/** An error about an entry, placed where the config has it; what is wrong within a file has its place in that file. */
function placed(error: unknown, name: string, place?: (path: readonly string[], text: string) => ConfigError): unknown {
  const prefix = `data.${name}: `;
  if (place === undefined || !(error instanceof ConfigError) || !error.message.startsWith(prefix)) return error;
  return place(["data", name], error.message.slice(prefix.length));
}

function readFile(path: string, baseDir: string, name: string): File {
  const absolute = resolve(baseDir, path);
  const label = absolute === resolve(path) ? path : join(shorten(baseDir), path);
  try {
    const bytes = readRegular(absolute);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { label, text, hash: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    throw new ConfigError(`data.${name}: cannot read ${printable(label)}: ${printable(readingProblem(error))}`);
  }
}

/** A folder relative to the current one where it lies inside, as a user would write it. */
function shorten(folder: string): string {
  const here = `${resolve(".")}/`;
  return `${resolve(folder)}/`.startsWith(here) ? `${resolve(folder)}/`.slice(here.length) : folder;
}

function columnIndex(table: Table, column: string, name: string): number {
  const index = table.header.indexOf(column);
  if (index !== -1) return index;
  const names = table.header.filter((each) => each !== "");
  const listed = names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
  const help = suggestion(column, names) || `; expected one of ${printable(listed)}`;
  throw new ConfigError(
    `data.${name}: ${printable(table.file)} has no column ${printable(JSON.stringify(column))}${help}`,
  );
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function cell(table: Table, row: number, column: number, map?: Readonly<Record<string, number>>): number {
  const text = table.rows[row]!.fields[column]!.trim();
  const mapped = map !== undefined && Object.hasOwn(map, text) ? map[text] : undefined;
  if (mapped !== undefined) return mapped;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (map === undefined && Number.isFinite(value)) return value;
  const keys = map === undefined ? [] : Object.keys(map).map((key) => JSON.stringify(key));
  const wanted = map === undefined ? "a finite number" : `one of ${keys.join(", ")} (the keys of map)`;
  const found = text === "" ? "an empty field" : show(text);
  const isMissing = map === undefined && /^(?:|na|n\/a|nan|null|none|\.)$/i.test(text);
  const advice = /^[+-]?\d*,\d+$/.test(text)
    ? "; write numbers with a decimal point"
    : isMissing
      ? "; a model takes no missing values: leave the row out, or fill it in"
      : "";
  const where = `row ${row + 1}, column ${printable(JSON.stringify(table.header[column]))}`;
  throw csvError(
    table.file,
    table.text,
    table.rows[row]!.offsets[column]!,
    `${where}: expected ${wanted}, found ${found}${advice}`,
  );
}

function fromColumn(source: ResolvedCsvColumn, table: Table, name: string): DataValue {
  const index = columnIndex(table, source.column, name);
  if (source.factor === true || source.levels !== undefined) return factorOf(source, table, index, `data.${name}`);
  const data = Float64Array.from(table.rows, (_, row) => cell(table, row, index, source.map));
  if (source.standardize) standardizeColumns(data, 1, 1, [source.column], `data.${name}: ${table.file}`);
  return { data, shape: [data.length] };
}

function fromColumns(source: ResolvedCsvMatrix, table: Table, name: string): DataValue {
  if (source.columns === "all") refuseNameless(table, name);
  const asked = source.columns === "all" ? table.header : source.columns;
  const left = new Set(source.except.map((column) => table.header[columnIndex(table, column, name)]));
  const columns = asked.filter((column) => !left.has(column));
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (repeated !== undefined) throw new ConfigError(`data.${name}: column ${show(repeated)} is given twice`);
  const indices = columns.map((column) => columnIndex(table, column, name));
  const names = source.intercept ? [...columns, "intercept"] : columns;
  if (names.length === 0)
    throw new ConfigError(`data.${name}: expected at least one column, found none after \`except\``);
  if (source.intercept && columns.includes("intercept")) {
    throw new ConfigError(
      `data.${name}: ${printable(table.file)} has a column "intercept" already; remove \`intercept: true\``,
    );
  }
  const width = names.length;
  const data = new Float64Array(table.rows.length * width).fill(1);
  for (let row = 0; row < table.rows.length; row++) {
    for (const [j, index] of indices.entries()) data[row * width + j] = cell(table, row, index);
  }
  if (source.standardize) standardizeColumns(data, width, indices.length, columns, `data.${name}: ${table.file}`);
  return { data, shape: [table.rows.length, width], coordinates: labelsOf(names) };
}

/** All columns are asked for: then each must have a name. */
function refuseNameless(table: Table, name: string): void {
  const at = table.header.indexOf("");
  if (at === -1) return;
  throw new ConfigError(
    `data.${name}: column ${at + 1} of ${printable(table.file)} has no name (it numbers the rows, or a comma ends each line); list the columns that are meant, \`columns: [${printable(
      table.header
        .filter((each) => each !== "")
        .slice(0, 3)
        .join(", "),
    )}, …]\`, instead of \`columns: all\``,
  );
}

/** Each of the first `count` columns minus its mean, over its population standard deviation; in place. */
function standardizeColumns(
  data: Float64Array,
  width: number,
  count: number,
  names: readonly string[],
  where: string,
): void {
  const rows = data.length / width;
  for (let j = 0; j < count; j++) {
    const column = Float64Array.from({ length: rows }, (_, i) => data[i * width + j]!);
    const mean = meanOf(column);
    const sd = Math.sqrt(meanOf(column.map((value) => (value - mean) ** 2)));
    // Rounding leaves a constant column such as 0.1 a spread of some ulps of its mean.
    if (!(sd > Math.abs(mean) * 1e-14)) {
      throw new ConfigError(
        `${printable(where)}: column ${show(names[j])} is constant (${data[j]}) and cannot be standardised`,
      );
    }
    if (!Number.isFinite(sd))
      throw new ConfigError(`${printable(where)}: column ${show(names[j])} is too large to standardise`);
    for (let i = 0; i < rows; i++) data[i * width + j] = (data[i * width + j]! - mean) / sd;
  }
}

/** A mean with Neumaier's compensated sum, so that the last digits do not depend on the order of the rows. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const term of values) {
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}

function fromJson(source: JsonSource, file: File, name: string): DataValue {
  const label = printable(file.label);
  let value: unknown;
  try {
    value = JSON.parse(file.text);
  } catch (error) {
    throw new ConfigError(
      `data.${name}: ${label}: not valid JSON: ${printable(error instanceof Error ? error.message : "")}`,
    );
  }
  if (source.key === undefined) return fromNested(value, `data.${name}: ${label}`);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const keys = isObject ? Object.keys(value as object) : [];
  if (!keys.includes(source.key)) {
    const help =
      suggestion(source.key, keys) || (isObject ? `; it has ${printable(keys.join(", "))}` : "; it is no object");
    throw new ConfigError(`data.${name}: ${label} has no key ${printable(JSON.stringify(source.key))}${help}`);
  }
  return fromNested((value as Record<string, unknown>)[source.key], `data.${name}: ${label}: ${printable(source.key)}`);
}

/** A number or rectangular nested arrays, flattened row by row. */
function fromNested(value: unknown, where: string): DataValue {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const out: number[] = [];
  collect(value, shape, 0, where, out);
  return { data: Float64Array.from(out), shape };
}

function collect(value: unknown, shape: readonly number[], depth: number, where: string, out: number[]): void {
  if (depth === shape.length) {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      const found = Array.isArray(value) ? "a list (the first elements are numbers)" : show(value);
      throw new ConfigError(`${where}: expected a finite number, found ${found}`);
    }
    out.push(value);
    return;
  }
  const size = shape[depth]!;
  if (!Array.isArray(value)) throw new ConfigError(`${where}: expected a list of length ${size}, found ${show(value)}`);
  if (value.length !== size || size === 0) {
    const wanted = size === 0 ? "a list that is not empty" : `a list of length ${size}, as the first one has`;
    throw new ConfigError(`${where}: expected ${wanted}, found length ${value.length}`);
  }
  for (const [i, each] of value.entries()) collect(each, shape, depth + 1, `${where}[${i}]`, out);
}
