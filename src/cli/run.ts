import type { Argv, CommandModule } from "yargs";
import type { LoadOptions } from "../config/load.ts";
import type { ResolvedConfig } from "../config/types.ts";
import { ConfigError } from "../errors.ts";
import type { Run, RunResult } from "../run/run.ts";
import { plain, stderr } from "./output.ts";

/** Options of every command that loads a config. */
export interface ConfigArguments {
  readonly config: string;
  readonly set: readonly string[] | undefined;
}

interface RunArguments extends ConfigArguments {
  readonly seed: string | undefined;
  readonly workers: string | undefined;
  readonly engine: string | undefined;
  readonly out: string | undefined;
  readonly runId: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

export function configArguments<T>(argv: Argv<T>): Argv<T & ConfigArguments> {
  return argv
    .positional("config", { type: "string", demandOption: true, describe: "the config file (YAML or JSON)" })
    .option("set", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "set an option: --set sampler.max_steps=200 (may be repeated)",
    }) as unknown as Argv<T & ConfigArguments>;
}

const texts = {
  seed: "the seed of all randomness",
  workers: "worker threads (auto, or a number); never changes the draws",
  engine: "what runs the transition (see doctor)",
  out: "the folder of all results, instead of the config's `output`",
  "run-id": "the name of the run's folder; default: the time and the config's hash",
} as const;

function builder(argv: Argv): Argv<RunArguments> {
  let options: Argv = configArguments(argv) as unknown as Argv;
  for (const [name, describe] of Object.entries(texts)) {
    options = options.option(name, { type: "string", requiresArg: true, describe, coerce: once(name) });
  }
  return options
    .option("force", { type: "boolean", default: false, describe: "replace an existing run of that id" })
    .option("json", { type: "boolean", default: false, describe: "print summary.json and nothing else" })
    .option("quiet", { type: "boolean", default: false, describe: "no progress" }) as unknown as Argv<RunArguments>;
}

/** Refuses an option that is given twice, which yargs would hand over as a list. */
function once(name: string): (value: unknown) => unknown {
  return (value) => {
    if (!Array.isArray(value)) return value;
    throw new ConfigError(`--${name} is given ${value.length} times: give it once.`);
  };
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: "run <config>",
  describe: "Run a config: draws, convergence report, results folder",
  builder: builder as CommandModule<object, RunArguments>["builder"] & object,
  handler,
};

async function handler(given: RunArguments): Promise<void> {
  const [{ loadConfig }, { run }] = await Promise.all([import("../config/load.ts"), import("../run/run.ts")]);
  const loaded = loadConfig(given.config, loadOptions(given));
  if (!given.quiet) for (const warning of loaded.warnings) stderr.write(`warning: ${warning}\n`);
  const running = run(loaded, {
    force: given.force,
    ...(given.out !== undefined && { out: given.out }),
    ...(given.runId !== undefined && { runId: given.runId }),
  });
  const release = stopOnSignals(running);
  try {
    if (!given.quiet) await showProgress(running);
    const result = await running.result;
    await report(result, given, loaded.config.gates);
    process.exitCode = exitCode(result);
  } finally {
    release();
  }
}

/** What the command line sets, above the config. */
function loadOptions({ set, seed, workers, engine }: RunArguments): LoadOptions {
  const number = workers !== undefined && /^\d+$/.test(workers) ? Number(workers) : workers;
  return { set: set ?? [], overrides: { seed, workers: number, engine } };
}

async function showProgress(running: Run): Promise<void> {
  const { liveProgress, plainProgress } = await import("./progress.ts");
  if (stderr.isLive) await liveProgress(running.events, stderr);
  else plainProgress(running.events, stderr);
}

/** The first Ctrl-C ends the run after its block, the second at once. Returns what gives the signals back. */
function stopOnSignals(running: Run): () => void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(signal === "SIGTERM" ? 143 : 130);
    stopping = true;
    stderr.write("\nstopping after the current block; once more to abort\n");
    running.stop();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
}

function exitCode({ status, converged }: RunResult): number {
  if (status === "interrupted") return 6;
  return converged ? 0 : 3;
}

async function report(result: RunResult, { json, quiet }: RunArguments, gates: ResolvedConfig["gates"]): Promise<void> {
  const { printSummary } = await import("./summary.ts");
  const { summary, chains, directory, report: path, status } = result;
  const where = {
    ...(directory !== undefined && { directory }),
    ...(path !== undefined && { report: path }),
  };
  const gated = gates === false ? {} : { gatedQuantities: gates.quantities };
  await printSummary({ summary, chains, ...where, ...gated }, { json, quiet });
  if (status !== "interrupted") return;
  const folder = directory === undefined ? "" : ` in ${plain(directory)}`;
  stderr.write(
    `interrupted: ${summary.run.draws} draws of ${summary.run.chains} chains are stored${folder}. ` +
      "Resuming comes with a later version; `manychain report` shows what is there.\n",
  );
}
