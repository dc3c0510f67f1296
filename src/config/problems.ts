import { ConfigError } from "../errors.ts";
import type { Span } from "./located.ts";

/** One thing that is wrong with a config, and where. */
export interface Problem {
  readonly text: string;
  readonly span?: Span;
}

const SHOWN = 10;
const WIDTH = 100;

/** Text that is safe on a terminal: control and direction characters become `?`, tabs a space. */
export function printable(text: string): string {
  return text.replaceAll("\t", " ").replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "?");
}

/** The line (from 1), column (from 1) and text of the line at an offset. */
export function lineAt(text: string, offset: number): { line: number; column: number; content: string } {
  const at = Math.min(offset, text.length);
  const starts = text.slice(0, at).split("\n");
  const column = starts.at(-1)!.length + 1;
  const begin = at - column + 1;
  const end = text.indexOf("\n", begin);
  const content = text.slice(begin, end === -1 ? text.length : end).replace(/\r$/, "");
  return { line: starts.length, column, content };
}

/** The offending line with a caret under the span, cut to fit. */
function quote(span: Span): string {
  const { line, column, content } = lineAt(span.source.text, span.start);
  const first = column > WIDTH - 20 ? column - 20 : 0;
  const shown = printable(content.slice(first, first + WIDTH));
  const caret = column - 1 - first;
  const room = Math.max(1, Math.min(span.end - span.start, shown.length - caret, content.length - column + 1));
  const number = String(line);
  const margin = " ".repeat(number.length);
  return `\n  ${number} | ${shown}\n  ${margin} | ${" ".repeat(caret)}${"^".repeat(room)}`.replaceAll(/ +$/gm, "");
}

/** `file:line:column: text` and the line, or `label: text` for settings and arguments. */
export function describeProblem(problem: Problem): string {
  const { span, text } = problem;
  if (span === undefined) return text;
  const label = printable(span.source.label);
  if (span.source.kind !== "file" || span.source.text.trim() === "") return `${label}: ${text}`;
  const { line, column } = lineAt(span.source.text, span.start);
  return `${label}:${line}:${column}: ${text}${quote(span)}`;
}

/** One error for all problems; the first ten are written out. */
export function configError(problems: readonly Problem[]): ConfigError {
  const shown = problems.slice(0, SHOWN).map(describeProblem);
  const more = problems.length - shown.length;
  if (more > 0) shown.push(`… and ${more} more problem${more === 1 ? "" : "s"}`);
  return new ConfigError(shown.join("\n\n"));
}

/** A value as an error shows it: short, escaped, never more than about sixty characters. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing (an empty value)";
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (Array.isArray(value) && value.length === 0) return "an empty list";
  if (typeof value === "object" && !Array.isArray(value)) {
    const keys = Object.keys(value);
    return keys.length === 0 ? "an empty mapping" : `a mapping with ${short(keys.join(", "))}`;
  }
  return short(JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? "?");
}

function short(text: string): string {
  const safe = printable(text);
  return safe.length > 60 ? `${safe.slice(0, 57)}…` : safe;
}
