import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { cpus, homedir } from "node:os";
import { join } from "node:path";
import type { Client } from "./client.ts";
import type { Executable } from "./handles.ts";
import { type CompilerFlags, compileOptions } from "./options.ts";

/** What an executable depends on besides its program. */
export interface Build {
  /** sha256 of the plugin's file. */
  readonly plugin: string;
  readonly flags: CompilerFlags;
  /** Where executables are kept; null keeps none. */
  readonly folder: string | null;
}

/** `xla` in the user's cache folder: MANYCHAIN_CACHE, else that of the operating system. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment["MANYCHAIN_CACHE"];
  if (own !== undefined && own !== "") return join(own, "xla");
  const base = environment["XDG_CACHE_HOME"];
  return join(base !== undefined && base !== "" ? base : join(homedir(), ".cache"), "manychain", "xla");
}

/**
 * Compile a program, or take it from the cache. An executable is machine code for one processor and one build of the
 * plugin, which a plugin does not check: so the key holds all that it depends on, and the folder must be the user's own.
 */
export function compileCached(client: Client, text: string, build: Build): Executable {
  const options = compileOptions(build.flags, client.deviceId);
  if (build.folder === null) return client.compile(text, options);
  const file = join(build.folder, `${keyOf(client, text, build)}.bin`);
  return loadFrom(client, file) ?? compileInto(client, text, options, file);
}

function keyOf(client: Client, text: string, build: Build): string {
  const [processor] = cpus();
  const parts = [
    text,
    build.plugin,
    client.platformVersion,
    client.kind,
    client.deviceId,
    JSON.stringify(build.flags),
    processor?.model,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function loadFrom(client: Client, file: string): Executable | undefined {
  if (!existsSync(file) || !isOurs(file)) return undefined;
  try {
    return client.load(readFileSync(file));
  } catch {
    // Damaged: it is compiled again and replaced.
    return undefined;
  }
}

/** Written under another name first, so that no other process reads half a file. A folder that cannot be written is no error. */
function compileInto(client: Client, text: string, options: Uint8Array, file: string): Executable {
  const compiled = client.compile(text, options);
  try {
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    const part = `${file}.${randomUUID()}`;
    writeFileSync(part, client.serialize(compiled), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    return compiled;
  }
  return compiled;
}

/** Code is only loaded from files that this user alone could have written. */
function isOurs(file: string): boolean {
  const user = process.getuid?.();
  const { uid, mode } = statSync(file);
  return user === undefined || (uid === user && (mode & 0o022) === 0);
}
