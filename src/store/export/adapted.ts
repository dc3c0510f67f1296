/** What events.ndjson tells of each batch's tuning and time, for formats that write them beside the draws. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileLength } from "../files.ts";
import type { ResultsReader } from "../reader.ts";

/** One batch's metric and seconds, where the events tell them. */
export interface Adapted {
  /** Diagonal of the inverse mass matrix, one number for each unconstrained parameter. */
  readonly inverseMass?: readonly number[];
  readonly seconds?: { readonly warmup: number; readonly sampling: number };
}

type Fields = Readonly<Record<string, unknown>>;

/** By batch; empty where there are no events, or damaged ones. A line that cannot be read (of a killed run, say) is passed over. */
export async function readAdapted(
  reader: Pick<ResultsReader, "directory" | "damage">,
): Promise<ReadonlyMap<number, Adapted>> {
  const found = new Map<number, Adapted>();
  const file = join(reader.directory, "events.ndjson");
  if ((await reader.damage("events.ndjson")) !== undefined) return found;
  // Undefined also for what is no file: a pipe would have no end.
  if ((await fileLength(file)) === undefined) return found;
  const stream = createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.includes('"adapted"') || line.includes('"done"')) add(found, line);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
  }
  return found;
}

function add(found: Map<number, Adapted>, line: string): void {
  let event: Fields;
  try {
    event = JSON.parse(line) as Fields;
  } catch {
    return;
  }
  const batch = event["batch"];
  if (typeof batch !== "number") return;
  const inverseMass = event["inverseMass"];
  const seconds = event["seconds"] as Fields | undefined;
  const known = found.get(batch) ?? {};
  found.set(batch, {
    ...known,
    ...(isNumbers(inverseMass) && { inverseMass }),
    ...(isNumbers([seconds?.["warmup"], seconds?.["sampling"]]) && {
      seconds: { warmup: Number(seconds?.["warmup"]), sampling: Number(seconds?.["sampling"]) },
    }),
  });
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "number" && each >= 0);
}
