#!/usr/bin/env node
/** The command line. Heavy modules are imported where they are needed, so that it answers quickly. */
import module from "node:module";
import { ManychainError } from "../errors.ts";
import { packageVersion } from "../run/package.ts";
import { red, stderr } from "./output.ts";

/** Tells an error: a user's by its message alone, a bug of ours with its stack. Returns the exit code. */
async function tell(error: unknown): Promise<number> {
  if (error instanceof ManychainError) {
    stderr.write(`${red(error.message, stderr)}\n`);
    // A worker's unknown error is a bug of ours or of the user's model: its stack says where.
    const { cause } = error;
    if (error.name === "WorkerError" && cause instanceof Error && !("code" in cause)) {
      stderr.write(`${await traced(cause.stack ?? "")}\n`);
    }
    return error.exitCode;
  }
  const stack = await traced(error instanceof Error ? (error.stack ?? error.message) : String(error));
  stderr.write(`${red("manychain failed; this is a bug. Please report it with what follows.", stderr)}\n${stack}\n`);
  return 1;
}

async function traced(stack: string): Promise<string> {
  const { sourceStack } = await import("./trace.ts");
  return sourceStack(stack);
}

// From Node 22 on, V8's code of all modules is kept between runs, in the system's temporary folder.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

// A reader that has seen enough (`| head`) closes the pipe: nobody is left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
try {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === "--version") process.stdout.write(`${packageVersion()}\n`);
  else await (await import("./commands.ts")).runCommandLine(args);
} catch (error) {
  process.exitCode = await tell(error);
}
// Some native libraries crash when a process ends by itself with them loaded: it is ended once all is written.
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
