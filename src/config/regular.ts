/** Reads files that a user names. A pipe or a device would keep the process for ever, or give other bytes to each thread. */
import { readFileSync, statSync } from "node:fs";

/** What a path is that is not a file; undefined for a file. @throws what `stat` throws, such as ENOENT */
export function notAFile(path: string): string | undefined {
  const info = statSync(path);
  if (info.isFile()) return undefined;
  if (info.isDirectory()) return "it is a folder";
  if (info.isFIFO()) return "it is a pipe, not a file: write what comes out of it into a file first";
  return info.isSocket() ? "it is a socket, not a file" : "it is a device, not a file";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission is denied",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ERR_FS_FILE_TOO_LARGE: "it has more than 2 GiB",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
};

/** Why a file cannot be read, in words. */
export function readingProblem(error: unknown): string {
  const code = (error as { code?: string }).code ?? "";
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return known ?? (error instanceof Error ? error.message : String(error));
}

/** The bytes of a file. @throws Error whose `readingProblem` says why not */
export function readRegular(path: string): Buffer {
  const wrong = notAFile(path);
  if (wrong !== undefined) throw new Error(wrong);
  return readFileSync(path);
}
