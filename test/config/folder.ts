import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError } from "../../src/errors.ts";

/** A temporary folder with these files; the caller removes it. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "manychain-config-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The message of the ConfigError that `work` throws, with `path/` left out; fails for any other outcome. */
export function messageOf(work: () => unknown, path = ""): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return path === "" ? error.message : error.message.replaceAll(`${path}/`, "");
    throw error;
  }
  throw new Error("expected a ConfigError, but nothing was thrown");
}
