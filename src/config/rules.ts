import { type Located, nodeAt, type Path, spanAt } from "./located.ts";
import type { Problem } from "./problems.ts";
import type { ResolvedConfig } from "./types.ts";

/** The default of the gates of effective sample sizes. */
export const ESS = 400;
/** Chains of one batch where the config does not say how many batches there are. */
const BATCH = 64;
/** ChEES learns the trajectory length from differences between chains [HRS21]: fewer than this say nothing. */
const CHEES_CHAINS = 4;

/** Iterations that each sampler needs: docs/adaptation.md measures those of chees. Stan's for the others, of few chains. */
const WARMUP: Readonly<Record<ResolvedConfig["sampler"]["name"], number>> = { chees: 200, hmc: 1000, nuts: 1000 };

export function defaultWarmup({ name }: ResolvedConfig["sampler"]): number {
  return WARMUP[name];
}

/** As few batches as hold at most 64 chains each. */
export function defaultBatches(chains: number): number {
  return Math.ceil(chains / BATCH);
}

/**
 * The sizes of the batches, in chain order: as even as they go, larger ones first. A function of the config alone, so
 * that the draws do not depend on the machine.
 *
 * @throws RangeError when there are more batches than chains (a resolved config never has).
 */
export function batchSizes(config: Pick<ResolvedConfig, "chains" | "batches">): number[] {
  const { chains, batches } = config;
  if (batches > chains) throw new RangeError(`${batches} batches need at least ${batches} chains, found ${chains}`);
  const small = Math.floor(chains / batches);
  const larger = chains - small * batches;
  return Array.from({ length: batches }, (_, i) => (i < larger ? small + 1 : small));
}

/** Draws of each chain; the most of them, where a rule may end the run earlier. */
export function mostDraws({ draws }: Pick<ResolvedConfig, "draws">): number {
  return typeof draws === "number" ? draws : draws.max;
}

const chainsOf = (count: number): string => `${count} ${count === 1 ? "chain" : "chains"}`;
const batchesOf = (count: number): string => `${count} ${count === 1 ? "batch" : "batches"}`;

/** Problems that lie between options. */
export function crossProblems(config: ResolvedConfig, root: Located): Problem[] {
  const problems: Problem[] = [];
  const report = (path: Path, text: string): void => {
    problems.push({ text, span: spanAt(root, path) });
  };
  const { chains, batches, superchains } = config;
  if (batches > chains) {
    report(["batches"], `batches: more batches than chains: ${batchesOf(batches)} for ${chainsOf(chains)}`);
  } else checkChees(config, root, report);
  if (superchains !== undefined && chains % superchains !== 0) {
    report(["superchains"], `superchains: expected a number that divides chains (${chains}), found ${superchains}`);
  }
  checkWarmup(config, report);
  checkUntil(config, report);
  checkDevice(config, report);
  checkFast(config, report);
  for (const [dimension, labels] of Object.entries(config.coordinates)) {
    const repeated = labels.findIndex((label, i) => labels.map(String).indexOf(String(label)) !== i);
    if (repeated !== -1) {
      const path = ["coordinates", dimension, repeated];
      report(path, `coordinates.${dimension}: label ${JSON.stringify(labels[repeated])} is given twice`);
    }
  }
  return problems;
}

function checkChees(config: ResolvedConfig, root: Located, report: (path: Path, text: string) => void): void {
  const { chains, batches } = config;
  const smallest = Math.floor(chains / batches);
  if (config.sampler.name !== "chees" || smallest >= CHEES_CHAINS) return;
  const fewer = Math.floor(chains / CHEES_CHAINS);
  const advice = fewer >= 1 ? `lower batches to ${fewer}, or raise chains to ${CHEES_CHAINS * batches}` : "";
  const instead = `raise chains to ${CHEES_CHAINS * batches}, or use \`sampler: hmc\``;
  const where = spanAt(root, ["batches"]) === root.span ? "chains" : "batches";
  report(
    [where],
    `${where}: sampler chees needs at least ${CHEES_CHAINS} chains in every batch, but ${chainsOf(chains)} in ` +
      `${batchesOf(batches)} leave ${smallest} in the smallest; ${advice || instead}`,
  );
}

function checkWarmup(config: ResolvedConfig, report: (path: Path, text: string) => void): void {
  const { sampler, warmup } = config;
  if (warmup > 0) return;
  const rest = "raise warmup, or use { name: hmc, step_size: <number>, metric: unit }";
  if (sampler.name === "chees") {
    report(["warmup"], `warmup: sampler chees adapts during warm-up and cannot do with 0 iterations; ${rest}`);
  } else if (sampler.name === "nuts") {
    report(["warmup"], `warmup: sampler nuts adapts during warm-up and cannot do with 0 iterations; ${rest}`);
  } else if (sampler.step_size === "auto") {
    report(["warmup"], `warmup: step_size auto is adapted during warm-up and cannot do with 0 iterations; ${rest}`);
  } else if (sampler.metric !== "unit") {
    report(["warmup"], `warmup: metric ${sampler.metric} is adapted during warm-up and cannot do with 0; ${rest}`);
  }
}

function checkUntil({ draws, keep }: ResolvedConfig, report: (path: Path, text: string) => void): void {
  if (typeof draws === "number") return;
  const { until, check, max } = draws;
  if (until.rhat === undefined && until.ess === undefined) {
    report(["draws", "until"], "draws.until: expected a mapping with rhat, ess or both, found neither");
  }
  if (check > max) report(["draws", "check"], `draws.check: expected at most draws.max (${max}), found ${check}`);
  if (keep !== "draws") report(["keep"], `keep: draws.until needs all draws (keep: draws), found ${keep}`);
}

/** Where `auto` comes to an engine without devices, the option is passed over. */
function checkDevice({ engine, device }: ResolvedConfig, report: (path: Path, text: string) => void): void {
  if (device === undefined || engine === "xla" || engine === "auto") return;
  const instead = engine === "tensorflow" ? "it takes the first GPU of CUDA_VISIBLE_DEVICES; " : "";
  report(
    ["device"],
    `device: engine ${engine} has no numbered devices; ${instead}leave it out, or use \`engine: xla\``,
  );
}

function checkFast({ engine, fast }: ResolvedConfig, report: (path: Path, text: string) => void): void {
  if (!fast || engine === "wasm" || engine === "auto") return;
  report(["fast"], `fast: it is for engine wasm, found engine ${engine}; leave it out, or use \`engine: wasm\``);
}

/** What is allowed but probably not meant. */
export function crossWarnings(config: ResolvedConfig, root: Located): Problem[] {
  const warnings: Problem[] = [];
  const { warmup, sampler } = config;
  if (warmup > 0 && warmup < 20 && sampler.metric !== "unit") {
    const text = `warmup: below 20 iterations the metric stays at one, found ${warmup}`;
    warnings.push({ text, span: spanAt(root, ["warmup"]) });
  }
  for (const key of ["ess_bulk", "ess_tail"] as const) {
    const asked = nodeAt(root, ["gates", key]);
    if (config.keep !== "moments" || config.gates === false || asked === undefined || config.gates[key] === ESS)
      continue;
    const text = `gates.${key}: not judged with keep: moments, which keeps no draws to have an effective sample size of`;
    warnings.push({ text, span: asked.span });
  }
  const draws = mostDraws(config);
  if (draws < 4 && config.gates !== false) {
    const text = `draws: R-hat and effective sample sizes need at least 4 draws a chain, found ${draws}`;
    warnings.push({ text, span: spanAt(root, ["draws"]) });
  }
  return warnings;
}
