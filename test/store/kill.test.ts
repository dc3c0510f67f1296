/**
 * A run that is killed before any of its file operations, or in the middle of a write, is reopened and ends with the same
 * bytes as one that was left alone. The kill is simulated: from one operation on, every operation fails.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  createResults,
  type Keep,
  openResults,
  type ReopenedResults,
  type ResultsWriter,
  reopenResults,
  type StoreLayout,
} from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "./example.ts";

const disk = vi.hoisted(() => {
  /** Operations that are still done; the last of them, if it is a write, only half. */
  const state = { left: Number.POSITIVE_INFINITY, count: 0 };
  class Killed extends Error {}
  const step = (): "done" | "half" => {
    state.count++;
    state.left--;
    if (state.left < 0) throw new Killed("killed");
    return state.left === 0 ? "half" : "done";
  };
  return { state, step, Killed };
});

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const counted = <F extends (...args: never[]) => Promise<unknown>>(action: F): F =>
    (async (...args: never[]) => {
      disk.step();
      return await action(...args);
    }) as unknown as F;
  const open = async (path: string, flags?: string): Promise<unknown> => {
    if (flags !== "r") disk.step();
    const handle = await real.open(path, flags);
    // Forcing to the disk guards against power cuts, which are not what is simulated.
    if (flags === "r") {
      handle.sync = async () => undefined;
      return handle;
    }
    return {
      writeFile: async (content: Uint8Array | string): Promise<void> => {
        const bytes = Buffer.from(content as Uint8Array);
        if (disk.step() === "done") return await handle.writeFile(bytes);
        await handle.writeFile(bytes.subarray(0, bytes.length / 2));
        throw new disk.Killed("killed in the middle of a write");
      },
      sync: async (): Promise<void> => undefined,
      close: async (): Promise<void> => handle.close(),
    };
  };
  const appendFile = async (path: string, content: string): Promise<void> => {
    if (disk.step() === "done") return await real.appendFile(path, content);
    await real.appendFile(path, content.slice(0, content.length / 2));
    throw new disk.Killed("killed in the middle of a line");
  };
  return {
    ...real,
    open,
    appendFile,
    mkdir: counted(real.mkdir),
    rename: counted(real.rename),
    rm: counted(real.rm),
    truncate: counted(real.truncate),
  };
});

afterEach(() => {
  disk.state.left = Number.POSITIVE_INFINITY;
});

/** Every how many operations a kill is tried; 1 takes minutes. */
const STRIDE = Number(process.env["MANYCHAIN_KILL_STRIDE"] ?? 4);
const noData = { observed: [], constant: [] };

function small(keep?: Keep): StoreLayout {
  return {
    variables: [{ name: "beta", dtype: "float32", dims: ["side"], shape: [2] }],
    statistics: layout.statistics.slice(0, 1),
    coordinates: { side: ["left", "right"] },
    batches: layout.batches.slice(0, 2),
    draws: 8,
    warmup: keep === undefined ? 3 : 0,
    chunkDraws: 4,
    ...(keep === undefined ? {} : { keep }),
  };
}

/** What a batch does: its blocks in order, each followed by a checkpoint. */
const BLOCKS = [
  { phase: "warmup", first: 0, draws: 3 },
  { phase: "sampling", first: 0, draws: 3 },
  { phase: "sampling", first: 3, draws: 5 },
] as const;

/** Blocks of a batch that come after so many stored draws. */
function blocksAfter(of: StoreLayout, stored: { warmup: number; sampling: number }): (typeof BLOCKS)[number][] {
  return BLOCKS.filter(({ phase, first }) => (phase === "sampling" || of.warmup > 0) && first >= stored[phase]);
}

/** Both batches take turns, from where they stand. */
async function goOn(writer: ResultsWriter, of: StoreLayout, from: readonly { warmup: number; sampling: number }[]) {
  const todo = of.batches.map((_, batch) => blocksAfter(of, from[batch] ?? { warmup: 0, sampling: 0 }));
  for (let turn = 0; turn < BLOCKS.length; turn++) {
    for (const [batch, blocks] of todo.entries()) {
      const next = blocks[turn];
      if (next === undefined) continue;
      await writer.appendBlock(block(batch, next.first, next.draws, next.phase, of));
      const stored = writer.stored();
      const meta = { warmup: stored.warmup[batch] ?? 0, sampling: stored.sampling[batch] ?? 0 };
      await writer.writeCheckpoint(batch, Uint8Array.of(batch, meta.warmup, meta.sampling), meta);
      await writer.recordEvent({ kind: "checkpoint", batch });
    }
  }
  await writer.finish({ status: "complete" });
}

