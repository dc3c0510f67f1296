import type { Argv, CommandModule } from "yargs";
import { type CopyArguments, copyArguments, ownCopy } from "./copy.ts";
import { plain, stdout } from "./output.ts";
import { once } from "./run.ts";

interface VerifyArguments extends CopyArguments {
  readonly target: string;
  readonly golden: string | undefined;
  readonly updateGolden: boolean;
}

export const verifyCommand: CommandModule<object, VerifyArguments> = {
  command: "verify <target>",
  describe: "Run a config or a results folder again, and compare the draws with what they were",
  builder: (argv: Argv): Argv<VerifyArguments> =>
    copyArguments(argv)
      .positional("target", { type: "string", demandOption: true, describe: "a results folder, or a config file" })
      .option("golden", {
        type: "string",
        requiresArg: true,
        describe: "the file that keeps a config's digests",
        coerce: once("golden"),
      })
      .option("update-golden", {
        type: "boolean",
        default: false,
        describe: "write the golden file instead of comparing with it",
      }) as unknown as Argv<VerifyArguments>,
  handler: async ({ target, golden, updateGolden, ...copy }) => {
    const { verify } = await import("../run/verify.ts");
    const options = { ...(golden !== undefined && { golden }), update: updateGolden, ...ownCopy(copy) };
    const { text } = await verify(target, options);
    stdout.write(`${plain(text)}\n`);
  },
};
