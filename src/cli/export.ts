import type { Argv, CommandModule } from "yargs";
import { ConfigError } from "../errors.ts";
import type { ExportFormat } from "../store/index.ts";
import { plain, stderr, stdout } from "./output.ts";
import { once } from "./run.ts";

interface ExportArguments {
  readonly results: string;
  readonly out: string;
  readonly format: string | undefined;
  readonly force: boolean;
}

/** What a user may call a format. */
const FORMATS: Readonly<Record<string, ExportFormat>> = {
  netcdf: "netcdf",
  parquet: "parquet",
  arrow: "arrow",
  "cmdstan-csv": "cmdstan",
  cmdstan: "cmdstan",
};

export const exportCommand: CommandModule<object, ExportArguments> = {
  command: "export <results>",
  describe: "Write the draws of a results folder as NetCDF-4, Parquet, Arrow IPC or CmdStan's CSV",
  builder: (argv: Argv): Argv<ExportArguments> =>
    argv
      .positional("results", { type: "string", demandOption: true, describe: "results/<config name>/<run id>" })
      .option("out", {
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "the file to write; CmdStan's CSV are several, draws.csv stands for draws_1.csv, draws_2.csv, …",
        coerce: once("out"),
      })
      .option("format", {
        type: "string",
        requiresArg: true,
        describe: "netcdf, parquet, arrow or cmdstan-csv; default: by the file's extension",
        coerce: once("format"),
      })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "replace files that exist",
      }) as unknown as Argv<ExportArguments>,
  handler,
};

async function handler({ results, out, format, force }: ExportArguments): Promise<void> {
  const { exportResults, formatOfFile, openResults } = await import("../store/index.ts");
  const chosen = format === undefined ? formatOfFile(out) : formatNamed(format);
  const reader = await openResults(results);
  const damage = chosen === "cmdstan" ? await reader.damage("events.ndjson") : undefined;
  if (damage !== undefined) stderr.write(`note: ${plain(damage)}\n`);
  const files = await exportResults(reader, chosen, out, { force });
  stdout.write(`${files.map(plain).join("\n")}\n`);
}

function formatNamed(name: string): ExportFormat {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format !== undefined) return format;
  throw new ConfigError(`--format: expected netcdf, parquet, arrow or cmdstan-csv, found ${JSON.stringify(name)}.`);
}
