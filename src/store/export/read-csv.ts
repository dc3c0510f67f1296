/** Reads CSV: CmdStan's, and plain ones with a header line. A line that begins with # is a comment. */
import { StoreError } from "../../errors.ts";
import { VARIABLE_ROLES } from "../roles.ts";
import { checkCsv } from "./csv-digest.ts";
import { type DrawsTable, quotedName } from "./read-index.ts";
import { tableOf } from "./read-table.ts";

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["na", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["infinity", Number.POSITIVE_INFINITY],
  ["-infinity", Number.NEGATIVE_INFINITY],
  ["true", 1],
  ["false", 0],
]);
const ROLES = `# ${VARIABLE_ROLES} `;
const NEWLINE = 10;
const HASH = 35;

/** What a file may be separated by instead of commas. */
const SEPARATORS: readonly (readonly [string, string])[] = [
  ["\t", "tabs"],
  [";", "semicolons"],
  ["|", "bars"],
];

/** Refuses a header whose only separators are others than commas. */
function refuseSeparator(header: string, file: string): void {
  const bare = header.replaceAll(/"(?:[^"]|"")*"/g, "");
  if (bare.includes(",")) return;
  const [, word] = SEPARATORS.find(([separator]) => bare.includes(separator)) ?? [];
  if (word === undefined) return;
  throw new StoreError(
    `${file}: the header has no comma, but ${word}: it looks separated by ${word}. Write it with commas and decimal points (pandas: \`to_csv\` without \`sep\`; R: \`write.csv\`).`,
  );
}

/** Cells of a line; a cell may be quoted, with "" for a quote. None where text follows a quoted cell. */
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
      if (at < line.length && line[at] !== ",") return [];
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
  /** What a comment says of the roles of variables. */
  readonly roles: string | undefined;
}

/** Finds the lines. What comes before CmdStan's "Adaptation terminated" is warm-up and is left out. */
function findLines(bytes: Buffer, file: string): Lines {
  let header: string[] | undefined;
  let roles: string | undefined;
  let bounds: [number, number][] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start);
    const next = found === -1 ? bytes.length : found;
    const end = next > start && bytes[next - 1] === 13 ? next - 1 : next;
    if (bytes[start] === HASH) {
      const comment = bytes.toString("latin1", start, Math.min(end, start + 80));
      if (comment.includes("Adaptation terminated")) bounds = [];
      if (comment.startsWith(ROLES)) roles = bytes.toString("utf8", start + ROLES.length, end).trim();
    } else if (end > start) {
      if (header === undefined) {
        const line = bytes.toString("utf8", start, end).replace(/^\uFEFF/, "");
        refuseSeparator(line, file);
        header = cells(line);
      } else bounds.push([start, end]);
    }
    start = next + 1;
  }
  if (header === undefined) throw new StoreError(`${file} is empty: expected CSV with a header line.`);
  const names = header.map((name) => name.trim());
  const seen = new Set<string>();
  const repeated = names.find((name) => name !== "" && (seen.has(name) || !seen.add(name)));
  if (repeated !== undefined) throw new StoreError(`${file}: two columns are named ${quotedName(repeated)}.`);
  return { header: names, bounds, roles };
}

/** Reads a CSV file's content. @throws StoreError for a line with other columns */
export function readCsv(bytes: Buffer, file: string): DrawsTable {
  checkCsv(bytes, file);
  const { header, bounds, roles } = findLines(bytes, file);
  const rows = bounds.length;
  if (rows === 0) throw new StoreError(`${file} has no draws: a header line, and nothing after it.`);
  // Each cell takes a byte at least: so nothing is allocated for cells that are not there.
  if (rows * header.length > bytes.length + 1) {
    throw new StoreError(`${file}: the header has ${header.length} columns, and lines are too short for as many.`);
  }
  const columns = header.map(() => new Float64Array(rows));
  const problems: (string | undefined)[] = header.map(() => undefined);
  bounds.forEach(([start, end], row) => {
    const line = cells(bytes.toString("latin1", start, end));
    if (line.length !== header.length) {
      throw new StoreError(`${file}: draw ${row} has ${line.length} columns, the header has ${header.length}.`);
    }
    line.forEach((cell, column) => {
      const value = cellNumber(cell.trim());
      if (value === undefined) problems[column] ??= problemOf(cell.trim(), row, header[column]!);
      else columns[column]![row] = value;
    });
  });
  const named = header.map((name, index) => [name, problems[index] ?? columns[index]!] as const);
  return { ...tableOf(file, rows, named), roles };
}

function cellNumber(text: string): number | undefined {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value)) return value;
  return SPECIAL.get(text.toLowerCase());
}

function problemOf(text: string, row: number, name: string): string {
  const found = text === "" ? "an empty field" : quotedName(text);
  const hint = /^[+-]?\d*,\d+$/.test(text) ? " Write numbers with a decimal point." : "";
  return `draw ${row}, column ${quotedName(name)}: expected a number, found ${found}.${hint}`;
}
