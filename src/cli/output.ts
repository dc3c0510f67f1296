import pc from "picocolors";

/** A stream that text goes to: standard output for results, standard error for progress and errors. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** It is a terminal that can redraw lines. */
  readonly isLive: boolean;
  readonly hasColor: boolean;
  readonly width: number;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows"> & { write(text: string): unknown };

/** What a terminal obeys or hides: control (but line ends and tabs), format and direction characters, half surrogates. */
const OBEYED = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Colours and weights: what this program itself sends besides text. */
const COLOR = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`);

/**
 * Text as it may be sent: what a terminal would obey is written out, `\u001b`, as JSON has it, so that JSON stays what it was.
 * Whatever is in it (a path, a name, what a model threw), this is the one way out.
 * @param colors whether colours are left in it
 */
export function harmless(text: string, colors: boolean): string {
  const escaped = (part: string): string => part.replace(OBEYED, (letter) => jsonEscape(letter));
  if (!colors) return escaped(text);
  return text
    .split(COLOR)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join("");
}

function jsonEscape(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, i) => letter.charCodeAt(i).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

/** Columns where it is not a terminal that says how wide it is. */
const PIPED_WIDTH = 120;

/** What may be done with a stream: NO_COLOR, TERM=dumb and CI are honoured. */
export function terminal(stream: Stream, environment: Environment = process.env): Terminal {
  const isTerminal = stream.isTTY === true && environment["TERM"] !== "dumb";
  const noColor = (environment["NO_COLOR"] ?? "") !== "";
  const isCi = (environment["CI"] ?? "") !== "";
  const asked = Number(environment["COLUMNS"]);
  const hasColor = isTerminal && !noColor;
  return {
    write: (text) => {
      stream.write(harmless(text, hasColor));
    },
    // A terminal without a size cannot be redrawn.
    isLive: isTerminal && !isCi && stream.columns > 0 && stream.rows > 0,
    hasColor,
    width: stream.isTTY === true && stream.columns > 0 ? stream.columns : asked >= 40 ? asked : PIPED_WIDTH,
  };
}

export const stdout: Terminal = terminal(process.stdout);
export const stderr: Terminal = terminal(process.stderr);

/** Text in red, where the terminal has colours; it has none of its own. */
export function red(text: string, { hasColor }: Terminal): string {
  return pc.createColors(hasColor).red(harmless(text, false));
}

/** `0.8 s`, `12 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
}

/** A number in three digits, for tables. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return Math.abs(value) < 1000 ? String(Number(value.toPrecision(3))) : String(Math.round(value));
}

/** `1 chain`, `2 chains`; `1 batch`, `2 batches`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}

/** Text from a user (a label, a name) without anything that a terminal would obey. */
export { plain } from "../report/text.ts";
