import type { Argv, CommandModule } from "yargs";
import type { LoadOptions } from "../config/load.ts";
import { ConfigError } from "../errors.ts";
import { stderr } from "./output.ts";

/** Options of a config that have an argument of their own: `--chains 8` is `--set chains=8`. */
const SHORTCUTS = {
  chains: "the number of chains of all batches together",
  batches: "batches that the chains are divided into",
  warmup: "warm-up iterations of each chain",
  draws: "draws of each chain after warm-up",
  sampler: "chees, hmc or nuts",
  precision: "the precision of the draws' arithmetic",
  seed: "the seed of all randomness",
  workers: "threads that compute (auto, or a number); never changes the draws",
  engine: "what runs the transition (see doctor)",
} as const;

/** Options of every command that loads a config. */
export interface ConfigArguments extends Readonly<Partial<Record<keyof typeof SHORTCUTS, string>>> {
  readonly config: string;
  readonly set: readonly string[] | undefined;
}

interface RunArguments extends ConfigArguments {
  readonly out: string | undefined;
  readonly runId: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noReport: boolean;
}

export function configArguments<T>(argv: Argv<T>): Argv<T & ConfigArguments> {
  const options = argv
    .positional("config", { type: "string", demandOption: true, describe: "the config file (YAML or JSON)" })
    .option("set", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "set an option: --set sampler.max_steps=200 (may be repeated)",
    });
  return textOptions(options as unknown as Argv, SHORTCUTS) as unknown as Argv<T & ConfigArguments>;
}

function textOptions(argv: Argv, texts: Readonly<Record<string, string>>): Argv {
  return Object.entries(texts).reduce(
    (options, [name, describe]) =>
      options.option(name, { type: "string", requiresArg: true, describe, coerce: once(name) }) as unknown as Argv,
    argv,
  );
}

/** What the command line sets, above the config: `--set` in order, then the arguments that stand for one option. */
export function loadOptions(given: ConfigArguments): LoadOptions {
  const named = Object.keys(SHORTCUTS).map((name) => [name, given[name as keyof typeof SHORTCUTS]] as const);
  return {
    set: given.set ?? [],
    overrides: Object.fromEntries(named.map(([name, text]) => [name, name === "seed" ? text : optionValue(text)])),
  };
}

/** A number as one; a seed may be larger than numbers are, and stays a text. */
function optionValue(text: string | undefined): string | number | undefined {
  return text !== undefined && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

const RUN_TEXTS = {
  out: "the folder of all results, instead of the config's `output`",
  "run-id": "the name of the run's folder; default: the time and the config's hash",
} as const;

function builder(argv: Argv): Argv<RunArguments> {
  return textOptions(configArguments(argv) as unknown as Argv, RUN_TEXTS)
    .option("force", { type: "boolean", default: false, describe: "replace an existing run of that id" })
    .option("json", { type: "boolean", default: false, describe: "print summary.json and nothing else" })
    .option("no-report", { type: "boolean", default: false, describe: "write no report.html (see the command report)" })
    .option("quiet", { type: "boolean", default: false, describe: "no progress" }) as unknown as Argv<RunArguments>;
}

/** Refuses an option that is given twice, which yargs would hand over as a list. */
export function once(name: string): (value: unknown) => unknown {
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
  const { loadConfig } = await import("../config/load.ts");
  const loaded = loadConfig(given.config, loadOptions(given));
  if (!given.quiet) for (const warning of loaded.warnings) stderr.write(`warning: ${warning}\n`);
  // The threads load their code while this one loads its own.
  const [{ threadsOf }, { referenceOf }] = await Promise.all([
    import("../run/threads.ts"),
    import("../run/reference.ts"),
  ]);
  const threads = threadsOf(loaded.config, referenceOf(loaded));
  const [{ runOn }, { follow }] = await Promise.all([import("../run/run.ts"), import("./follow.ts")]);
  const running = runOn(threads, loaded, {
    force: given.force,
    report: !given.noReport,
    ...(given.out !== undefined && { out: given.out }),
    ...(given.runId !== undefined && { runId: given.runId }),
  });
  await follow(running, given, loaded.config.gates);
}
