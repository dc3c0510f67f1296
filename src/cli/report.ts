import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argv, CommandModule } from "yargs";
import type { SummarizedResults } from "../report/index.ts";
import { plain, stderr, stdout } from "./output.ts";

interface ReportArguments {
  readonly results: string;
  readonly json: boolean;
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: "report <results>",
  describe: "Print and write the convergence report of a results folder again, finished or not",
  builder: (argv: Argv): Argv<ReportArguments> =>
    argv
      .positional("results", { type: "string", demandOption: true, describe: "results/<config name>/<run id>" })
      .option("json", { type: "boolean", default: false, describe: "print the summary as JSON and nothing else" }),
  handler,
};

async function handler({ results, json }: ReportArguments): Promise<void> {
  const [{ summarizeFolder }, { printSummary }, { allPass }] = await Promise.all([
    import("./results.ts"),
    import("./summary.ts"),
    import("../report/index.ts"),
  ]);
  const { reader, summary, limits, missing, damaged } = await summarizeFolder(results);
  if (!json && missing.length > 0) stdout.write(`${missing.join("\n")}\n\n`);
  if (json) for (const note of damaged) stderr.write(`note: ${note}\n`);
  const { chains, ...document } = summary;
  const path = await writeReport(reader.directory, { summary: document, chainNotes: chains });
  await printSummary(
    {
      summary: document,
      chains,
      status: reader.run.status,
      title: `${reader.run.configName} / ${reader.run.runId}`,
      directory: reader.directory,
      ...(path !== undefined && { report: path }),
      ...(limits !== false && limits.quantities !== undefined && { gatedQuantities: limits.quantities }),
    },
    { json },
  );
  if (!allPass(document.gates)) process.exitCode = 3;
  if (reader.run.status === "complete") return;
  process.exitCode = 6;
  if (!json) stdout.write("\nThe run is not finished: what stands above is about the draws so far.\n");
}

/** Writes report.html; a folder that cannot be written can still be reported on the terminal. */
async function writeReport(directory: string, known: SummarizedResults): Promise<string | undefined> {
  const { REPORT_FILE, reportOf } = await import("../run/report.ts");
  const html = await reportOf(directory, known);
  const path = join(directory, REPORT_FILE);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, html, { flag: "wx" });
    await rename(temporary, path);
    return path;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    stderr.write(`note: ${plain(path)} cannot be written: ${error instanceof Error ? plain(error.message) : ""}\n`);
    return undefined;
  }
}
