import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Argv, CommandModule } from "yargs";
import { ConfigError } from "../errors.ts";
import { plain, stdout } from "./output.ts";

interface InitArguments {
  readonly dir: string;
}

export const initCommand: CommandModule<object, InitArguments> = {
  command: "init [dir]",
  describe: "Write a config, a model and data to start from",
  builder: (argv: Argv): Argv<InitArguments> =>
    argv.positional("dir", { type: "string", default: ".", describe: "the folder; made where it is missing" }),
  handler: async ({ dir }) => {
    const { starterFiles } = await import("./starter.ts");
    writeStarter(dir, starterFiles);
    const config = join(dir, "config.yaml");
    stdout.write(
      `Wrote ${Object.keys(starterFiles).join(", ")} in ${plain(dir)}. Run it:\n\n  manychain run ${plain(config)}\n`,
    );
  },
};

/** Writes the files, or none where one exists. */
function writeStarter(dir: string, files: Readonly<Record<string, string>>): void {
  const existing = Object.keys(files).filter((name) => existsSync(join(dir, name)));
  if (existing.length > 0) {
    throw new ConfigError(
      `${plain(join(dir, existing[0]!))} exists already and is not overwritten: give init another folder.`,
    );
  }
  try {
    mkdirSync(dir, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content, { flag: "wx" });
  } catch (error) {
    throw new ConfigError(`cannot write into ${plain(dir)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
