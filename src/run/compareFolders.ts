/** Compares a results folder with that of a second run of its config: all that both made, and says what differs. */
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import type { GateLimits } from "../report/index.ts";
import { arrayDifferences } from "../store/compare-arrays.ts";
import { documentDifferences, type FolderDifference } from "../store/compare-documents.ts";
import { eventDifferences } from "../store/compare-events.ts";
import { readBounded } from "../store/files.ts";
import { FORMAT } from "../store/format.ts";
import {
  type JsonObject,
  RECORDED_FILES,
  type ResultsReader,
  runDigest,
  type SummaryDocument,
  summaryJson,
} from "../store/index.ts";
import { parseJson } from "../store/json.ts";
import { sourceOf } from "../summary/source.ts";
import { summarizeRun } from "../summary/summarize.ts";
import { REPORT_FILE, reportOf } from "./report.ts";

/** What of run.json is no function of the config, and why: this alone is not compared. */
export const OWN_OF_RUN: Readonly<Record<string, string>> = {
  runId: "the folder's name is the caller's, or the clock's",
  created: "the clock",
  finished: "the clock",
  host: "the machine",
  "versions.node": "draws are the same with any",
  "versions.v8": "draws are the same with any",
  "engine.details": "devices and libraries of the machine; engine.class says what bits depend on",
  files: "times are in these files too; they are held to the folder's own files",
  format: "older forms are read, and newer ones are refused before",
  seal: "it is checked when the file is read",
};

/** The same of summary.json. */
export const OWN_OF_SUMMARY: Readonly<Record<string, string>> = {
  "run.seconds": "the clock",
  "run.precision_reason": "how `precision: auto` chose: the config in run.json holds what it chose, and is compared",
};

/** Options that never change a draw, and that may differ where the caller gives a config of his own. */
const NEUTRAL = ["name", "device", "workers", "output"].map((key) => `config.${key}`);

const MAX_BYTES = 256 * 2 ** 20;

