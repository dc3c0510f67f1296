/** Runs something again and compares the draws with what they were. */

import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { ConfigError, ReproductionError, StoreError } from "../errors.ts";
import {
  compareDigests,
  compareSummaries,
  type DrawDifference,
  firstDifference,
  type Golden,
  openResults,
  type ResultsReader,
  readGolden,
  type SummaryRow,
  writeGolden,
} from "../store/index.ts";
import { configOfResults, type OwnCopy } from "./resume.ts";
import { type RunResult, run } from "./run.ts";

export interface VerifyOptions extends OwnCopy {
  /** A file that keeps digests; without one, a results folder is compared with itself, a config run twice. */
  readonly golden?: string;
  /** Write that file instead of comparing. */
  readonly update?: boolean;
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
  const folder = await mkdtemp(join(tmpdir(), "manychain-verify-"));
  try {
    const again = await runIn(loaded, folder, "again");
    const facts = goldenOf(again.reader, again.result);
    if (golden !== undefined && update) {
      await writeGolden(golden, facts);
      return { text: `written: ${golden}` };
    }
    const agreed: string[] = [];
    if (golden !== undefined) agreed.push(...compareGolden(golden, await readGolden(golden), facts));
    const other = earlier ?? (golden === undefined ? (await runIn(loaded, folder, "twice")).reader : undefined);
    if (other !== undefined) agreed.push(...(await compareRuns(other, again.reader)));
    const { chains, draws, digest } = again.result.summary.run;
    const found = agreed.length > 0 ? agreed : [`reproduced: ${chains} chains × ${draws} draws, digest ${digest}`];
    return { text: [...found, ...notes].join("\n") };
  } finally {
    await rm(folder, { recursive: true, force: true });
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

async function finished(path: string): Promise<ResultsReader> {
  const reader = await openResults(path);
  if (reader.run.status === "complete") return reader;
  throw new StoreError(
    `${reader.directory} is not finished (${reader.run.status}): finish it with \`manychain resume\`, then verify it.`,
  );
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
async function compareRuns(before: ResultsReader, now: ResultsReader): Promise<string[]> {
  const classes = [before.run.manifest.engine["class"], now.run.manifest.engine["class"]] as const;
  if (!areOtherClasses(...classes)) {
    await compareReaders(before, now);
    return [];
  }
  const rows = async (reader: ResultsReader): Promise<readonly SummaryRow[]> =>
    (await reader.summary())?.quantities ?? [];
  return [agreement(classes, await rows(before), await rows(now))];
}

/** Compares the digests, and the draws on the disk with their digests; where they differ, finds the first draw. */
async function compareReaders(before: ResultsReader, now: ResultsReader): Promise<void> {
  const [damaged] = before.layout.keep === undefined ? await before.damagedChains() : [];
  const difference = compareDigests(before.run.digests ?? { chains: [] }, now.run.digests!);
  if (damaged === undefined && difference === undefined) return;
  const at = placeOf(await firstDifference(before, now));
  if (damaged !== undefined) {
    throw new ReproductionError(
      `not reproduced: the draws of chain ${damaged} in ${before.directory} are not those that it was finished with${at}.`,
    );
  }
  throw new ReproductionError(
    `not reproduced: ${difference!.chains} of ${now.run.digests!.chains.length} chains differ, the first is chain ` +
      `${difference!.chain}${at}.`,
  );
}

/** `; the first difference is in chain 5 at draw 17 (theta[A]: was 1, is 2)`; empty where it cannot be told. */
function placeOf(first: DrawDifference | undefined): string {
  if (first === undefined) return "";
  const { chain, iteration, quantity, a, b } = first;
  const values = quantity === undefined ? "one run has no such draw" : `${quantity}: was ${a}, is ${b}`;
  return `; the first difference is in chain ${chain} at draw ${iteration} (${values})`;
}
