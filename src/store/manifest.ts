/**
 * run.json: what was run, with what, and how it ended. Written first, before any draw, and once more at the end.
 *
 * Its last key, `seal`, is the SHA-256 of the document without that key (as `JSON.stringify(document, null, 2)`): a
 * changed byte that changes the meaning is found.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import type { Digests } from "./digest.ts";
import { readBounded, writeAtomic } from "./files.ts";
import { FORMAT, formatText, readFormat } from "./format.ts";
import {
  asArray,
  asCount,
  asObject,
  asOneOf,
  asString,
  inside,
  type Json,
  type JsonObject,
  member,
  type Place,
  parseJson,
} from "./json.ts";
import { chainCount, readLayout, type StoreLayout } from "./layout.ts";
import { type FileRecords, readRecords } from "./recorded.ts";

const MAX_BYTES = 256 * 2 ** 20;

/** How a run stands. A run whose process died stays "running". */
export type RunStatus = "running" | "complete" | "interrupted" | "failed";
const STATUSES: readonly RunStatus[] = ["running", "complete", "interrupted", "failed"];

/** What the caller knows before the first draw; kept in run.json word for word. */
export type Manifest = {
  /** The config with every option resolved. */
  readonly config: JsonObject;
  /** SHA-256 of the config, the data and the model. */
  readonly hashes: JsonObject;
  /** Versions of the package, Node, V8 and the engine. */
  readonly versions: JsonObject;
  /** The engine: its name, precision and device. */
  readonly engine: JsonObject;
  /** In decimal. */
  readonly seed: string;
  /** Facts about the machine. */
  readonly host: JsonObject;
};

/** The content of run.json. */
export interface RunDocument {
  /** The form of the folder (format.ts); default: the newest. */
  readonly format?: number;
  readonly runId: string;
  readonly configName: string;
  readonly status: RunStatus;
  /** UTC, ISO 8601. */
  readonly created: string;
  readonly finished?: string;
  readonly manifest: Manifest;
  readonly layout: StoreLayout;
  readonly digests?: Digests;
  /** Of a run that has ended: what its summary.json and events.ndjson held. */
  readonly files?: FileRecords;
  /** Of a run in float32 that has ended: what that costs, and the limit. */
  readonly precision?: JsonObject;
  /** Why it failed, when it did. */
  readonly error?: string;
}

/** A run as its checkpoints name it: wherever its folder lies, and whatever that is called. */
export function runKey({ runId, created }: Pick<RunDocument, "runId" | "created">): string {
  return `${runId} ${created}`;
}

function seal(document: JsonObject): string {
  return createHash("sha256")
    .update(JSON.stringify(document, null, 2))
    .digest("hex");
}

/** Writes run.json by one rename, on the disk when it resolves. */
export async function writeRunDocument(directory: string, run: RunDocument): Promise<void> {
  const { format = FORMAT, manifest, layout, digests, files, ...head } = run;
  const ordered = {
    format: formatText(format),
    ...head,
    ...manifest,
    layout,
    ...(digests === undefined ? {} : { digests }),
    ...(files === undefined ? {} : { files }),
  };
  const document = JSON.parse(JSON.stringify(ordered)) as JsonObject;
  await writeAtomic(
    join(directory, "run.json"),
    `${JSON.stringify({ ...document, seal: seal(document) }, null, 2)}\n`,
    true,
  );
}

function readDigests(value: Json, place: Place, chains: number): Digests {
  const object = asObject(value, place);
  const list = asArray(member(object, "chains"), inside(place, "chains"));
  const draws = asArray(member(object, "draws"), inside(place, "draws"));
  if (list.length !== chains || draws.length !== chains) {
    throw new StoreError(`${place.file}: digests of ${list.length} chains for a run of ${chains} chains.`);
  }
  return {
    run: asString(member(object, "run"), inside(place, "run")),
    chains: list.map((digest, index) => asString(digest, inside(inside(place, "chains"), index))),
    draws: draws.map((count, index) => asCount(count, inside(inside(place, "draws"), index))),
  };
}

function readManifest(document: JsonObject, place: Place): Manifest {
  const part = (key: string): JsonObject => asObject(member(document, key), inside(place, key));
  return {
    config: part("config"),
    hashes: part("hashes"),
    versions: part("versions"),
    engine: part("engine"),
    seed: asString(member(document, "seed"), inside(place, "seed")),
    host: part("host"),
  };
}

/** Reads and checks run.json. @throws StoreError if it is missing, damaged or of another format */
export async function readRunDocument(directory: string): Promise<RunDocument> {
  const file = join(directory, "run.json");
  const bytes = await readBounded(file, MAX_BYTES);
  if (bytes === undefined) {
    throw new StoreError(
      `${directory} is not a results folder: it has no run.json. Give the folder results/<config name>/<run id>.`,
    );
  }
  const { seal: found, ...document } = parseJson(bytes.toString("utf8"), file);
  const place = { file, key: "" };
  const format = readFormat(document, place);
  if (found !== seal(document)) {
    throw new StoreError(
      `${file} is damaged or was edited: its seal does not match. Restore it from a copy, or run again.`,
    );
  }
  const text = (key: string): string => asString(member(document, key), inside(place, key));
  const layout = readLayout(member(document, "layout"), inside(place, "layout"));
  const digests = member(document, "digests");
  const precision = member(document, "precision");
  const files = member(document, "files");
  return {
    format,
    runId: text("runId"),
    configName: text("configName"),
    status: asOneOf(member(document, "status"), STATUSES, inside(place, "status")),
    created: text("created"),
    ...(member(document, "finished") === undefined ? {} : { finished: text("finished") }),
    ...(member(document, "error") === undefined ? {} : { error: text("error") }),
    ...(precision === undefined ? {} : { precision: asObject(precision, inside(place, "precision")) }),
    manifest: readManifest(document, place),
    layout,
    ...(digests === undefined ? {} : { digests: readDigests(digests, inside(place, "digests"), chainCount(layout)) }),
    ...(files === undefined ? {} : { files: readRecords(files, inside(place, "files")) }),
  };
}