export interface FolderComparison {
  readonly differences: readonly FolderDifference[];
  /** What differs as it may, and what is not compared; one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Compares run.json, summary.json, summary.csv, every file of draws.zarr and the events with those of the second run, and
 * report.html with what the folder itself gives. Checkpoints are not compared: nothing reads those of a finished run.
 * @param before the folder that is verified
 * @param own whether the second run is of the caller's own config
 */
export async function compareFolders(
  before: ResultsReader,
  now: ResultsReader,
  { own = false }: { readonly own?: boolean } = {},
): Promise<FolderComparison> {
  const older = (before.run.format ?? FORMAT) < FORMAT;
  const folders = [before.directory, now.directory] as const;
  const passed = [...Object.keys(OWN_OF_RUN), ...(own ? NEUTRAL : [])];
  const found = [
    ...(await filesDiffer("run.json", folders, { own: passed, older })),
    ...(await arrayDifferences(before, now)),
    ...(await filesDiffer("summary.json", folders, { own: Object.keys(OWN_OF_SUMMARY), older })),
    ...(await tableDiffers(folders)),
    ...(await eventDifferences(...folders)),
  ];
  found.push(...(await filesChanged(before, found)));
  const notes = [...mayDiffer(before, now), ...(older ? [OLDER] : [])];
  // The report of a folder in which something else differs does so too; on another Node its curves may in their last digits.
  const differences = found.length > 0 || notes.length > 0 ? found : await reportDiffers(before);
  return { differences, notes };
}

const OLDER = "The folder is of an older form: what it does not hold is not compared, nor is its report.";

/** Facts that differ and are no function of the config. */
function mayDiffer(before: ResultsReader, now: ResultsReader): string[] {
  const [was, is] = [before, now].map(({ run }) => run.manifest.versions);
  const other = ["node", "v8"].filter((name) => was![name] !== is![name]);
  const lines = other.map(
    (name) => `versions.${name} differs, as it may: was ${String(was![name])}, is ${String(is![name])}.`,
  );
  return lines.length === 0 ? [] : [...lines, "report.html was made with another Node, and is not compared."];
}

/** Files that are not those of run.json's records, also where all that differs is a time. */
async function filesChanged(before: ResultsReader, found: readonly FolderDifference[]): Promise<FolderDifference[]> {
  const unnamed = RECORDED_FILES.filter((name) => !found.some(({ where }) => where.startsWith(name)));
  const changed = await Promise.all(unnamed.map(async (name) => ({ name, damage: await before.damage(name) })));
  return changed.flatMap(({ name, damage }) =>
    damage === undefined ? [] : [{ where: name, was: "another file", is: "that of its SHA-256 in run.json" }],
  );
}

async function documentOf(directory: string, name: string): Promise<JsonObject | undefined> {
  const file = join(directory, name);
  const bytes = await readBounded(file, MAX_BYTES);
  return bytes && parseJson(bytes.toString("utf8"), file);
}

async function filesDiffer(
  name: string,
  [before, now]: readonly [string, string],
  options: { readonly own: readonly string[]; readonly older: boolean },
): Promise<FolderDifference[]> {
  const was = await orNothing(documentOf(before, name));
  if (was === undefined) return [{ where: name, was: "nothing, or no JSON", is: "a document" }];
  return documentDifferences(name, was, await documentOf(now, name), options);
}

/** What a damaged file holds. */
async function orNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

async function tableDiffers([before, now]: readonly [string, string]): Promise<FolderDifference[]> {
  const read = async (folder: string): Promise<string[] | undefined> =>
    (await orNothing(readBounded(join(folder, "summary.csv"), MAX_BYTES)))?.toString("utf8").split("\n");
  const [was, is] = [await read(before), await read(now)];
  if (was === undefined || is === undefined) return [{ where: "summary.csv", was: "nothing", is: "a table" }];
  const line = Array.from({ length: Math.max(was.length, is.length) }, (_, i) => i).find((i) => was[i] !== is[i]);
  if (line === undefined) return [];
  const cut = (text = "nothing"): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
  return [{ where: `summary.csv: line ${line + 1}`, was: cut(was[line]), is: cut(is[line]) }];
}

/** The folder's summary and what is known of chains, made anew of its draws. */
async function summarized(
  reader: ResultsReader,
  written: SummaryDocument,
): Promise<{
  readonly document: SummaryDocument;
  readonly chains: Awaited<ReturnType<typeof summarizeRun>>["chains"];
}> {
  const { config } = reader.run.manifest;
  const { superchains } = config;
  const gates = (config["gates"] ?? {}) as GateLimits | false;
  const held = { gates, ...(typeof superchains === "number" && { superchains }) };
  const { chains, ...document } = await summarizeRun(sourceOf(reader), held, written.run);
  return { document, chains };
}

/** report.html is a function of all else in the folder; a folder may have none. */
async function reportDiffers(before: ResultsReader): Promise<FolderDifference[]> {
  const found = await orNothing(readBounded(join(before.directory, REPORT_FILE), MAX_BYTES));
  if (found === undefined) return [];
  const again = await orNothing(reportAgain(before));
  if (again === found.toString("utf8")) return [];
  return [
    {
      where: REPORT_FILE,
      was: `${found.length} bytes`,
      is: "another page: it was changed, or a time, version or host that it shows",
    },
  ];
}

async function reportAgain(before: ResultsReader): Promise<string> {
  const written = await before.summary();
  if (written === undefined) return "";
  const { chains } = await summarized(before, written);
  return await reportOf(before.directory, { summary: written, chainNotes: chains });
}

/**
 * Whether a folder agrees with itself, where bits of a second run are not comparable: its digests with its draws, its summary
 * with its draws, its data with those of the second run.
 */
export async function compareWithItself(before: ResultsReader, now: ResultsReader): Promise<FolderDifference[]> {
  const { digests } = before.run;
  const written = await orNothing(before.summary());
  if (digests === undefined || written === undefined) {
    const changed = await filesChanged(before, []);
    if (changed.length > 0) return changed;
    return [{ where: digests === undefined ? "run.json: digests" : "summary.json", was: "nothing", is: "expected" }];
  }
  const damaged = before.layout.keep === undefined ? await before.damagedChains() : [];
  const chains = damaged.map((chain) => ({
    where: `draws.zarr/posterior: chain ${chain}`,
    was: "draws of another digest",
    is: `those of digests.chains[${chain}]`,
  }));
  const runDigests = [
    { where: "run.json: digests.run", was: digests.run, is: runDigest(digests.chains) },
    { where: "summary.json: run.digest", was: written.run.digest, is: digests.run },
  ].filter(({ was, is }) => was !== is);
  const { document } = await summarized(before, written);
  const asWritten = JSON.parse(
    summaryJson({ ...document, run: { ...document.run, digest: digests.run } }),
  ) as JsonObject;
  const summary = await filesDifferFrom(before.directory, asWritten);
  const own = [...Object.keys(OWN_OF_RUN), "digests", "engine.class", "precision"];
  const documents = await filesDiffer("run.json", [before.directory, now.directory], { own, older: false });
  const isData = (path: string): boolean => /^(?:observed|constant)_data\//.test(path);
  const found = [...chains, ...runDigests, ...summary, ...documents, ...(await arrayDifferences(before, now, isData))];
  return [...found, ...(await filesChanged(before, found))];
}

async function filesDifferFrom(directory: string, again: JsonObject): Promise<FolderDifference[]> {
  return documentDifferences("summary.json", await documentOf(directory, "summary.json"), again, { own: ["run"] });
}
