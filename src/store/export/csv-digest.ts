/** The digest of a CSV file that we write: a comment that has the SHA-256 of all other lines, whatever ends them. */
import { createHash } from "node:crypto";
import { digestMismatch } from "./content-digest.ts";

const START = "# content_digest sha256:";
/** The line that it follows, where there is one. */
const AFTER = /^# written by manychain .*\n/m;

function digestOf(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n"), "latin1").digest("hex");
}

/** The text of a file with its digest. */
export function sealCsv(text: string): string {
  const line = `${START}${digestOf(Buffer.from(text, "utf8").toString("latin1"))}\n`;
  const [before = ""] = AFTER.exec(text) ?? [];
  const at = before === "" ? 0 : text.indexOf(before) + before.length;
  return text.slice(0, at) + line + text.slice(at);
}

/** Holds a file to its digest, if it has one. @throws StoreError where a bit is not what it was */
export function checkCsv(bytes: Buffer, file: string): void {
  const at = bytes.indexOf(START);
  if (at === -1 || (at > 0 && bytes[at - 1] !== 10)) return;
  const newline = bytes.indexOf(10, at);
  const next = newline === -1 ? bytes.length : newline + 1;
  const found = bytes.toString("latin1", at + START.length, next).trim();
  const rest = bytes.toString("latin1", 0, at) + bytes.toString("latin1", next);
  if (found !== digestOf(rest)) throw digestMismatch(file, `its line "${START}…"`);
}
