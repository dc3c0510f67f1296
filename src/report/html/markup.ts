/** HTML made of escaped parts: what is not marked as markup is text. */
import { plain } from "../text.ts";

/** Markup that is safe to write as it is. */
export interface Html {
  readonly markup: string;
}

/** What a template takes: markup is kept, text and numbers are escaped, lists are joined, undefined is nothing. */
export type Content = Html | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text from anywhere, for content and quoted attributes; control and direction characters become U+FFFD. */
export function escapeText(text: string): string {
  return plain(text).replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}

function isList(content: Content): content is readonly Content[] {
  return Array.isArray(content);
}

function markupOf(content: Content): string {
  if (content === undefined) return "";
  if (isList(content)) return content.map(markupOf).join("");
  if (typeof content === "object") return content.markup;
  return escapeText(String(content));
}

/** The only way text gets into the page. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return trusted(strings.map((part, index) => `${part}${markupOf(contents[index])}`).join(""));
}

/** Declares markup safe: for what this room made itself. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Text of several lines, such as a config: line ends are kept, all else is made harmless. */
export function lines(text: string): Html {
  return trusted(text.split(/\r?\n/).map(escapeText).join("\n"));
}

/** Running text in which `back-quoted` parts are code. */
export function prose(text: string): Html {
  return trusted(
    text
      .split("`")
      .map((part, index) => (index % 2 === 0 ? escapeText(part) : `<code>${escapeText(part)}</code>`))
      .join(""),
  );
}

/** A value for a JSON script element: nothing in it can end the element. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
