/** Runs something again and compares the draws with what they were. */

import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configHash } from "../config/hash.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { ConfigError, ReproductionError, StoreError } from "../errors.ts";
import type { FolderDifference } from "../store/compare-documents.ts";
import { isReadableForm } from "../store/format.ts";
import {
  compareDigests,
  compareSummaries,
  type Golden,
  type Manifest,
  openResults,
  type ResultsReader,
  readGolden,
  type SummaryRow,
  writeGolden,
} from "../store/index.ts";
import { compareFolders, compareWithItself } from "./compareFolders.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { configOfResults, edited, type OwnCopy } from "./resume.ts";
import { type RunResult, run } from "./run.ts";

interface Agreement {
  /** What was found, where it is not that all is the same. */
  readonly text: readonly string[];
  readonly notes: readonly string[];
}

export interface VerifyOptions extends OwnCopy {
  /** A file that keeps digests; without one, a results folder is compared with itself, a config run twice. */
  readonly golden?: string;
  /** Write that file instead of comparing. */
  readonly update?: boolean;
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "manychain-verify-"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = "Set TMPDIR to a folder that can be written.";
    throw new StoreError(`cannot make a temporary folder in ${tmpdir()}: ${why}. ${advice}`, { cause: error });
  }
}

/**
 * Runs a config file, or the config of a results folder, again in a temporary folder.
 * @returns what was found, in words
 * @throws ReproductionError that names the chain, and where it is known the draw, that differ first; ConfigError, StoreError
 */
