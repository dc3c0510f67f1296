/** Text for a terminal: names made harmless, numbers made short, lines made to fit. */

import type { RunFacts } from "../store/index.ts";

export { listed } from "../summary/words.ts";

/** A text in a colour or weight; or as it is, where there are none. */
type Paint = (text: string) => string;

/** What the reports colour with. picocolors has these; its types stay out of the public ones. */
export interface Colors {
  readonly isColorSupported: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly red: Paint;
}

/** Letters that a terminal obeys or hides: control, format (also right-to-left overrides), line ends, half surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** A text from a user (a name, a label, a path) without anything that a terminal would obey. */
export function plain(text: string): string {
  return text.replace(UNSAFE, "\ufffd");
}

function letterWidth(letter: string): number {
  if (/\p{M}/u.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

/** Columns that a text without colour takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

/** Letters from the front that fit into `width` columns. */
function fitting(letters: readonly string[], width: number): string {
  let used = 0;
  let kept = "";
  for (const letter of letters) {
    used += letterWidth(letter);
    if (used > width) break;
    kept += letter;
  }
  return kept;
}

/** Shortens a text to `width` columns by a … in its middle, so that `coefficient[…]` keeps both ends. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const letters = [...text];
  const head = fitting(letters, Math.ceil((width - 1) / 2));
  const tail = [...fitting(letters.toReversed(), Math.floor((width - 1) / 2))].toReversed().join("");
  return `${head}…${tail}`;
}

/** A number in at most 7 columns (8 with a sign): `digits` significant digits, an exponent only where needed. */
export function shortNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 0.01 && size < 10 ** digits) return value.toPrecision(digits);
  if (size >= 0.001 && size < 0.01) return value.toPrecision(2);
  if (size >= 10 ** digits && size < 1e5) return value.toFixed(0);
  return value.toExponential(1).replace("e+", "e");
}

/** A count: whole up to 99999, then 123k, 12.3M. */
export function shortCount(value: number): string {
  if (!Number.isFinite(value)) return shortNumber(value);
  if (Math.abs(value) < 99_999.5) return value.toFixed(0);
  const [scale, unit] = value < 1e6 ? [1e3, "k"] : value < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return `${Number((value / scale).toPrecision(3))}${unit}`;
}

/** R-hat with three decimals, or as many as asked for. */
export function rhatText(value: number, decimals = 3): string {
  return Number.isFinite(value) && value < 100 ? value.toFixed(decimals) : shortNumber(value);
}

/** A fraction in per cent. */
export function percent(fraction: number): string {
  return Number.isFinite(fraction) ? `${Number((100 * fraction).toPrecision(3))} %` : "NaN";
}

const NO_BREAK = "\u00a0";

/** A name from a user for running text: harmless, at most 40 columns, and `wrap` does not break it. */
export function quoted(name: string): string {
  return shorten(plain(name), 40).replaceAll(" ", NO_BREAK);
}

/** Breaks a text at its spaces into lines of at most `width` columns, the first after `lead`, the others after `indent`. */
export function wrap(text: string, width: number, indent = "", lead = ""): string {
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (const word of text.split(" ")) {
    const candidate = empty ? `${line}${word}` : `${line} ${word}`;
    if (!empty && textWidth(candidate) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = candidate;
    }
    empty = false;
  }
  return [...lines, line].join("\n").replaceAll(NO_BREAK, " ");
}

/** `1 chain`, `2 chains`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `1 quantity`, `2 quantities`. */
export function quantityCount(count: number): string {
  return `${count} ${count === 1 ? "quantity" : "quantities"}`;
}

/** Seconds, or minutes and seconds of what took longer. */
export function duration(seconds: number): string {
  if (!(seconds >= 119.5) || !Number.isFinite(seconds)) return `${shortNumber(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `wasm, float32`, and what the bits of the draws depend on besides: `xla, float32 (cuda …, NVIDIA H100), batches of 64`. */
export function engineText({
  engine,
  precision,
  engine_class: whole,
}: Pick<RunFacts, "engine" | "precision" | "engine_class">): string {
  const start = `${engine} ${precision}`;
  return `${engine}, ${precision}${whole?.startsWith(start) ? whole.slice(start.length) : ""}`;
}
