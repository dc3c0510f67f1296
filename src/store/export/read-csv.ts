/** Reads CSV: CmdStan's, and plain ones with a header line. A line that begins with # is a comment. */
import { StoreError } from "../../errors.ts";
import { type DrawsTable, quotedName } from "./read-table.ts";

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["na", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["infinity", Number.POSITIVE_INFINITY],
  ["-infinity", Number.NEGATIVE_INFINITY],
]);
const NEWLINE = 10;
const HASH = 35;

/** Cells of a line; a cell may be quoted, with "" for a quote. */
function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const found: string[] = [];
  let at = 0;
  while (at <= line.length) {
    let cell = "";
    if (line[at] === '"') {
      for (at++; at < line.length && !(line[at] === '"' && line[at + 1] !== '"'); at++) {
        if (line[at] === '"') at++;
        cell += line[at] ?? "";
      }
      at++;
    } else {
      const end = line.indexOf(",", at);
      cell = line.slice(at, end === -1 ? line.length : end);
      at += cell.length;
    }
    found.push(cell);
    at++;
  }
  return found;
}

interface Lines {
  readonly header: readonly string[];
  /** Start and end of each line of draws, after warm-up. */
  readonly bounds: readonly (readonly [number, number])[];
}

/** Finds the lines. What comes before CmdStan's "Adaptation terminated" is warm-up and is left out. */
function findLines(bytes: Buffer, file: string): Lines {
  let header: string[] | undefined;
  let bounds: [number, number][] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start);
    const next = found === -1 ? bytes.length : found;
    const end = next > start && bytes[next - 1] === 13 ? next - 1 : next;
    if (bytes[start] === HASH) {
      if (bytes.toString("latin1", start, Math.min(end, start + 80)).includes("Adaptation terminated")) bounds = [];
    } else if (end > start) {
      if (header === undefined) header = cells(bytes.toString("utf8", start, end).replace(/^\uFEFF/, ""));
      else bounds.push([start, end]);
    }
    start = next + 1;
  }
  if (header === undefined) throw new StoreError(`${file} is empty: expected CSV with a header line.`);
  const names = header.map((name) => name.trim());
  const seen = new Set<string>();
  const repeated = names.find((name) => seen.has(name) || !seen.add(name));
  if (repeated !== undefined) throw new StoreError(`${file}: two columns are named ${quotedName(repeated)}.`);
  return { header: names, bounds };
}

/** Reads a CSV file's content. @throws StoreError for a cell that is no number, or a line with other columns */
export function readCsv(bytes: Buffer, file: string): DrawsTable {
  const { header, bounds } = findLines(bytes, file);
  const rows = bounds.length;
  if (rows === 0) throw new StoreError(`${file} has no draws: a header line, and nothing after it.`);
  // Each cell takes a byte at least: so nothing is allocated for cells that are not there.
  if (rows * header.length > bytes.length + 1) {
    throw new StoreError(`${file}: the header has ${header.length} columns, and lines are too short for as many.`);
  }
  const columns = header.map(() => new Float64Array(rows));
  bounds.forEach(([start, end], row) => {
    const line = cells(bytes.toString("latin1", start, end));
    if (line.length !== header.length) {
      throw new StoreError(`${file}: draw ${row} has ${line.length} columns, the header has ${header.length}.`);
    }
    line.forEach((cell, column) => {
      columns[column]![row] = cellNumber(cell.trim(), file, row, header[column]!);
    });
  });
  return { file, rows, columns: new Map(header.map((name, index) => [name, columns[index]!])) };
}

function cellNumber(text: string, file: string, row: number, name: string): number {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value)) return value;
  const special = SPECIAL.get(text.toLowerCase());
  if (special !== undefined) return special;
  const found = text === "" ? "an empty field" : quotedName(text);
  throw new StoreError(`${file}: draw ${row}, column ${quotedName(name)}: expected a number, found ${found}.`);
}