export async function verify(target: string, options: VerifyOptions = {}): Promise<{ readonly text: string }> {
  const { golden, update = false, ...copy } = options;
  if (update && golden === undefined) throw new ConfigError("--update-golden needs --golden FILE: where to write.");
  const earlier = isFolder(target) ? await finished(target) : undefined;
  if (earlier === undefined) refuseCopy(copy);
  const { loaded, notes } =
    earlier === undefined
      ? { loaded: loadConfig(target), notes: [] }
      : await configOfResults(target, { ...copy, purpose: "verify" });
  if (earlier !== undefined) await checkIdentity(earlier, loaded);
  const folder = await temporaryFolder();
  try {
    const again = await runIn(loaded, folder, "again");
    const facts = goldenOf(again.reader, again.result);
    if (golden !== undefined && update) {
      await writeGolden(golden, facts);
      return { text: `written: ${golden}` };
    }
    const agreed: string[] = [];
    const remarks: string[] = [...notes];
    if (golden !== undefined) agreed.push(...compareGolden(golden, await readGolden(golden), facts));
    const other = earlier ?? (golden === undefined ? (await runIn(loaded, folder, "twice")).reader : undefined);
    if (other !== undefined) {
      const found = await compareRuns(other, again.reader, copy.config !== undefined);
      agreed.push(...found.text);
      remarks.push(...found.notes);
    }
    const { chains, draws, digest } = again.result.summary.run;
    const found = agreed.length > 0 ? agreed : [`reproduced: ${chains} chains × ${draws} draws, digest ${digest}`];
    return { text: [...found, ...remarks].join("\n") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Who has another model or other data need not wait for the draws to be told so. */
async function checkIdentity({ directory, run }: ResultsReader, loaded: LoadedConfig): Promise<void> {
  const { identity } = await prepared(directory, run.manifest, loaded);
  const held = [
    ["hashes.program", "the model's program", identity.program],
    ["hashes.bound_data", "the data or labels that the model is given", identity.data],
  ] as const;
  for (const [key, what, is] of held) {
    const was = run.manifest.hashes[key.slice("hashes.".length)];
    if (was === undefined || was === is) continue;
    throw new ReproductionError(
      `not reproduced: run.json of ${directory}: ${key} was ${String(was)}, is ${is}, so that nothing was computed. Either ${what} ` +
        "changed (the model's file is the same, but what it imports or reads counts too), or run.json was.",
    );
  }
}

/** What cannot be run of a config that is not the one that the run had was changed. */
async function prepared(directory: string, { hashes }: Manifest, loaded: LoadedConfig): Promise<Prepared> {
  try {
    return await prepare(loaded, { engine: false });
  } catch (error) {
    const isAsItWas = configHash(loaded.config, hashes["data"] as Record<string, string>) === hashes["config"];
    if (isAsItWas || !(error instanceof ConfigError)) throw error;
    throw new ReproductionError(`not reproduced: ${edited(directory)}: ${error.message}`, { cause: error });
  }
}

function refuseCopy({ config, model, trust }: OwnCopy): void {
  if (config === undefined && model === undefined && trust !== true) return;
  throw new ConfigError(
    "--config, --model and --trust are for a results folder: a config file says itself what is run.",
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * A results folder that says that it is finished, or has all its draws and its summary: then it is compared all the same.
 * @throws StoreError where it is no results folder or not finished; ReproductionError where it is damaged
 */
async function finished(path: string): Promise<ResultsReader> {
  const reader = await opened(path);
  const { run, layout, perBatch } = reader;
  const isWhole = perBatch.sampling.every((draws) => draws === layout.draws);
  if (run.status === "complete" || (isWhole && existsSync(join(reader.directory, "summary.json")))) return reader;
  throw new StoreError(
    `${reader.directory} is not finished (${run.status}): finish it with \`manychain resume\`, then verify it.`,
  );
}

/** What is damaged cannot be what a run makes; what was never a results folder of this version is another thing. */
async function opened(path: string): Promise<ResultsReader> {
  try {
    return await openResults(path);
  } catch (error) {
    if (!(error instanceof StoreError) || !(await isReadableForm(path))) throw error;
    throw new ReproductionError(`not reproduced: ${error.message}`, { cause: error });
  }
}

async function runIn(
  loaded: LoadedConfig,
  folder: string,
  runId: string,
): Promise<{ readonly result: RunResult; readonly reader: ResultsReader }> {
  const result = await run(loaded, { out: folder, runId, report: false }).result;
  return { result, reader: await openResults(result.directory!) };
}

/** What a golden file says of a run. */
function goldenOf({ run: { manifest } }: ResultsReader, { digests, summary }: RunResult): Golden {
  const { name, precision, class: engineClass } = manifest.engine;
  return {
    config: String(manifest.hashes["config"]),
    engine: { name: String(name), precision: String(precision), class: String(engineClass) },
    digests,
    summary: summary.quantities,
  };
}

/** Compares bits, or across engine classes the summaries: then what was found is returned, in words. */
function compareGolden(file: string, before: Golden, now: Golden): string[] {
  const facts = ({ config, engine }: Golden): [string, string][] => [
    ["config", config],
    ["engine", String(engine["name"])],
    ["precision", String(engine["precision"])],
  ];
  const found = facts(now);
  for (const [index, [what, was]] of facts(before).entries()) {
    const is = found[index]![1];
    if (was === is) continue;
    throw new ReproductionError(
      `${file} was made with another ${what} (was ${was}, is ${is}): if that is meant, write it anew with --update-golden.`,
    );
  }
  const classes = [before.engine["class"], now.engine["class"]] as const;
  if (areOtherClasses(...classes)) return [agreement(classes, before.summary, now.summary)];
  const difference = compareDigests(before.digests, now.digests);
  if (difference === undefined) return [];
  const row = now.summary.find(({ name, mean }) => before.summary.find((old) => old.name === name)?.mean !== mean);
  const shown = row === undefined ? "" : `; ${row.name} has the mean ${row.mean} now`;
  throw new ReproductionError(
    `not reproduced: chain ${difference.chain} is the first whose draws differ from ${file}, ${difference.chains} of ` +
      `${now.digests.chains.length} differ${shown}. Which draw, a golden file does not say: verify a results folder of the ` +
      "earlier run.",
  );
}

/** Whether both are known and bits need not be the same. */
function areOtherClasses(before: unknown, now: unknown): boolean {
  return typeof before === "string" && typeof now === "string" && before !== now;
}

/**
 * That two runs of other engine classes are draws of one posterior.
 * @throws ReproductionError where they are not
 */
function agreement(
  [was, is]: readonly [unknown, unknown],
  before: readonly SummaryRow[],
  now: readonly SummaryRow[],
): string {
  const { quantities, limit, worst } = compareSummaries(before, now);
  const why = `bits are not compared, since the engine is of another class (was ${was}, is ${is})`;
  if (worst === undefined) {
    return (
      `agrees: mean, sd and the 5 %, 50 % and 95 % quantiles of ${quantities} quantities are within ${limit} combined ` +
      `standard errors; ${why}`
    );
  }
  const { quantity, number, distance } = worst;
  throw new ReproductionError(
    `not reproduced: ${number} of ${quantity} was ${worst.before} and is ${worst.now}, ${distance.toPrecision(3)} combined ` +
      `standard errors apart, and ${limit} are allowed; ${why}.`,
  );
}

/** The same of two results folders. */
async function compareRuns(before: ResultsReader, now: ResultsReader, own: boolean): Promise<Agreement> {
  const classes = [before.run.manifest.engine["class"], now.run.manifest.engine["class"]] as const;
  const areSame = compareDigests(before.run.digests ?? { chains: [] }, now.run.digests!) === undefined;
  if (areSame || !areOtherMachines(...classes)) {
    const { differences, notes } = await compareFolders(before, now, { own });
    refuseDifferences(before, differences);
    return { text: [], notes };
  }
  refuseDifferences(before, await compareWithItself(before, now));
  const rows = async (reader: ResultsReader): Promise<readonly SummaryRow[]> =>
    (await reader.summary())?.quantities ?? [];
  return { text: [agreement(classes, await rows(before), await rows(now))], notes: [] };
}

/** Whether two classes are of one engine and precision, whose bits depend on the machine (which stands in brackets). */
function areOtherMachines(before: unknown, now: unknown): boolean {
  const of = (text: unknown): string | undefined => /^([^(]*\()/.exec(String(text))?.[1];
  return areOtherClasses(before, now) && of(before) !== undefined && of(before) === of(now);
}

/** Differences of one file, or of the arrays, that are written out. */
const SHOWN = 6;

/** @throws ReproductionError where something differs: it names the first few of each file */
function refuseDifferences({ directory }: ResultsReader, differences: readonly FolderDifference[]): void {
  if (differences.length === 0) return;
  const files = new Map<string, FolderDifference[]>();
  for (const difference of differences) {
    const [file] = difference.where.split(/[:/]/) as [string];
    files.set(file, [...(files.get(file) ?? []), difference]);
  }
  const lines = [...files].flatMap(([file, found]) => [
    ...found.slice(0, SHOWN).map(({ where, was, is }) => `  ${where}: was ${was}, is ${is}`),
    ...(found.length > SHOWN ? [`  ${file}: and ${found.length - SHOWN} more`] : []),
  ]);
  throw new ReproductionError(
    `not reproduced: ${directory} is not what a run of its config makes:\n${lines.join("\n")}\n` +
      "Either it was changed after the run, or the run gives something else here and now.",
  );
}
