/** Reads summary.json. What is of another kind than a summary's is refused, so that no report is made of it. */
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { readBounded } from "./files.ts";
import {
  asArray,
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
import { damageOf, type FileRecords, type RecordedFile } from "./recorded.ts";
import { type Gate, type RunFacts, readRow, type SummaryDocument } from "./summary.ts";

const MAX_BYTES = 256 * 2 ** 20;

/** A number; what is not finite is written as null, and read back as NaN. */
function numberIn(object: JsonObject, key: string): number {
  const value = member(object, key);
  return typeof value === "number" ? value : Number.NaN;
}

/** Texts and numbers under keys that may be missing. */
function optional<T>(object: JsonObject, key: string, read: (value: Json) => T): Record<string, T> {
  const value = member(object, key);
  return value === undefined ? {} : { [key]: read(value) };
}

function readGate(value: Json, place: Place): Gate {
  const object = asObject(value, place);
  const text = (key: string) => (found: Json) => asString(found, inside(place, key));
  return {
    name: asString(member(object, "name"), inside(place, "name")),
    limit: numberIn(object, "limit"),
    value: numberIn(object, "value"),
    pass: asOneOf(String(member(object, "pass")), ["true", "false"], inside(place, "pass")) === "true",
    ...optional(object, "worst", text("worst")),
    ...optional(object, "failing", () => numberIn(object, "failing")),
    ...optional(object, "note", text("note")),
  };
}

function readFacts(value: Json | undefined, place: Place): RunFacts {
  const object = asObject(value, place);
  const part = (key: string): JsonObject => asObject(member(object, key), inside(place, key));
  const text = (key: string): string => asString(member(object, key), inside(place, key));
  const [gradients, seconds] = [part("gradients"), part("seconds")];
  const seed = member(object, "seed");
  return {
    // What else a run tells: E-BFMI, superchains, checks.
    ...object,
    chains: numberIn(object, "chains"),
    draws: numberIn(object, "draws"),
    warmup: numberIn(object, "warmup"),
    divergences: numberIn(object, "divergences"),
    gradients: { warmup: numberIn(gradients, "warmup"), sampling: numberIn(gradients, "sampling") },
    seconds: {
      compile: numberIn(seconds, "compile"),
      warmup: numberIn(seconds, "warmup"),
      sampling: numberIn(seconds, "sampling"),
      ...optional(seconds, "kernel", () => numberIn(seconds, "kernel")),
      ...optional(seconds, "transfer", () => numberIn(seconds, "transfer")),
      total: numberIn(seconds, "total"),
    },
    engine: text("engine"),
    precision: text("precision"),
    seed: typeof seed === "number" ? seed : text("seed"),
    digest: text("digest"),
  };
}

/**
 * The summary of a results folder, or undefined where the run did not write one.
 * @param records what run.json says of the folder's files
 * @throws StoreError if it is damaged
 */
export async function readSummary(
  directory: string,
  records: FileRecords | undefined,
): Promise<SummaryDocument | undefined> {
  const file = join(directory, "summary.json");
  if ((await damageOf(directory, records, "summary.json")) !== undefined) {
    throw new StoreError(
      `${file} is damaged or was edited: it is not the file whose SHA-256 run.json holds. Restore it from a copy; ` +
        "`manychain report` summarises the draws without it.",
    );
  }
  const bytes = await readBounded(file, MAX_BYTES);
  if (bytes === undefined) return undefined;
  const document = parseJson(bytes.toString("utf8"), file);
  const place = { file, key: "" };
  const list = (key: string): readonly Json[] => asArray(member(document, key), inside(place, key));
  const at = (key: string, index: number): Place => inside(inside(place, key), index);
  return {
    run: readFacts(member(document, "run"), inside(place, "run")),
    gates: list("gates").map((gate, index) => readGate(gate, at("gates", index))),
    quantities: list("quantities").map((row, index) => readRow(asObject(row, at("quantities", index)))),
  };
}

/** The part of a results folder's reader that a summary is read with. */
export interface SummaryReader {
  damage(file: RecordedFile): Promise<string | undefined>;
  summary(): Promise<SummaryDocument | undefined>;
}

/** The same, and undefined also where run.json's SHA-256 shows that it is damaged: then the draws are summarised again. */
export async function soundSummary(reader: SummaryReader): Promise<SummaryDocument | undefined> {
  return (await reader.damage("summary.json")) === undefined ? await reader.summary() : undefined;
}
