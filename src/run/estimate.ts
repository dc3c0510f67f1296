/**
 * What a run will need of disk and memory, told before it begins: an error where it cannot fit, a warning where it takes most
 * of what there is. Estimates are of what surely lies there at one time; they leave out what is small beside it.
 */
import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import type { StoreLayout } from "../store/index.ts";
import { elements, keptDraws } from "../store/layout.ts";
import { elementBytes } from "../store/zarr.ts";
import { storeLayout } from "./layout.ts";
import { workerCount } from "./plan.ts";
import type { Prepared } from "./prepare.ts";
import { CREDITS } from "./protocol.ts";

/** Bytes. */
export interface Estimate {
  /** Of the results folder. */
  readonly disk: number;
  /** At the end, when one variable at a time is summarised. */
  readonly summary: number;
  /** While chains run: blocks that wait to be stored, data in each thread, code. */
  readonly running: number;
}

/** What there is; undefined where nobody tells. Bytes. */
export interface Room {
  readonly disk: number | undefined;
  readonly memory: number;
}

/** Bytes of Node and of each thread with its code, measured roughly. */
const PROCESS = 80e6;
const THREAD = 30e6;
/** Copies that ranks and autocovariances of one quantity take. */
const SCRATCH = 5;
/** From this part on of what there is, a warning. */
const MOST = 0.8;

type Widths = Pick<StoreLayout, "variables" | "statistics" | "unconstrained">;

/** Bytes of one draw of one chain. */
function rowBytes({ variables, statistics, unconstrained }: Widths): number {
  const bytes = [...variables, ...statistics].reduce((sum, each) => sum + elements(each) * elementBytes(each.dtype), 0);
  return bytes + (unconstrained === undefined ? 0 : unconstrained.labels.length * elementBytes(unconstrained.dtype));
}

/** What a run needs, at its most draws. */
export function estimateOf({ config, model, data, batches, devices }: Prepared, isStored: boolean): Estimate {
  const layout = storeLayout(model, config);
  const { chains } = config;
  const row = rowBytes(layout);
  const kept = keptDraws(layout, layout.draws);
  const quantities = [...layout.variables, ...layout.statistics].reduce((sum, each) => sum + elements(each), 0);
  const moments = layout.keep === undefined ? 0 : 24 * chains * quantities;
  const state = 8 * chains * (3 * model.dimension + 20);
  const widest = Math.max(0, ...[...layout.variables, ...layout.statistics].map(elements));
  const inMemory = isStored ? 0 : chains * layout.draws * row;
  const workers = workerCount(config.workers, batches.length, devices);
  const values = Object.values(data.values).reduce((sum, value) => sum + 8 * value.data.length, 0);
  const block = (batches[0]?.chains ?? 0) * config.block * row;
  return {
    disk: isStored ? chains * (kept + keptDraws(layout, layout.warmup)) * row + moments + 3 * state : 0,
    summary: PROCESS + inMemory + 8 * chains * kept * (kept === 0 ? 0 : widest + SCRATCH),
    running: PROCESS + inMemory + state + workers * (THREAD + values + Math.min(CREDITS, 2) * block),
  };
}

/** `12 MB`, `3.2 GB`. */
export function bytesText(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 9.95 || value < 0.05 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** One sentence about what a run needs. */
export function estimateText({ disk, summary, running }: Estimate): string {
  return `about ${bytesText(disk)} of disk and ${bytesText(Math.max(summary, running))} of memory`;
}

interface Judged {
  /** Why it cannot be run. */
  readonly problem?: string;
  readonly warnings: readonly string[];
}

const FEWER = "Ask for fewer `draws` or `chains`, or keep less of them (`keep: thinned` or `keep: moments`)";

/** Compares what a run needs with what there is. @param isMost it may need less, since a rule ends it */
export function judge({ disk, summary, running }: Estimate, room: Room, isMost: boolean): Judged {
  const memory = Math.max(summary, running);
  const memoryAdvice = running > summary ? "Lower `block` or `workers`, or raise `batches`" : FEWER;
  const most = isMost ? "at its most draws, " : "";
  const parts = [
    {
      need: disk,
      has: room.disk,
      what: "of disk",
      there: "are free there",
      advice: `${FEWER}, or choose another disk with --out`,
    },
    { need: memory, has: room.memory, what: "of memory", there: "are there", advice: memoryAdvice },
  ];
  const warnings: string[] = [];
  for (const { need, has, what, there, advice } of parts) {
    if (has === undefined || need <= MOST * has) continue;
    const text = `${most}the run needs about ${bytesText(need)} ${what}, and ${bytesText(has)} ${there}. ${advice}.`;
    if (need > has && !isMost) return { problem: text, warnings };
    warnings.push(text);
  }
  return { warnings };
}

/** Free bytes where a folder is, or will be made. */
async function freeDisk(folder: string): Promise<number | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      const { bavail, bsize, blocks } = await statfs(at);
      // File systems that are none, such as /proc, have no blocks.
      return blocks === 0 ? undefined : bavail * bsize;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}

/** Memory that this process may have: the machine's, or less where it is held to less. */
function memoryThere(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Checks that a run fits.
 * @param folder of its results; undefined where it stores none
 * @returns warnings
 * @throws ConfigError where it cannot fit
 */
export async function checkRoom(prepared: Prepared, folder: string | undefined): Promise<readonly string[]> {
  const estimate = estimateOf(prepared, folder !== undefined);
  const room = { disk: folder === undefined ? undefined : await freeDisk(folder), memory: memoryThere() };
  const { problem, warnings } = judge(estimate, room, typeof prepared.config.draws !== "number");
  if (problem !== undefined) throw new ConfigError(problem);
  return warnings;
}