async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (path) => {
    const text = (await readFile(path)).toString("latin1").replaceAll(/"created_at": "[^"]*"/g, "");
    return [path.slice(folder.length), text] as const;
  });
  return Object.fromEntries((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Outcome {
  readonly files: Record<string, string>;
  readonly digests: unknown;
}

async function outcome(directory: string): Promise<Outcome> {
  const { run } = await openResults(directory);
  return { files: await contents(join(directory, "draws.zarr")), digests: run.digests };
}

async function begin(root: string, of: StoreLayout): Promise<void> {
  const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: of, data: noData });
  await goOn(writer, of, []);
}

/** Runs an action that is killed before operation `left`; true if it came to its end. */
async function killedAfter(left: number, action: () => Promise<unknown>): Promise<boolean> {
  disk.state.left = left;
  try {
    await action();
    return true;
  } catch {
    return false;
  } finally {
    disk.state.left = Number.POSITIVE_INFINITY;
  }
}

/** Each batch stands where its checkpoint does, with all the draws before it. */
function expectConsistent(reopened: ReopenedResults): void {
  for (const { stored, checkpoint, batch, problems } of reopened.batches) {
    expect(problems).toEqual([]);
    if (checkpoint === undefined) expect(stored).toEqual({ warmup: 0, sampling: 0 });
    else expect([...checkpoint.bytes]).toEqual([batch, stored.warmup, stored.sampling]);
  }
}

async function resume(directory: string, of: StoreLayout): Promise<void> {
  const reopened = await reopenResults(directory, { manifest, layout: of, data: noData });
  expectConsistent(reopened);
  await goOn(
    reopened,
    of,
    reopened.batches.map(({ stored }) => stored),
  );
}

const keeps: [string, Keep | undefined][] = [
  ["all draws", undefined],
  ["every third draw", { kind: "thinned", every: 3 }],
  ["moments", { kind: "moments" }],
];

describe.each(keeps)("a run that keeps %s", (_, keep) => {
  const of = small(keep);

  test("is killed at every operation, and resumed", async () => {
    await withFolder(async (root) => {
      disk.state.count = 0;
      await begin(join(root, "whole"), of);
      const operations = disk.state.count;

      const expected = await outcome(join(root, "whole/c/r"));
      expect(operations).toBeGreaterThan(100);
      let begun = 0;
      for (let at = 1; at <= operations; at += STRIDE) {
        const folder = join(root, String(at));
        const ended = await killedAfter(at, () => begin(folder, of));
        // The last operation lets the lock go: a kill before it leaves the lock, and nothing else.
        expect(ended, `${at} of ${operations}`).toBe(at >= operations - 1);
        const hasRun = (await readdir(join(folder, "c/r")).catch(() => [] as string[])).includes("run.json");
        if (!hasRun) continue;
        begun++;
        await resume(join(folder, "c/r"), of);
        expect(await outcome(join(folder, "c/r")), `killed at operation ${at}`).toEqual(expected);
      }
      expect(begun).toBeGreaterThan((operations - 20) / STRIDE);
    });
  }, 300_000);

  test("is killed at every operation of being resumed, and resumed again", async () => {
    await withFolder(async (root) => {
      disk.state.count = 0;
      await begin(join(root, "whole"), of);
      const late = Math.floor(0.7 * disk.state.count);
      const expected = await outcome(join(root, "whole/c/r"));
      for (let at = 1; ; at += 2 * STRIDE + 1) {
        const folder = join(root, String(at));
        await killedAfter(late, () => begin(folder, of));
        const ended = await killedAfter(at, () => resume(join(folder, "c/r"), of));
        if (ended) break;
        await resume(join(folder, "c/r"), of);
        expect(await outcome(join(folder, "c/r")), `killed at operation ${at} of resuming`).toEqual(expected);
      }
    });
  }, 300_000);
});
