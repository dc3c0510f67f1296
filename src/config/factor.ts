/** Columns of texts as an index: each text is a level, and its number is where it stands in the order of the levels. */
import { ConfigError } from "../errors.ts";
import { csvError, type Table } from "./csv.ts";
import { printable, show } from "./problems.ts";
import { suggestion } from "./suggest.ts";
import type { ResolvedCsvColumn } from "./types.ts";

/** Labels of a dimension. */
export type Labels = readonly (string | number)[];

/** An index and what it counts. */
interface Factor {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  readonly levels: Labels;
}

/** Texts as labels: numbers where each of them is written as a number is. */
export function labelsOf(texts: readonly string[]): Labels {
  const isNumber = (text: string): boolean => Number.isFinite(Number(text)) && String(Number(text)) === text;
  return texts.every(isNumber) ? texts.map(Number) : texts;
}

/** What stands for a value that is missing, unless the levels have it. */
const MISSING = /^(?:|na|n\/a|nan)$/i;

/** Distinct texts in order: numbers by size where all are numbers, else by Unicode code points. */
function sortedLevels(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts)];
  if (distinct.every((text) => text !== "" && Number.isFinite(Number(text)))) {
    return distinct.sort((a, b) => Number(a) - Number(b));
  }
  const points = new Map(distinct.map((text) => [text, Buffer.from(text, "utf8")]));
  return distinct.sort((a, b) => Buffer.compare(points.get(a)!, points.get(b)!));
}

/** A column as an index from 0. @throws ConfigError that names the row of a text that is missing or no level */
export function factorOf(source: ResolvedCsvColumn, table: Table, column: number, where: string): Factor {
  if (source.map !== undefined || source.standardize) {
    const other = source.map === undefined ? "standardize" : "map";
    throw new ConfigError(`${where}: expected \`factor\` (or \`levels\`) or \`${other}\`, found both`);
  }
  if (source.factor === false) {
    throw new ConfigError(`${where}: \`levels\` are those of a factor; expected \`factor: true\`, found false`);
  }
  const texts = table.rows.map(({ fields }) => fields[column]!.trim());
  const given = source.levels?.map((level) => String(level).trim());
  const repeated = given?.find((level, at) => given.indexOf(level) !== at);
  if (repeated !== undefined) throw new ConfigError(`${where}: level ${show(repeated)} is given twice`);
  const refuse = (row: number, expected: string, help: string): never => {
    const text = texts[row]!;
    const place = `row ${row + 1}, column ${printable(JSON.stringify(table.header[column]))}`;
    const found = text === "" ? "an empty field" : show(text);
    throw csvError(
      table.file,
      table.text,
      table.rows[row]!.offsets[column]!,
      `${place}: expected ${expected}, found ${found}${help}`,
    );
  };
  const missing = texts.findIndex((text) => MISSING.test(text) && given?.includes(text) !== true);
  if (missing !== -1)
    refuse(missing, "a level", "; a model takes no missing values: leave the row out, or list it in `levels`");
  const levels = given ?? sortedLevels(texts);
  const numbers = new Map(levels.map((level, at) => [level, at]));
  const data = Float64Array.from(texts, (text, row) => {
    const number = numbers.get(text);
    if (number !== undefined) return number;
    return refuse(
      row,
      `one of ${levels
        .slice(0, 8)
        .map((level) => show(level))
        .join(", ")} (the levels)`,
      suggestion(text, levels),
    );
  });
  return { data, shape: [data.length], levels: labelsOf(levels) };
}
