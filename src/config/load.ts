import { basename, dirname, extname, isAbsolute, join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { argumentSource, fromValue } from "./argument.ts";
import { explain } from "./explain.ts";
import { type Located, type LocatedMap, nest, nodeAt, type Path, plain, type Source, spanAt } from "./located.ts";
import { isModelFile, merge, rebase, spellOut } from "./merge.ts";
import { parseText } from "./parse.ts";
import { configError, describeProblem, printable, show } from "./problems.ts";
import { readingProblem, readRegular } from "./regular.ts";
import { crossProblems, crossWarnings, defaultBatches, defaultWarmup } from "./rules.ts";
import { configSchema } from "./schema.ts";
import type { Config, ResolvedConfig } from "./types.ts";

/** A config that has been read, merged, checked and filled with defaults. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** The absolute folder that the config's model and data paths are relative to. */
  readonly baseDir: string;
  /** Where the model lies, where that is not the path that the config names: an absolute path, perhaps with `#export`. */
  readonly ownModel?: string;
  /** The config files that were read, as the user would write them, the outermost first. */
  readonly files: readonly string[];
  /** Complete messages, with their places. */
  readonly warnings: readonly string[];
  /** An error about the option at `path` (such as `["model"]`), placed where the option was written. */
  error(path: Path, text: string): ConfigError;
}

export interface LoadOptions {
  /** `a.b=c` texts (`--set`), applied in order; paths in them are relative to the current directory. */
  readonly set?: readonly string[];
  /** Values by dotted option name, applied last (`--seed 5`; a `sampler` first, before what is set of it); paths are relative to the current directory. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/**
 * Loads a config file (YAML, or JSON by its ending), the files that it extends, and settings on top.
 *
 * @param path The file, relative to the current directory.
 * @throws ConfigError naming up to ten problems, each as `file:line:column`, what was expected and what was found.
 */
export function loadConfig(path: string, options: LoadOptions = {}): LoadedConfig {
  const files: string[] = [];
  const base = readLayers(path, undefined, files, []);
  return finish(base, {
    baseDir: resolve(dirname(path)),
    files,
    name: safeName(basename(path, extname(path))),
    layers: settingLayers(options),
  });
}

/**
 * Checks and completes a config that a program holds: the same document as in a file.
 *
 * @param baseDir The folder that `extends`, the model's and the data's paths are relative to (default: the current one).
 * @throws ConfigError naming up to ten problems.
 */
export function resolveConfig(config: Config, options: LoadOptions & { readonly baseDir?: string } = {}): LoadedConfig {
  const baseDir = resolve(options.baseDir ?? ".");
  const files: string[] = [];
  const own = topLevel(fromValue(config, argumentSource("config", baseDir)));
  const base = withBase(own, "", baseDir, files, []);
  const model = nodeAt(base, ["model"]);
  const modelName = model?.kind === "scalar" ? basename(String(model.value).split("#")[0]!) : "";
  const name = safeName(isModelFile(modelName) ? basename(modelName, extname(modelName)) : modelName);
  return finish(base, { baseDir, files, name, layers: settingLayers(options) });
}

/** A `--set a.b=c` as its path and its value, which is read as YAML (`chains=4`, `gates=false`, `data.y=[1, 2]`). */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** @throws ConfigError naming the setting, when it is not `option.name=value`. */
export function parseSetting(text: string): Setting {
  const { path, node } = locateSetting(text);
  return { path, value: plain(node, path) };
}

function locateSetting(text: string): { path: string[]; node: Located } {
  const label = `--set ${printable(text.length > 80 ? `${text.slice(0, 79)}…` : text)}`;
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(0, equals)).trim().split(".");
  if (equals === -1 || path.some((key) => !/^[^\s=]+$/.test(key) || key === "__proto__")) {
    throw new ConfigError(`${label}: expected option.name=value, such as --set sampler.target_acceptance=0.8`);
  }
  const value = text.slice(equals + 1);
  if (value.trim() === "") throw new ConfigError(`${label}: expected a value after "="`);
  return { path, node: parseText({ kind: "setting", label, text: value, directory: resolve(".") }) };
}

function settingLayers(options: LoadOptions): Located[] {
  const layers = (options.set ?? []).map(locateSetting);
  const begin: typeof layers = [];
  for (const [key, value] of Object.entries(options.overrides ?? {})) {
    if (value === undefined) continue;
    const label = `--${key.replaceAll("_", "-")} ${typeof value === "object" ? show(value) : printable(String(value))}`;
    // The name of a sampler begins its options anew: those that are set come after it.
    const order = key === "sampler" ? begin : layers;
    order.push({ path: key.split("."), node: fromValue(value, argumentSource(label, resolve("."))) });
  }
  return [...begin, ...layers].map(({ path, node }) => nest(path, node));
}

function topLevel(node: Located): LocatedMap {
  if (node.kind === "map") return spellOut(node);
  const empty = node.kind === "scalar" && node.value === null;
  const text = empty ? "the config is empty" : `found ${show(plain(node))}`;
  throw configError([{ text: `${text}; expected a mapping of options, at least \`model: …\``, span: node.span }]);
}

