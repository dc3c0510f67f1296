import { resolve } from "node:path";
import type { Argv, CommandModule } from "yargs";
import { mostDraws } from "../config/rules.ts";
import type { ResumedBatch, RunEvent } from "../run/events.ts";
import { type CopyArguments, copyArguments, ownCopy } from "./copy.ts";
import { counted, plain, stderr, stdout } from "./output.ts";
import { once } from "./run.ts";

interface ResumeArguments extends CopyArguments {
  readonly results: string;
  readonly workers: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const resumeCommand: CommandModule<object, ResumeArguments> = {
  command: "resume <results>",
  describe: "Go on with a run that was interrupted or killed: the draws are those of a run that never stopped",
  builder: (argv: Argv): Argv<ResumeArguments> =>
    copyArguments(argv)
      .positional("results", { type: "string", demandOption: true, describe: "results/<config name>/<run id>" })
      .option("workers", {
        type: "string",
        requiresArg: true,
        describe: "threads that compute (auto, or a number); never changes the draws",
        coerce: once("workers"),
      })
      .option("json", { type: "boolean", default: false, describe: "print summary.json and nothing else" })
      .option("quiet", {
        type: "boolean",
        default: false,
        describe: "no progress",
      }) as unknown as Argv<ResumeArguments>,
  handler,
};

async function handler(given: ResumeArguments): Promise<void> {
  const { results, workers, json, quiet } = given;
  const [{ configOfResults }, { run }, { follow }, { readRunDocument }] = await Promise.all([
    import("../run/resume.ts"),
    import("../run/run.ts"),
    import("./follow.ts"),
    import("../store/manifest.ts"),
  ]);
  if ((await readRunDocument(results)).status === "complete") return await tellFinished(results, json);
  const number = workers !== undefined && /^\d+$/.test(workers) ? Number(workers) : workers;
  const overrides = number === undefined ? {} : { workers: number };
  const { loaded, directory, notes } = await configOfResults(results, { overrides, ...ownCopy(given) });
  for (const note of notes) stderr.write(`note: ${plain(note)}\n`);
  const running = run(loaded, { resume: directory });
  running.events.subscribe({
    next: (event) => tellResumed(event, mostDraws(loaded.config), quiet),
    error: () => undefined,
  });
  await follow(running, { json, quiet }, loaded.config.gates);
}

async function tellFinished(results: string, json: boolean): Promise<void> {
  if (!json) return void stdout.write(`${plain(resolve(results))} is finished: there is nothing to resume.\n`);
  const { openResults, summaryJson } = await import("../store/index.ts");
  const summary = await (await openResults(results)).summary();
  if (summary !== undefined) stdout.write(summaryJson(summary));
}

/** Says where the run goes on; what was repaired is said in any case. */
function tellResumed(event: RunEvent, draws: number, quiet: boolean): void {
  if (event.kind !== "planned" || event.resumed === undefined) return;
  for (const problem of event.resumed.flatMap(({ problems }) => problems)) stderr.write(`repair: ${plain(problem)}\n`);
  if (quiet) return;
  for (const line of resumedLines(event.resumed, draws)) stderr.write(`${line}\n`);
}

/** Where the batches of a run go on, in words. */
export function resumedLines(batches: readonly ResumedBatch[], draws: number): string[] {
  const done = batches.filter((batch) => batch.draws === draws);
  const begun = batches.filter((batch) => batch.draws > 0 && batch.draws < draws);
  const warming = batches.filter((batch) => batch.draws === 0 && batch.warmup > 0);
  const anew = batches.filter((batch) => batch.draws === 0 && batch.warmup === 0);
  const dropped = batches.filter((batch) => batch.dropped > 0);
  return [
    ...(done.length > 0 ? [`${counted(done.length, "batch")} of ${batches.length} finished before`] : []),
    ...begun.slice(0, 8).map((each) => `batch ${each.batch} goes on after draw ${each.draws} of ${draws}`),
    ...(begun.length > 8 ? [`${begun.length - 8} more batches go on after their draws`] : []),
    ...warming.slice(0, 8).map((each) => `batch ${each.batch} goes on after warm-up iteration ${each.warmup}`),
    ...(warming.length > 8 ? [`${warming.length - 8} more batches go on in their warm-up`] : []),
    ...(anew.length > 0 ? [`${counted(anew.length, "batch")} without a checkpoint: from the beginning`] : []),
    ...dropped
      .slice(0, 8)
      .map((each) => `batch ${each.batch}: ${each.dropped} draws after its checkpoint are computed again`),
  ];
}
