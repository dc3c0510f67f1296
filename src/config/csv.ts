import { ConfigError } from "../errors.ts";
import { lineAt, printable } from "./problems.ts";

/** A parsed CSV file: the header, and the rows below it. */
export interface Table {
  /** The file as errors name it. */
  readonly file: string;
  readonly text: string;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** One record: its fields and where each begins, as an offset into the text. */
export interface Row {
  readonly fields: readonly string[];
  readonly offsets: readonly number[];
}

/** An error at an offset of a CSV file. */
export function csvError(file: string, text: string, offset: number, message: string): ConfigError {
  const { line, column } = lineAt(text, offset);
  return new ConfigError(`${printable(file)}:${line}:${column}: ${message}`);
}

/**
 * Reads comma-separated text [RFC 4180] with a header line: quoted fields, doubled quotes, line breaks within quotes;
 * LF, CRLF or CR; a byte-order mark. Empty lines are skipped; field texts are not trimmed, header names are.
 *
 * A column without a name (R's and pandas' row numbers, a comma at the end of each line) is kept: it cannot be asked for.
 *
 * @throws ConfigError with file, line and column, for no header, no rows, rows of another length, stray or open quotes,
 * a column name that is given twice, and other separators than commas.
 */
export function parseCsv(input: string, file: string): Table {
  const text = input.replace(/^\uFEFF/, "");
  refuseSeparator(text, file);
  const records: Row[] = [];
  let at = 0;
  while (at < text.length) {
    const { row, next } = readRecord(text, at, file);
    if (row.fields.length > 1 || row.fields[0] !== "" || text[at] === '"') records.push(row);
    at = next;
  }
  const [first, ...rows] = records;
  if (first === undefined) throw new ConfigError(`${printable(file)}: expected a header line, found an empty file`);
  const header = first.fields.map((name) => name.trim());
  for (const [i, name] of header.entries()) {
    if (name === "" || header.indexOf(name) === i) continue;
    throw csvError(file, text, first.offsets[i]!, `column ${printable(JSON.stringify(name))} is given twice`);
  }
  if (rows.length === 0) throw new ConfigError(`${printable(file)}: expected rows below the header, found none`);
  for (const row of rows) {
    const [found, wanted] = [row.fields.length, header.length];
    if (found === wanted) continue;
    const where = row.offsets[Math.min(found, wanted) - (found < wanted ? 1 : 0)]!;
    throw csvError(file, text, where, `expected ${wanted} fields, as in the header, found ${found}`);
  }
  return { file, text, header, rows };
}

const SEPARATORS: readonly (readonly [string, string])[] = [
  ["\t", "tabs"],
  [";", "semicolons"],
  ["|", "bars"],
];

/** Refuses text whose first two lines have no comma, but another separator. */
function refuseSeparator(text: string, file: string): void {
  const lines = text.split(/[\r\n]+/, 3).filter((line) => line !== "");
  const bare = lines.slice(0, 2).map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, ""));
  const [header] = bare;
  if (header === undefined || header.includes(",")) return;
  const [separator, word] = SEPARATORS.find(([each]) => bare.every((line) => line.includes(each))) ?? [];
  if (separator === undefined) return;
  throw csvError(
    file,
    text,
    text.indexOf(separator),
    `expected commas between columns, found ${word}: the file looks separated by ${word}. Write it with commas, and numbers with a decimal point (pandas: \`to_csv\` without \`sep\`; R: \`write.csv\`)`,
  );
}

function readRecord(text: string, start: number, file: string): { row: Row; next: number } {
  const fields: string[] = [];
  const offsets: number[] = [];
  let at = start;
  while (true) {
    offsets.push(at);
    const field = text[at] === '"' ? readQuoted(text, at, file) : readPlain(text, at, file);
    fields.push(field.value);
    at = field.next;
    if (text[at] !== ",") break;
    at += 1;
  }
  if (text[at] === "\r") at += 1;
  if (text[at] === "\n") at += 1;
  return { row: { fields, offsets }, next: at };
}

/** What a field without quotes is made of. */
const PLAIN = /[^,"\r\n]*/y;

function readPlain(text: string, start: number, file: string): { value: string; next: number } {
  PLAIN.lastIndex = start;
  PLAIN.test(text);
  const at = PLAIN.lastIndex;
  if (text[at] === '"') throw csvError(file, text, at, 'found a quote (") within a field that does not begin with one');
  return { value: text.slice(start, at), next: at };
}

function readQuoted(text: string, start: number, file: string): { value: string; next: number } {
  let value = "";
  let at = start + 1;
  while (true) {
    const end = text.indexOf('"', at);
    if (end === -1) throw csvError(file, text, start, 'a quoted field is never closed: expected another quote (")');
    value += text.slice(at, end);
    at = end + 1;
    if (text[at] !== '"') break;
    value += '"';
    at += 1;
  }
  const after = text[at];
  if (after !== undefined && !",\r\n".includes(after)) {
    throw csvError(
      file,
      text,
      at,
      `expected a comma or the line's end after a quoted field, found ${printable(JSON.stringify(after))}`,
    );
  }
  return { value, next: at };
}