function readText(label: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readRegular(label);
  } catch (error) {
    throw new ConfigError(`${printable(label)}: cannot read the config: ${printable(readingProblem(error))}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/^\uFEFF/, "");
  } catch {
    throw new ConfigError(`${printable(label)}: expected UTF-8 text, found other bytes`);
  }
}

function readLayers(label: string, from: Located | undefined, files: string[], open: readonly string[]): LocatedMap {
  const real = resolve(label);
  if (open.includes(real)) {
    const cycle = [...open.slice(open.indexOf(real)), real].map((file) => basename(file)).join(" → ");
    throw configError([{ text: `extends: a cycle: ${printable(cycle)}`, ...(from && { span: from.span }) }]);
  }
  const source: Source = { kind: "file", label, text: readExtended(label, from), directory: dirname(real) };
  files.push(label);
  return withBase(topLevel(parseText(source)), dirname(label), dirname(real), files, [...open, real]);
}

function readExtended(label: string, from: Located | undefined): string {
  try {
    return readText(label);
  } catch (error) {
    if (from === undefined || !(error instanceof ConfigError)) throw error;
    throw configError([{ text: `extends: ${error.message}`, span: from.span }]);
  }
}

/** The map over what it extends, without the `extends` key; the base's paths become relative to `directory`. */
function withBase(
  own: LocatedMap,
  shown: string,
  directory: string,
  files: string[],
  open: readonly string[],
): LocatedMap {
  const parent = own.entries.get("extends")?.node;
  if (parent === undefined) return own;
  if (parent.kind !== "scalar" || typeof parent.value !== "string" || parent.value === "") {
    const text = `extends: expected the path of a config file, found ${show(plain(parent))}`;
    throw configError([{ text, span: parent.span }]);
  }
  const label = isAbsolute(parent.value) ? parent.value : join(shown === "" ? directory : shown, parent.value);
  const entries = new Map(own.entries);
  entries.delete("extends");
  return merge(rebase(readLayers(label, parent, files, open), directory), { ...own, entries }) as LocatedMap;
}

function safeName(text: string): string {
  const safe = text.replaceAll(/[^\p{L}\p{N} ._-]/gu, "-").replace(/^[^\p{L}\p{N}]+/u, "");
  return safe.slice(0, 100) || "run";
}

interface Context {
  readonly baseDir: string;
  readonly files: readonly string[];
  readonly name: string;
  readonly layers: readonly Located[];
}

function finish(base: LocatedMap, context: Context): LoadedConfig {
  const { baseDir, files, name } = context;
  const root = context.layers.reduce<LocatedMap>((below, layer) => {
    const over = layer.kind === "map" ? rebase(spellOut(layer), baseDir) : layer;
    const merged = merge(below, over) as LocatedMap;
    // Errors about the whole (a missing key) belong to the file, not to the last setting.
    return { ...merged, span: below.span };
  }, base);
  const value = canonicalSpelling(plain(root) as Record<string, unknown>);
  // For one config it does not pay to generate code.
  const result = configSchema.safeParse(value, { jitless: true });
  if (!result.success) throw configError(explain(result.error.issues, value, root));
  const parsed = result.data as Omit<ResolvedConfig, Computed> & Partial<Pick<ResolvedConfig, Computed>>;
  if (nodeAt(root, ["extends"]) !== undefined) {
    throw configError([{ text: "extends: only a file can extend another", span: spanAt(root, ["extends"]) }]);
  }
  const config: ResolvedConfig = {
    ...parsed,
    name: parsed.name ?? name,
    batches: parsed.batches ?? defaultBatches(parsed.chains),
    warmup: parsed.warmup ?? defaultWarmup(parsed.sampler),
  };
  const problems = crossProblems(config, root);
  if (problems.length > 0) throw configError(problems);
  return {
    config,
    baseDir,
    files,
    warnings: crossWarnings(config, root).map(describeProblem),
    error: (path, text) => configError([{ text: `${path.join(".")}: ${text}`, span: spanAt(root, path) }]),
  };
}

/** Options whose defaults depend on others. */
type Computed = "name" | "batches" | "warmup";

/** The spellings that schema.ts allows besides the canonical ones, rewritten to those. */
function canonicalSpelling(value: Record<string, unknown>): Record<string, unknown> {
  const { seed, sampler, coordinates } = value;
  const out = { ...value };
  if (typeof seed === "bigint" || (typeof seed === "number" && Number.isSafeInteger(seed))) out["seed"] = String(seed);
  if (typeof seed === "string" && /^0\d{1,99}$/.test(seed)) out["seed"] = String(BigInt(seed));
  if (isRecord(sampler) && !Object.hasOwn(sampler, "name")) out["sampler"] = { name: "chees", ...sampler };
  if (isRecord(coordinates)) {
    // Labels are numbers where all of them are, else texts.
    const labels = (list: unknown): unknown => {
      return Array.isArray(list) && list.some((label) => typeof label === "string")
        ? list.map((label: unknown) => (typeof label === "number" ? String(label) : label))
        : list;
    };
    out["coordinates"] = Object.fromEntries(Object.entries(coordinates).map(([key, list]) => [key, labels(list)]));
  }
  return out;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
