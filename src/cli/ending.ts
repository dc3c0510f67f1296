/**
 * How the command line ends: by its own doing, with an exit code of the list. A model's code may try otherwise: it calls
 * process.exit, throws from a timer, or awaits what never comes.
 */
import { writeSync } from "node:fs";
import { codePlace } from "../run/codePlace.ts";
import { harmless } from "./output.ts";

const exit = process.exit.bind(process);
/** Wrong config, data, model or folder. */
const WRONG = 2;
let isMeant = false;
let outputFailed = false;

/** Ends the process. */
export function end(code: number | string | undefined = process.exitCode ?? 0): never {
  isMeant = true;
  // What a model's code has put on "exit" runs now, and decides nothing any more.
  process.exit = (() => undefined) as unknown as typeof process.exit;
  // What could not be written is no result, whatever its gates said.
  const last = outputFailed && (Number(code) === 0 || Number(code) === 3) ? WRONG : code;
  process.on("exit", () => {
    process.exitCode = last;
  });
  return exit(last);
}

/** At once, for what follows is the end; whoever closed standard error is not told. */
function say(line: string): void {
  try {
    writeSync(process.stderr.fd, `${harmless(line, false)}\n`);
  } catch {
    // Nobody is left to tell.
  }
}

const KEPT = "What was stored before is kept.";

function reason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/**
 * Watches over the process until `end`.
 * @param tell says what an error is, where it is not one of a user's code; returns the exit code
 * @param clean makes a text harmless for a terminal
 */
export function guardEnding(tell: (error: unknown) => Promise<number>, clean: (text: string) => string): void {
  process.on("exit", () => {
    if (isMeant) return;
    say(`A model's code ended the process (process.exit), which it must not do. ${KEPT}`);
    process.exitCode = WRONG;
  });
  // The event loop is empty, and the command has not come to its end.
  process.on("beforeExit", () => {
    say("What was waited for never came. A top-level await in a model's file that never settles does this; remove it.");
    end(WRONG);
  });
  process.on("uncaughtException", (error) => {
    const place = codePlace(error);
    if (place === undefined) {
      tell(error).then(end, () => end(1));
      return;
    }
    say(
      clean(`${place}: the model's code threw by itself, outside of what was asked of it: ${reason(error)}. ${KEPT}`),
    );
    end(WRONG);
  });
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) closes the pipe: nobody is left to tell, and the command goes on.
    if (outputFailed || error.code === "EPIPE") return;
    outputFailed = true;
    const why = error.code === "ENOSPC" ? "no space is left there" : clean(error.message);
    say(`cannot write to standard output: ${why}. What belongs into a results folder is there.`);
  });
  process.stderr.on("error", () => undefined);
}
