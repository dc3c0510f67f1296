import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Argv, CommandModule } from "yargs";
import { ConfigError } from "../errors.ts";
import type { GateLimits } from "../report/index.ts";
import type { SummaryDocument } from "../store/index.ts";
import { plain, stderr } from "./output.ts";

interface DiagnoseArguments {
  readonly draws: readonly string[];
  readonly json: boolean;
}

/** E-BFMI below this is told, as for a run. */
const LOW_EBFMI = 0.3;

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
  describe:
    "Convergence diagnostics of draws: a results folder, CSV (also CmdStan's), Parquet, Arrow IPC, NetCDF-4 or Zarr",
  builder: (argv: Argv): Argv<DiagnoseArguments> =>
    argv
      .positional("draws", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "one results folder, or the files of one run (chains in order; patterns such as output_*.csv)",
      })
      .option("json", { type: "boolean", default: false, describe: "print the summary as JSON and nothing else" }),
  handler,
};

async function handler({ draws, json }: DiagnoseArguments): Promise<void> {
  const [{ printSummary }, { allPass }] = await Promise.all([import("./summary.ts"), import("../report/index.ts")]);
  const folder = resultsFolder(draws);
  const { summary, notes } = folder === undefined ? await ofFiles(draws) : await ofFolder(folder);
  for (const note of notes) stderr.write(`note: ${plain(note)}\n`);
  await printSummary({ summary, title: plain(draws.join(", ")) }, { json });
  if (!allPass(summary.gates)) process.exitCode = 3;
}

/** The results folder that is named, itself or by its draws.zarr; undefined where other programs' draws are. */
function resultsFolder(paths: readonly string[]): string | undefined {
  const folders = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  if (folders.length > 0 && paths.length > 1) {
    throw new ConfigError(
      `diagnose takes the draws of one run: one folder, or one or more files (its chains). Found ${paths.map(plain).join(", ")}.`,
    );
  }
  const [folder] = folders;
  if (folder === undefined) return undefined;
  const candidates = basename(resolve(folder)) === "draws.zarr" ? [folder, dirname(resolve(folder))] : [folder];
  const own = candidates.find((path) => existsSync(join(path, "run.json")));
  if (own !== undefined || isZarr(folder)) return own;
  // The reader says what a results folder has.
  return folder;
}

function isZarr(folder: string): boolean {
  return ["zarr.json", ".zgroup", ".zmetadata", ".zattrs"].some((name) => existsSync(join(folder, name)));
}

interface Summarised {
  readonly summary: SummaryDocument;
  readonly notes: readonly string[];
}

async function ofFolder(path: string): Promise<Summarised> {
  const { summarizeFolder } = await import("./results.ts");
  const { summary, damaged } = await summarizeFolder(path);
  const { chains: _, ...document } = summary;
  return { summary: document, notes: damaged };
}

/** What a reader found, summarised and judged. */
async function ofFiles(paths: readonly string[]): Promise<Summarised> {
  const [{ readDraws, summaryRow }, { ebfmi, summarize }, { evaluateGates }] = await Promise.all([
    import("../store/index.ts"),
    import("../diagnostics/index.ts"),
    import("../report/index.ts"),
  ]);
  const { quantities, statistics = [], notes = [], roles } = await readDraws(paths);
  const rows = quantities.map((one) => summaryRow(one, summarize(one.draws), { role: roles?.get(one.name) }));
  const [first] = quantities;
  const statistic = (wanted: string): readonly Float64Array[] | undefined =>
    statistics.find(({ name }) => name === wanted)?.draws;
  const divergences = statistic("diverging")?.map((chain) => chain.reduce((a, b) => a + b, 0));
  const energies = statistic("energy")?.map(ebfmi);
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
    ...(energies !== undefined && {
      ebfmi_min: energies.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      ebfmi_low_chains: energies.filter((value) => value < LOW_EBFMI).length,
    }),
  };
  const { divergences: limit, ...limits } = LIMITS;
  const asked = divergences === undefined ? limits : { ...limits, divergences: limit };
  return { summary: { run, gates: evaluateGates(asked, rows, run), quantities: rows }, notes };
}
