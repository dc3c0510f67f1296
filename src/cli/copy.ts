/** The options of commands that run a results folder again: whose copy of config and model is run. */
import type { Argv } from "yargs";
import type { OwnCopy } from "../run/resume.ts";
import { once } from "./run.ts";

export interface CopyArguments {
  readonly config: string | undefined;
  readonly model: string | undefined;
  readonly trust: boolean;
}

export function copyArguments<T>(argv: Argv<T>): Argv<T & CopyArguments> {
  const file = (name: string, describe: string) =>
    ({ type: "string", requiresArg: true, describe, coerce: once(name) }) as const;
  return argv
    .option("config", file("config", "your own copy of the config, run in place of what the folder says"))
    .option("model", file("model", "your own copy of the model's file, run in place of the one that the folder names"))
    .option("trust", {
      type: "boolean",
      default: false,
      describe: "run the model that the folder names, also where it lies in the folder or is not the run's",
    }) as unknown as Argv<T & CopyArguments>;
}

/** What the options say. */
export function ownCopy({ config, model, trust }: CopyArguments): OwnCopy {
  return { ...(config !== undefined && { config }), ...(model !== undefined && { model }), trust };
}
