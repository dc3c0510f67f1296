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
