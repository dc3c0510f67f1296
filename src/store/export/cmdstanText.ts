/**
 * The comments of CmdStan's CSV: what was run before the header, the adaptation after it, the time at the end. CmdStanPy, rstan
 * and posterior look for all three, also where the sampler is none of Stan's.
 * Source: CmdStan User's Guide, "Stan CSV File Format"; what readers ask for was seen with CmdStanPy 1.3.2 and rstan 2.21.7.
 */
import { rolesText, VARIABLE_ROLES } from "../roles.ts";
import type { Adapted } from "./adapted.ts";
import type { ExportSource } from "./source.ts";

/** A name that Stan allows: letters, digits and underscores. */
export function stanName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)|__$/g, "v");
}

export function stanNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

const plain = (text: unknown): string => String(text).replaceAll(/[\r\n]/g, " ");

const commented = (lines: readonly string[]): string => lines.map((line) => `# ${line}\n`).join("");

/** What was run, as `key = value` lines. */
export function configText(source: ExportSource, chain: number, file: string, adapted: Adapted): string {
  const { run, layout } = source.reader;
  const { config, versions, seed } = run.manifest;
  const thin = layout.keep?.kind === "thinned" ? layout.keep.every : 1;
  const sampler = JSON.stringify(config["sampler"] ?? "unknown");
  const roles = rolesText(source.reader.variables(), stanName);
  return commented([
    "stan_version_major = 2",
    "stan_version_minor = 36",
    "stan_version_patch = 0",
    `model = ${stanName(run.configName)}`,
    `written by manychain ${plain(versions["package"])}; sampler ${plain(sampler)}`,
    ...(roles === undefined ? [] : [`${VARIABLE_ROLES} ${roles}`]),
    "method = sample (Default)",
    "  sample",
    `    num_samples = ${source.draws.length * thin}`,
    `    num_warmup = ${plain(config["warmup"] ?? layout.warmup)}`,
    "    save_warmup = 0 (Default)",
    `    thin = ${thin}`,
    "    algorithm = hmc (Default)",
    "      hmc",
    ...engineLines(source, config["sampler"]),
    `        metric = ${adapted.inverseMass === undefined ? "unit_e" : "diag_e"}`,
    `id = ${chain + 1}`,
    "random",
    `  seed = ${plain(seed)}`,
    "output",
    `  file = ${plain(file)}`,
  ]);
}

/**
 * How CmdStan tells of the engine of HMC. Readers of today's CmdStan ask for `max_depth` whatever the engine: trajectories without
 * trees have depth 0 in every draw, so that none of them seems to have reached it.
 */
function engineLines({ reader }: ExportSource, sampler: unknown): readonly string[] {
  const { max_depth: depth } = (sampler ?? {}) as { readonly max_depth?: unknown };
  const hasTrees = reader.layout.statistics.some(({ name }) => name === "tree_depth");
  return [
    ...(hasTrees ? ["        engine = nuts", "          nuts"] : ["        engine = static", "          static"]),
    `            max_depth = ${Number.isSafeInteger(depth) ? Number(depth) : 10}`,
  ];
}

/** Step size and inverse metric, between the header and the draws. */
export function adaptationText(stepSize: number, { inverseMass }: Adapted): string {
  const metric =
    inverseMass === undefined
      ? []
      : ["Diagonal elements of inverse mass matrix:", inverseMass.map(stanNumber).join(", ")];
  return commented(["Adaptation terminated", `Step size = ${stanNumber(stepSize)}`, ...metric]);
}

/** Seconds of the batch that the chain was part of, after the draws. */
export function timingText({ seconds = { warmup: 0, sampling: 0 } }: Adapted): string {
  const times = { "Warm-up": seconds.warmup, Sampling: seconds.sampling, Total: seconds.warmup + seconds.sampling };
  const lines = Object.entries(times).map(
    ([phase, value], i) => `${i === 0 ? " Elapsed Time:" : "              "} ${value.toFixed(3)} seconds (${phase})`,
  );
  return commented(["", ...lines, ""]);
}
