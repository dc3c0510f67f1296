import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Checkpoint, readCheckpoint, writeCheckpoint as writeContent } from "../../src/store/checkpoints.ts";
import type { JsonObject } from "../../src/store/index.ts";
import { withFolder } from "./example.ts";

const stored = { warmup: 3, sampling: 8 };
const state = Uint8Array.of(5, 6);
const binding = { run: "r 2026", digest: "", marks: { "posterior/mu": "0123456789abcdef".repeat(2) } };

function writeCheckpoint(folder: string, batch: number, content: Uint8Array, meta: JsonObject): Promise<Checkpoint> {
  return writeContent(folder, batch, { bytes: content, meta, stored, state, binding });
}

const bytes = (value: number): Uint8Array => new Uint8Array(100).fill(value);

test("the newest comes back with its bytes and what was said about it; the last two are kept", async () => {
  await withFolder(async (folder) => {
    for (const value of [1, 2, 3]) await writeCheckpoint(folder, 4, bytes(value), { phase: "sampling", draw: value });
    await writeCheckpoint(folder, 40, bytes(9), {});
    const { checkpoint, problems } = await readCheckpoint(folder, 4);
    const meta = { phase: "sampling", draw: 3 };
    expect(checkpoint).toEqual({ batch: 4, number: 2, bytes: bytes(3), meta, stored, state, binding });
    expect(problems).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual([
      "batch-0004-000001.checkpoint",
      "batch-0004-000002.checkpoint",
      "batch-0040-000000.checkpoint",
    ]);
  });
});

test("no folder, or no checkpoint, is no problem", async () => {
  await withFolder(async (folder) => {
    expect(await readCheckpoint(folder, 0)).toEqual({ problems: [] });
    expect(await readCheckpoint(join(folder, "none"), 0)).toEqual({ problems: [] });
  });
});

describe("a damaged checkpoint", () => {
  async function pair(folder: string): Promise<string> {
    await writeCheckpoint(folder, 0, bytes(1), { draw: 1 });
    await writeCheckpoint(folder, 0, bytes(2), { draw: 2 });
    return join(folder, "batch-0000-000001.checkpoint");
  }

  test("cut at any length falls back to the previous one and says so", async () => {
    await withFolder(async (folder) => {
      const newest = await pair(folder);
      const whole = await readFile(newest);
      for (let length = 0; length < whole.length; length++) {
        await truncate(newest, length);
        const { checkpoint, problems } = await readCheckpoint(folder, 0);
        expect(checkpoint?.bytes).toEqual(bytes(1));
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatch(
          /batch-0000-000001\.checkpoint.* (?:cut short|checksum does not match).* passed over/,
        );
        await writeFile(newest, whole);
      }
    });
  });

  test("with any byte flipped falls back to the previous one", async () => {
    await withFolder(async (folder) => {
      const newest = await pair(folder);
      const whole = await readFile(newest);
      for (let index = 0; index < whole.length; index++) {
        const damaged = Buffer.from(whole);
        damaged[index] = (damaged[index] ?? 0) ^ 4;
        await writeFile(newest, damaged);
        const { checkpoint, problems } = await readCheckpoint(folder, 0);
        expect(checkpoint?.bytes).toEqual(bytes(1));
        expect(problems).toHaveLength(1);
      }
    });
  });

  test("both damaged: none, and two sentences", async () => {
    await withFolder(async (folder) => {
      await pair(folder);
      for (const name of await readdir(folder)) await truncate(join(folder, name), 90);
      const { checkpoint, problems } = await readCheckpoint(folder, 0);
      expect(checkpoint).toBeUndefined();
      expect(problems).toHaveLength(2);
    });
  });

  test("of another batch under this batch's name is not taken", async () => {
    await withFolder(async (folder) => {
      await writeCheckpoint(folder, 1, bytes(1), {});
      await writeFile(
        join(folder, "batch-0000-000000.checkpoint"),
        await readFile(join(folder, "batch-0001-000000.checkpoint")),
      );
      const { checkpoint, problems } = await readCheckpoint(folder, 0);
      expect(checkpoint).toBeUndefined();
      expect(problems[0]).toMatch(/state of another batch/);
    });
  });

  test("of an earlier number under a later one's name, and of another format, is not taken", async () => {
    await withFolder(async (folder) => {
      const newest = await pair(folder);
      const older = await readFile(join(folder, "batch-0000-000000.checkpoint"));
      await writeFile(newest, older);
      expect((await readCheckpoint(folder, 0)).problems[0]).toMatch(/holds the state of another checkpoint/);
      await writeFile(newest, older.toString("latin1").replace("checkpoint 3", "checkpoint 2"), "latin1");
      const { checkpoint, problems } = await readCheckpoint(folder, 0);
      expect(checkpoint?.number).toBe(0);
      expect(problems[0]).toMatch(/has the format "manychain checkpoint 2"; this version of manychain reads/);
    });
  });

  test("a folder in a checkpoint's place is passed over", async () => {
    await withFolder(async (folder) => {
      await writeCheckpoint(folder, 0, bytes(1), {});
      await mkdir(join(folder, "batch-0000-000009.checkpoint"));
      expect((await readCheckpoint(folder, 0)).checkpoint?.bytes).toEqual(bytes(1));
    });
  });
});
