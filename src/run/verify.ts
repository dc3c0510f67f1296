/** Runs something again and compares the draws with what they were. */

import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadData } from "../config/data.ts";
import { configHash } from "../config/hash.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { ConfigError, ReproductionError, StoreError } from "../errors.ts";
import { type Digests, openResults, type ResultsReader, type SummaryRow } from "../store/index.ts";
import { type Golden, readGolden, writeGolden } from "./golden.ts";
import { configOfResults } from "./resume.ts";
import { type RunResult, run } from "./run.ts";

export interface VerifyOptions {
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
  const { golden, update = false } = options;
  if (update && golden === undefined) throw new ConfigError("--update-golden needs --golden FILE: where to write.");
  const earlier = isFolder(target) ? await finished(target) : undefined;
  const loaded = earlier === undefined ? loadConfig(target) : (await configOfResults(target)).loaded;
  const folder = await mkdtemp(join(tmpdir(), "manychain-verify-"));
  try {
    const again = await runIn(loaded, folder, "again");
    const facts = goldenOf(loaded, again.result);
    if (golden !== undefined && update) {
      await writeGolden(golden, facts);
      return { text: `written: ${golden}` };
    }
    if (golden !== undefined) compareGolden(golden, await readGolden(golden), facts);
    const other = earlier ?? (golden === undefined ? (await runIn(loaded, folder, "twice")).reader : undefined);
    if (other !== undefined) await compareReaders(other, again.reader);
    const { chains, draws, digest } = again.result.summary.run;
    return { text: `reproduced: ${chains} chains × ${draws} draws, digest ${digest}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

function goldenOf({ config, baseDir }: LoadedConfig, { digests, summary }: RunResult): Golden {
  const rows = summary.quantities.map(({ name, mean, sd }: SummaryRow) => ({ name, mean, sd }));
  const { hashes } = loadData(config.data, { baseDir });
  const { engine, precision } = config;
  return { config: configHash(config, hashes), engine, precision, digests: digests.chains, summary: rows };
}

function compareGolden(file: string, before: Golden, now: Golden): void {
  for (const key of ["config", "engine", "precision"] as const) {
    if (before[key] === now[key]) continue;
    throw new ReproductionError(
      `${file} was made with another ${key} (was ${before[key]}, is ${now[key]}): if that is meant, write it anew with --update-golden.`,
    );
  }
  const chain = firstDifference(before.digests, now.digests);
  if (chain === undefined) return;
  const row = now.summary.find(({ name, mean }) => before.summary.find((old) => old.name === name)?.mean !== mean);
  const shown = row === undefined ? "" : `; ${row.name} has the mean ${row.mean} now`;
  throw new ReproductionError(
    `not reproduced: chain ${chain} is the first whose draws differ from ${file}${shown}. Which draw, a golden file does not say: ` +
      "verify a results folder of the earlier run.",
  );
}

function firstDifference(before: readonly string[], now: readonly string[]): number | undefined {
  const length = Math.max(before.length, now.length);
  for (let chain = 0; chain < length; chain++) if (before[chain] !== now[chain]) return chain;
  return undefined;
}

/** Compares chain by chain; of the first that differs, finds the draw. */
async function compareReaders(before: ResultsReader, now: ResultsReader): Promise<void> {
  const old: Digests | undefined = before.run.digests;
  const found: Digests = now.run.digests!;
  const damaged = before.run.layout.keep === undefined ? await before.damagedChains() : [];
  if (damaged.length > 0) {
    const at = await firstDraw(before, now, damaged[0]!);
    throw new ReproductionError(
      `not reproduced: the draws of chain ${damaged[0]} in ${before.directory} are not those that it was finished with${at}.`,
    );
  }
  const chain = firstDifference(old?.chains ?? [], found.chains);
  if (chain === undefined) return;
  const at = await firstDraw(before, now, chain);
  throw new ReproductionError(`not reproduced: chain ${chain} is the first that differs${at}.`);
}

/** `, from draw 17 on (theta[A]: was 1, is 2)`; empty where it cannot be told. */
async function firstDraw(before: ResultsReader, now: ResultsReader, chain: number): Promise<string> {
  const batch = now.layout.batches.findIndex(({ firstChain, chains }) => chain < firstChain + chains);
  const span = now.layout.batches[batch];
  if (span === undefined || before.run.layout.keep !== undefined) return "";
  let first = Number.POSITIVE_INFINITY;
  let text = "";
  for (const { name } of now.layout.variables) {
    const [a, b] = await Promise.all([before, now].map((reader) => reader.draws(name, { batches: [batch] })));
    b!.forEach((quantity, index) => {
      const mine = quantity.draws[chain - span.firstChain]!;
      const theirs = a![index]?.draws[chain - span.firstChain];
      const draw = mine.findIndex((value, at) => !Object.is(value, theirs?.[at]));
      if (draw === -1 || draw >= first) return;
      first = draw;
      text = `, from draw ${draw} on (${quantity.name}: was ${theirs?.[draw]}, is ${mine[draw]})`;
    });
  }
  return text;
}
