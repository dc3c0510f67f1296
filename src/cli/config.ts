import type { Argv, CommandModule } from "yargs";
import type { LoadedConfig } from "../config/load.ts";
import type { ResolvedConfig } from "../config/types.ts";
import { counted, plain, stderr, stdout } from "./output.ts";
import { type ConfigArguments, configArguments, loadOptions } from "./run.ts";

export const configCommand: CommandModule = {
  command: "config",
  describe: "Check or print a config, or print the JSON Schema of configs",
  builder: (argv: Argv): Argv =>
    argv
      .command(checkCommand)
      .command(printCommand)
      .command(schemaCommand)
      .demandCommand(1, "Name an action: check, print or schema."),
  handler: () => undefined,
};

const checkCommand: CommandModule<object, ConfigArguments> = {
  command: "check <config>",
  describe: "Check a config with its data and its model, without running it",
  builder: configArguments as CommandModule<object, ConfigArguments>["builder"] & object,
  handler: async (given) => {
    const [{ loadConfig }, { prepare }] = await Promise.all([import("../config/load.ts"), import("../run/prepare.ts")]);
    const loaded = loadConfig(given.config, loadOptions(given));
    const prepared = await prepare(loaded);
    const { model, config, batches, warnings, why } = prepared;
    const { checkRoom, estimateOf, estimateText } = await import("../run/estimate.ts");
    const tight = await checkRoom(prepared, config.output);
    for (const warning of [...warnings, ...tight]) stderr.write(`warning: ${warning}\n`);
    const chains = `${counted(config.chains, "chain")} in ${counted(batches.length, "batch")}`;
    stdout.write(
      `${plain(given.config)}: ok: model ${plain(model.name)} (${counted(model.dimension, "dimension")}), ${chains}; ` +
        `needs ${estimateText(estimateOf(prepared, true))}\n` +
        (why === undefined ? "" : `${plain(why)}\n`),
    );
  },
};

const printCommand: CommandModule<object, ConfigArguments> = {
  command: "print <config>",
  describe: "Print a config with every option filled in, as YAML",
  builder: configArguments as CommandModule<object, ConfigArguments>["builder"] & object,
  handler: async (given) => {
    const [{ loadConfig }, { stringify }] = await Promise.all([import("../config/load.ts"), import("yaml")]);
    const loaded = loadConfig(given.config, loadOptions(given));
    for (const warning of loaded.warnings) stderr.write(`warning: ${warning}\n`);
    const config = loaded.config.engine === "auto" ? await resolved(loaded) : loaded.config;
    stdout.write(stringify(config, { lineWidth: 120 }));
  },
};

/** The config with the engine that `auto` comes to here; says why. */
async function resolved(loaded: LoadedConfig): Promise<ResolvedConfig> {
  const { prepare } = await import("../run/prepare.ts");
  const { config, engineDetails } = await prepare(loaded);
  stderr.write(`${plain(engineDetails[0] ?? "")}\n`);
  return config;
}

const schemaCommand: CommandModule = {
  command: "schema",
  describe: "Print the JSON Schema of a config file, for editors",
  handler: async () => {
    const { jsonSchema } = await import("../config/describe.ts");
    stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  },
};
