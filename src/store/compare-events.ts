/** Where the events of two runs differ, but for times: what a batch told of its start, its warm-up, its blocks and its end. */
import { join } from "node:path";
import { documentDifferences, type FolderDifference } from "./compare-documents.ts";
import { readBounded } from "./files.ts";
import type { Json, JsonObject } from "./json.ts";

const MAX_BYTES = 256 * 2 ** 20;
const FILE = "events.ndjson";

/** What tells two events of a run apart; of those that a run that went on told twice, the later counts. */
const KEYS = ["batch", "phase", "iteration", "firstDraw", "states", "draws"] as const;

/** Fields that are of the machine, or of how often the run was gone on with. */
const OWN = ["time", "seconds", "workers", "resumed"];

/** Events that a run that goes on tells only of what it did itself. */
const OF_ONE_PROCESS: ReadonlySet<Json | undefined> = new Set(["compiled"]);

/** Compares two results folders' events. A line that cannot be read is a difference. */
export async function eventDifferences(before: string, now: string): Promise<FolderDifference[]> {
  const [was, is] = [await eventsOf(before), await eventsOf(now)];
  if (was === undefined || is === undefined) return [{ where: FILE, was: there(was), is: there(is) }];
  const keys = [...new Set([...is.keys(), ...was.keys()])];
  const missing = keys.filter((key) => !was.has(key));
  if (missing.length > 8) return [{ where: FILE, was: `${was.size} events`, is: `${is.size} events` }];
  return keys.flatMap((key) => documentDifferences(`${FILE}: ${key}`, was.get(key), is.get(key), { own: OWN }));
}

function there(events: unknown): string {
  return events === undefined ? "nothing" : "events";
}

async function eventsOf(directory: string): Promise<ReadonlyMap<string, JsonObject> | undefined> {
  const bytes = await readBounded(join(directory, FILE), MAX_BYTES);
  if (bytes === undefined) return undefined;
  const events = new Map<string, JsonObject>();
  for (const [number, line] of bytes.toString("utf8").split("\n").entries()) {
    if (line === "") continue;
    const event = parsed(line) ?? { kind: `line ${number + 1}, which cannot be read` };
    if (!OF_ONE_PROCESS.has(event["kind"])) events.set(keyOf(event), event);
  }
  return events;
}

function parsed(line: string): JsonObject | undefined {
  try {
    const value = JSON.parse(line) as Json;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** `block of batch 0, phase sampling, firstDraw 50`. */
function keyOf(event: JsonObject): string {
  const parts = KEYS.flatMap((key) => {
    const value = Object.hasOwn(event, key) ? event[key] : undefined;
    // How many draws a block has is what it tells; of a check it is which check it is.
    const counts = key !== "draws" || event["kind"] === "check";
    return counts && (typeof value === "number" || typeof value === "string") ? [`${key} ${value}`] : [];
  });
  return [String(event["kind"]), ...parts].join(", ");
}
