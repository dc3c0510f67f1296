import { writeFile } from "node:fs/promises";
import type { Argv, CommandModule } from "yargs";
import { ConfigError } from "../errors.ts";
import { plain, stderr, stdout } from "./output.ts";
import { type ConfigArguments, configArguments, loadOptions, once } from "./run.ts";

const KINDS = ["listing", "schedule", "stablehlo"] as const;
type Kind = (typeof KINDS)[number];

interface CompileArguments extends ConfigArguments {
  readonly emit: string;
  readonly out: string | undefined;
}

export const compileCommand: CommandModule<object, CompileArguments> = {
  command: "compile <config>",
  describe: "Print the program that a config's first batch runs, without running it",
  builder: ((argv: Argv) =>
    configArguments(argv)
      .option("emit", {
        type: "string",
        requiresArg: true,
        default: "listing",
        describe: "listing: the program, node by node; schedule: how the wasm engine goes about it; stablehlo",
        coerce: once("emit"),
      })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "a file to write instead of standard output",
        coerce: once("out"),
      })) as unknown as CommandModule<object, CompileArguments>["builder"] & object,
  handler,
};

async function handler(given: CompileArguments): Promise<void> {
  const { emit, out } = given;
  const kind = kindOf(emit);
  const [{ loadConfig }, { prepare }, { emitProgram }] = await Promise.all([
    import("../config/load.ts"),
    import("../run/prepare.ts"),
    import("../run/emit.ts"),
  ]);
  const loaded = loadConfig(given.config, loadOptions(given));
  for (const warning of loaded.warnings) stderr.write(`warning: ${warning}\n`);
  const text = await emitProgram(await prepare(loaded, { engine: false }), kind);
  if (out === undefined) stdout.write(text);
  else {
    await write(out, text);
    stdout.write(`${plain(out)}\n`);
  }
}

function kindOf(name: string): Kind {
  const kind = KINDS.find((each) => each === name);
  if (kind !== undefined) return kind;
  throw new ConfigError(`--emit: expected one of ${KINDS.join(", ")}, found ${JSON.stringify(name)}.`);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new ConfigError(`cannot write ${plain(path)}: ${error instanceof Error ? plain(error.message) : ""}`);
  }
}
