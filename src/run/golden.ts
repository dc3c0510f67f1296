/** Golden files: what a config's draws are, in a file to be committed. */
import { readFile, writeFile } from "node:fs/promises";
import { StoreError } from "../errors.ts";

export interface Golden {
  /** The config's hash, data included. */
  readonly config: string;
  readonly engine: string;
  readonly precision: string;
  /** SHA-256 of each chain's draws. */
  readonly digests: readonly string[];
  /** To see at a glance how far draws moved; not compared. */
  readonly summary: readonly { readonly name: string; readonly mean: number; readonly sd: number }[];
}

const FORMAT = "manychain golden 1";
const MOST_CHARACTERS = 2 ** 26;

export async function writeGolden(file: string, golden: Golden): Promise<void> {
  await guarded(file, "write", () => writeFile(file, `${JSON.stringify({ format: FORMAT, ...golden }, null, 2)}\n`));
}

/** @throws StoreError if it cannot be read or is none */
export async function readGolden(file: string): Promise<Golden> {
  const text = await guarded(file, "read", () => readFile(file, "utf8"));
  const broken = (what: string): StoreError =>
    new StoreError(
      `${file} is no golden file of this version of manychain: ${what}. Write it anew with --update-golden.`,
    );
  if (text.length > MOST_CHARACTERS) throw broken("it is too large");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken("it is not JSON");
  }
  if (typeof value !== "object" || value === null) throw broken("it is not an object");
  const held = value as Readonly<Record<string, unknown>>;
  if (held["format"] !== FORMAT) throw broken(`its format is not "${FORMAT}"`);
  const string = (name: string): string => {
    const found = held[name];
    if (typeof found === "string") return found;
    throw broken(`${name} is missing`);
  };
  const { digests, summary } = held;
  const isDigest = (each: unknown): each is string => typeof each === "string" && /^[0-9a-f]{64}$/.test(each);
  if (!Array.isArray(digests) || !digests.every(isDigest)) throw broken("digests are missing or damaged");
  const rows = (Array.isArray(summary) ? summary : []).filter(isRow);
  return { config: string("config"), engine: string("engine"), precision: string("precision"), digests, summary: rows };
}

function isRow(row: unknown): row is Golden["summary"][number] {
  return typeof row === "object" && row !== null && "name" in row && typeof row.name === "string" && "mean" in row;
}

async function guarded<T>(file: string, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new StoreError(`cannot ${what} ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
