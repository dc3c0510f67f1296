import { filter, firstValueFrom } from "rxjs";
import type { ResolvedConfig } from "../config/types.ts";
import type { FinishedEvent, PlannedEvent } from "../run/events.ts";
import type { Run, RunResult } from "../run/run.ts";
import { LONG } from "../run/usersCode.ts";
import { end } from "./ending.ts";
import { plain, stderr, stdout } from "./output.ts";

type PrintSummary = typeof import("./summary.ts")["printSummary"];

export interface FollowOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Shows a run's progress, lets signals stop it, prints its report, and sets the exit code. */
export async function follow(run: Run, options: FollowOptions, gates: ResolvedConfig["gates"]): Promise<void> {
  const release = stopOnSignals(run);
  try {
    if (!options.quiet) await showProgress(run);
    tellPlanned(run, options);
    // As soon as it is known: report.html takes its time.
    const { printSummary } = await import("./summary.ts");
    const finished = run.events.pipe(filter((event): event is FinishedEvent => event.kind === "finished"));
    const printed = firstValueFrom(finished).then((event) => print(printSummary, event, options, gates));
    // Where the run fails, that is told.
    printed.catch(() => undefined);
    const result = await run.result;
    await printed;
    if (result.report !== undefined && !options.json) stdout.write(`Report: ${plain(result.report)}\n`);
    process.exitCode = exitCode(result);
  } finally {
    release();
  }
}

async function showProgress(run: Run): Promise<void> {
  const { liveProgress, plainProgress } = await import("./progress.ts");
  if (stderr.isLive) await liveProgress(run.events, stderr);
  else plainProgress(run.events, stderr);
}

/** What was found before the run began. Warnings are no progress: `--quiet` shows them too. */
function tellPlanned(run: Run, { quiet }: FollowOptions): void {
  run.events.pipe(filter((event): event is PlannedEvent => event.kind === "planned")).subscribe({
    next: ({ precisionReason, warnings }) => {
      if (precisionReason !== undefined && !quiet) stderr.write(`${plain(precisionReason)}\n`);
      for (const warning of warnings) stderr.write(`warning: ${warning}\n`);
    },
    error: () => undefined,
  });
}

/** How to go on with a run, as a shell takes it. */
export function resumeCommand(directory: string): string {
  const isPlain = /^[\w./@%+=:,-]+$/.test(directory);
  return `manychain resume ${isPlain ? directory : `'${plain(directory).replaceAll("'", `'\\''`)}'`}`;
}

/** Milliseconds that a run which was asked to end may take before its first batch has begun. */
const PATIENCE = 5000;

/**
 * The first Ctrl-C ends the run after its block, the second at once. Before the run is planned there is nothing to keep, and
 * a signal does what it does to any program: also where a model's code keeps this thread. Returns what gives the signals back.
 */
function stopOnSignals(run: Run): () => void {
  let stopping = false;
  let hasBegun = false;
  let directory: string | undefined;
  let stillLoading: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === "SIGTERM" ? 143 : 130;
    if (stopping) end(code);
    stopping = true;
    const later = directory === undefined ? "" : `\nto go on later: ${resumeCommand(directory)}`;
    stderr.write(`\nstopping after the current block; once more to abort${later}\n`);
    run.stop();
    const abort = (): void => {
      if (!hasBegun) end(code);
    };
    setTimeout(abort, PATIENCE).unref();
  };
  run.events.subscribe({
    next: (event) => {
      if (event.kind !== "planned") {
        hasBegun = true;
        clearTimeout(stillLoading);
        return;
      }
      ({ directory } = event);
      process.on("SIGINT", onSignal);
      process.on("SIGTERM", onSignal);
      const text = `still loading and compiling the model in its threads after ${LONG / 1000} s (Ctrl-C stops it)\n`;
      stillLoading = setTimeout(() => stderr.write(text), LONG);
      stillLoading.unref();
    },
    error: () => clearTimeout(stillLoading),
  });
  return () => {
    clearTimeout(stillLoading);
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
}

function exitCode({ status, converged }: RunResult): number {
  if (status === "interrupted") return 6;
  return converged ? 0 : 3;
}

async function print(
  printSummary: PrintSummary,
  { status, summary, chains, directory }: FinishedEvent,
  { json, quiet }: FollowOptions,
  gates: ResolvedConfig["gates"],
): Promise<void> {
  const where = directory === undefined ? {} : { directory };
  const gated = gates === false ? {} : { gatedQuantities: gates.quantities };
  await printSummary({ summary, chains, status, ...where, ...gated }, { json, quiet });
  if (status !== "interrupted" || directory === undefined) return;
  stderr.write(
    `interrupted: ${summary.run.draws} draws of ${summary.run.chains} chains are stored in ${plain(directory)}. ` +
      `To go on: ${resumeCommand(directory)}\n`,
  );
}
