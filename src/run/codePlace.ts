import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "./package.ts";

/** `file:line:column` at the end of a line of a stack, with or without a bracket after it. */
const PLACE = /(?:\(|at (?:async )?)([^()]+):(\d+):\d+\)?$/;

/**
 * Where in a user's code an error arose, `model.ts:5`: by its stack, the innermost place outside of this package, of other
 * packages and of Node. Undefined where there is none. No column: what runs of a file in TypeScript has its lines alone.
 */
export function codePlace(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const match = PLACE.exec(line.trim());
    if (match === null) continue;
    const [, where, row] = match;
    const file = where!.startsWith("file://") ? fileURLToPath(where!) : where!;
    if (isUsers(file)) return `${near(file)}:${row}`;
  }
  return undefined;
}

/** Where a model's file declares a name, `model.ts:7`: the last line that has it as a key, else the first that has it at all. */
export function declarationPlace(file: string, name: string): string | undefined {
  const word = `(?<![\\p{L}\\p{N}_$])${name}(?![\\p{L}\\p{N}_$])`;
  const lines = readFileSync(file, "utf8").split("\n");
  const asKey = new RegExp(`${word}["']?\\s*:`, "u");
  const key = lines.findLastIndex((text) => asKey.test(text));
  const line = key >= 0 ? key : lines.findIndex((text) => new RegExp(word, "u").test(text));
  return line < 0 ? undefined : `${file}:${line + 1}`;
}

function isUsers(file: string): boolean {
  if (file.startsWith("node:") || file.includes(`${sep}node_modules${sep}`) || file === "<anonymous>") return false;
  const own = packageFolder();
  if (own === undefined) return true;
  return ["src", "dist", "workers"].every((folder) => !file.startsWith(join(own, folder) + sep));
}

/** As a user would write it. */
function near(file: string): string {
  const from = relative(".", file);
  return from.startsWith("..") ? file : from;
}
