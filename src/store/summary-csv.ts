/** summary.csv. A file of its own, loaded at the end of a run: the library takes a while to load. */
import { table } from "arquero";
import { SUMMARY_NUMBERS, type SummaryRow } from "./summary.ts";

/** A name that a spreadsheet would read as a formula gets an apostrophe in front. */
export function csvText(text: string): string {
  return /^[\s]*[=+\-@\t\r＝＋－＠]/u.test(text) ? `'${text}` : text;
}

/** CSV text with a header line; numbers in full precision, empty where they are not finite. */
export function summaryCsv(quantities: readonly SummaryRow[]): string {
  const columns: Record<string, (string | number | null)[]> = { name: quantities.map((row) => csvText(row.name)) };
  for (const key of SUMMARY_NUMBERS)
    columns[key] = quantities.map((row) => (Number.isFinite(row[key]) ? row[key] : null));
  const format = Object.fromEntries(SUMMARY_NUMBERS.map((key) => [key, (value: number | null) => value ?? ""]));
  return `${table(columns).toCSV({ format })}\n`;
}
