import { statSync } from "node:fs";
import type { Argv, CommandModule } from "yargs";
import { ConfigError } from "../errors.ts";
import type { GateLimits } from "../report/index.ts";
import type { SummaryDocument } from "../store/index.ts";
import { plain } from "./output.ts";

interface DiagnoseArguments {
  readonly draws: readonly string[];
  readonly json: boolean;
}

/** What draws are held to where no config says: the defaults of a config. */
const LIMITS: Required<Omit<GateLimits, "precision">> = {
  rhat: 1.01,
  ess_bulk: 400,
  ess_tail: 400,
  divergences: 0.01,
  quantities: "all",
};

export const diagnoseCommand: CommandModule<object, DiagnoseArguments> = {
  command: "diagnose <draws..>",
  describe: "Convergence diagnostics of draws: a results folder, CSV (also CmdStan's), Parquet, Arrow IPC or NetCDF-4",
  builder: (argv: Argv): Argv<DiagnoseArguments> =>
    argv
      .positional("draws", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "a folder, files (chains in order), or patterns such as output_*.csv",
      })
      .option("json", { type: "boolean", default: false, describe: "print the summary as JSON and nothing else" }),
  handler,
};

async function handler({ draws, json }: DiagnoseArguments): Promise<void> {
  const [{ printSummary }, { allPass }] = await Promise.all([import("./summary.ts"), import("../report/index.ts")]);
  const summary = isFolder(draws) ? await ofFolder(draws[0]!) : await ofFiles(draws);
  await printSummary({ summary, title: plain(draws.join(", ")) }, { json });
  if (!allPass(summary.gates)) process.exitCode = 3;
}

function isFolder(paths: readonly string[]): boolean {
  const folders = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  if (folders.length > 0 && paths.length > 1) {
    throw new ConfigError("diagnose takes one results folder, or one or more files, not both.");
  }
  return folders.length === 1;
}

async function ofFolder(path: string): Promise<SummaryDocument> {
  const { summarizeFolder } = await import("./results.ts");
  const { summary } = await summarizeFolder(path);
  const { chains: _, ...document } = summary;
  return document;
}

async function ofFiles(paths: readonly string[]): Promise<SummaryDocument> {
  const [{ readDraws, summaryRow }, { summarize }, { evaluateGates }] = await Promise.all([
    import("../store/index.ts"),
    import("../diagnostics/index.ts"),
    import("../report/index.ts"),
  ]);
  const { quantities, statistics = [] } = await readDraws(paths);
  const rows = quantities.map((one) => summaryRow(one, summarize(one.draws)));
  const [first] = quantities;
  const diverging = statistics.find(({ name }) => name === "diverging")?.draws;
  const divergences = diverging?.map((chain) => chain.reduce((a, b) => a + b, 0));
  const unknown = Number.NaN;
  const run = {
    chains: first?.draws.length ?? 0,
    draws: first?.draws[0]?.length ?? 0,
    warmup: unknown,
    divergences: divergences?.reduce((a, b) => a + b, 0) ?? unknown,
    gradients: { warmup: unknown, sampling: unknown },
    seconds: { compile: unknown, warmup: unknown, sampling: unknown, total: unknown },
    engine: "unknown",
    precision: "unknown",
    seed: "unknown",
    digest: "",
  };
  const { divergences: limit, ...limits } = LIMITS;
  const asked = divergences === undefined ? limits : { ...limits, divergences: limit };
  return { run, gates: evaluateGates(asked, rows, run), quantities: rows };
}
