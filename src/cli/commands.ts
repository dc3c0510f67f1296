import { Console } from "node:console";
import yargs, { type CommandModule } from "yargs";
import { ConfigError } from "../errors.ts";
import { packageVersion } from "../run/package.ts";
import { compileCommand } from "./compile.ts";
import { configCommand } from "./config.ts";
import { diagnoseCommand } from "./diagnose.ts";
import { doctorCommand } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { initCommand } from "./init.ts";
import { stderr } from "./output.ts";
import { reportCommand } from "./report.ts";
import { resumeCommand } from "./resume.ts";
import { runCommand } from "./run.ts";
import { verifyCommand } from "./verify.ts";

const PARSER = {
  "dot-notation": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "greedy-arrays": false,
  "boolean-negation": false,
  "strip-dashed": true,
} as const;

/** The command that the arguments name, thrown out of yargs. */
class Chosen {
  readonly run: () => unknown;

  constructor(run: () => unknown) {
    this.run = run;
  }
}

/** The command, but it is run by the caller of yargs: who runs it within waits until yargs has drawn up a help text. */
function later<T>(command: CommandModule<object, T>): CommandModule<object, T> {
  return {
    ...command,
    handler: (argv) => {
      throw new Chosen(() => command.handler(argv));
    },
  };
}

/** Parses the arguments and runs the command that they name; it sets the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    await parse(args);
  } catch (thrown) {
    if (!(thrown instanceof Chosen)) throw thrown;
    await thrown.run();
  }
}

async function parse(args: readonly string[]): Promise<void> {
  await yargs(args)
    .scriptName("manychain")
    .locale("en")
    .usage("$0 <command>\n\nMany-chain Hamiltonian Monte Carlo.")
    .parserConfiguration(PARSER)
    .command(later(runCommand))
    .command(later(resumeCommand))
    .command(later(reportCommand))
    .command(later(verifyCommand))
    .command(later(diagnoseCommand))
    .command(later(exportCommand))
    .command(later(compileCommand))
    .command(later(doctorCommand))
    .command(later(configCommand))
    .command(later(initCommand))
    .demandCommand(1, "Name a command.")
    .recommendCommands()
    .strict()
    .version(packageVersion())
    .alias("h", "help")
    .wrap(Math.min(100, stderr.width))
    .epilogue(
      "Exit codes: 0 ok, 1 internal error, 2 wrong usage, config, data or folder, 3 convergence gates not met, " +
        "4 not reproduced, 5 engine missing, 6 interrupted, 130 aborted.",
    )
    // What a user's model prints goes to standard error: standard output is for results alone. (Not help, which is one.)
    .middleware(() => {
      globalThis.console = new Console(process.stderr);
    })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs throws its own YError for some wrong usage, and a plain message for the rest.
      if (error !== undefined && error.name !== "YError") throw error;
      throw usageError(error?.message ?? message ?? "wrong usage");
    })
    .parseAsync();
}

function usageError(message: string): ConfigError {
  const missing = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message);
  const text = missing === null ? message : `An argument is missing: found ${missing[1]}, expected ${missing[2]}.`;
  return new ConfigError(`${text}\nmanychain --help lists the commands, manychain <command> --help its arguments.`);
}
