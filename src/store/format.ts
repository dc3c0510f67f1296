/**
 * The version of the results folder's format: the first key of run.json, `"format": "manychain results 2"`.
 *
 * A folder of a newer form is refused in words, before anything else of it is believed; the older forms are read. A folder
 * that goes on keeps the form that it began with.
 */
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { readBounded } from "./files.ts";
import { type Json, type JsonObject, member, type Place } from "./json.ts";

/**
 * What is written. Raise it when a folder changes so that an earlier manychain would read it wrongly, or would miss what
 * it must hold to, and say here what changed:
 *
 * 1. the first
 * 2. `hashes.program` and `hashes.bound_data`: the model as it was bound, and the data as they were given to it; booleans of a
 *    posterior are int8 in draws.zarr; `files`: SHA-256 of summary.json and events.ndjson at the run's end
 */
export const FORMAT = 2;

const MAX_BYTES = 256 * 2 ** 20;
const TEXT = /^manychain results (\d{1,9})$/;

/** What run.json says of a format. */
export function formatText(format: number): string {
  return `manychain results ${format}`;
}

function numberIn(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? TEXT.exec(value) : null;
  return match === null ? undefined : Number(match[1]);
}

/** Which manychain wrote a document, as far as it says so. */
function writer(document: JsonObject): string {
  const versions = member(document, "versions");
  const isObject = typeof versions === "object" && versions !== null && !Array.isArray(versions);
  const found = isObject ? member(versions as JsonObject, "package") : undefined;
  return typeof found === "string" && /^[\w.+-]{1,40}$/.test(found) ? `manychain@${found}` : "a newer manychain";
}

/** The format of a run.json. @throws StoreError if it is newer than this version reads, or none */
export function readFormat(document: JsonObject, place: Place): number {
  const found = member(document, "format");
  const format = numberIn(found);
  if (format !== undefined && format > FORMAT) {
    throw new StoreError(
      `${place.file} was written by a newer manychain: its results have format ${format}, and this one reads up to ` +
        `${FORMAT}. Install ${writer(document)} to read it.`,
    );
  }
  if (format !== undefined && Number.isSafeInteger(format) && format >= 1) return format;
  const shown = found === undefined ? "nothing" : JSON.stringify(found).slice(0, 60);
  throw new StoreError(
    `${place.file}: format: expected "${formatText(FORMAT)}" or an earlier one, found ${shown}. It is not ` +
      "a run.json of manychain, or it is damaged: restore it from a copy, or run again.",
  );
}

/** Whether a folder has a run.json of a form that this version reads, or one whose form cannot be read any more. */
export async function isReadableForm(directory: string): Promise<boolean> {
  const file = join(directory, "run.json");
  const text = (await readBounded(file, MAX_BYTES).catch(() => undefined))?.toString("utf8");
  const match = text === undefined ? null : /"format": *"manychain results (\d{1,9})"/.exec(text);
  return match !== null && Number(match[1]) <= FORMAT;
}
