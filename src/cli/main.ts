#!/usr/bin/env node
/** The command line. Heavy modules are imported where they are needed, so that it answers quickly. */
import module from "node:module";
import { ManychainError, WorkerError } from "../errors.ts";
import { packageVersion } from "../run/package.ts";
import { end, guardEnding } from "./ending.ts";
import { plain, red, stderr } from "./output.ts";

/** A message, line by line, without anything that a terminal would obey. */
function clean(text: string): string {
  return text.split("\n").map(plain).join("\n");
}

/** Tells an error: a user's by its message alone, a bug of ours with its stack. Returns the exit code. */
async function tell(error: unknown): Promise<number> {
  if (error instanceof ManychainError) {
    stderr.write(`${red(clean(error.message), stderr)}\n`);
    // A worker's unknown error is a bug of ours or of the user's model: its stack says where.
    const { cause } = error;
    if (error instanceof WorkerError && !error.isUsers && cause instanceof Error && !("code" in cause)) {
      stderr.write(`${clean(await traced(cause.stack ?? ""))}\n`);
    }
    return error.exitCode;
  }
  const stack = await traced(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const text = "manychain failed; this is a bug. Please report it with what follows.";
  stderr.write(`${red(text, stderr)}\n${clean(stack)}\n`);
  return 1;
}

async function traced(stack: string): Promise<string> {
  const { sourceStack } = await import("./trace.ts");
  return sourceStack(stack);
}

// From Node 22 on, V8's code of all modules is kept between runs, in the system's temporary folder.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

guardEnding(tell, clean);
try {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === "--version") process.stdout.write(`${packageVersion()}\n`);
  else await (await import("./commands.ts")).runCommandLine(args);
} catch (error) {
  process.exitCode = await tell(error);
}
// Some native libraries crash when a process ends by itself with them loaded: it is ended once all is written, and once a
// write that failed has said so.
process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => end())));
