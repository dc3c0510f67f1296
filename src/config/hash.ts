import { createHash } from "node:crypto";
import { own } from "../named.ts";
import type { ResolvedConfig } from "./types.ts";

/**
 * JSON with sorted keys, no white space and `undefined` entries left out: the same text for the same value.
 *
 * @throws TypeError for what JSON cannot hold exactly (NaN, infinities, bigint, functions).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each: unknown) => canonicalJson(each)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(",")}}`;
  }
  const json = value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
  if (!json) throw new TypeError(`expected a value that JSON can hold, found ${String(value)}`);
  return JSON.stringify(value);
}

type Entry = ResolvedConfig["data"][string];

/** A data entry by content: a file by its hash where that is known, never by its path. */
function content(entry: Entry, hashes: Readonly<Record<string, string>>): unknown {
  if (typeof entry !== "object") return entry;
  if ("csv" in entry) return { ...entry, csv: own(hashes, entry.csv) ?? null };
  if ("json" in entry) return { ...entry, json: own(hashes, entry.json) ?? null };
  return entry;
}

/**
 * The part of a config that determines the draws: model, options, data, the sizes of labelled dimensions, chains,
 * batches, warmup, draws, seed, sampler, init, superchains, engine, fast and precision. Left out: name, labels, device, wide,
 * workers, block, keep, thin, warmup_draws, unconstrained, gates and output, which never change a draw.
 *
 * @param hashes SHA-256 by data file, as `loadData` returns them; a file without one counts as unknown content.
 */
export function drawDetermining(
  config: ResolvedConfig,
  hashes: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const { model, options, chains, batches, warmup, draws, seed, sampler, init, superchains, engine, fast, precision } =
    config;
  const data = Object.fromEntries(Object.entries(config.data).map(([name, entry]) => [name, content(entry, hashes)]));
  const sizes = Object.entries(config.coordinates).map(([dimension, labels]) => [dimension, labels.length]);
  // Left out where it is off, so that configs from before it was an option keep their hash.
  const arithmetic = fast ? { fast } : {};
  const settings = { chains, batches, warmup, draws, seed, sampler, init, superchains, engine, precision };
  return { model, options, data, coordinates: Object.fromEntries(sizes), ...settings, ...arithmetic };
}

/** SHA-256 (64 hexadecimal digits) of what determines the draws, over its canonical JSON. */
export function configHash(config: ResolvedConfig, hashes: Readonly<Record<string, string>> = {}): string {
  return createHash("sha256")
    .update(canonicalJson(drawDetermining(config, hashes)))
    .digest("hex");
}
