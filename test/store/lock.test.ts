import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { createResults, type ResultsWriter, reopenResults } from "../../src/store/index.ts";
import { lockFolder } from "../../src/store/lock.ts";
import { layout, manifest, withFolder } from "./example.ts";

const disk = vi.hoisted(() => ({ hasLinks: true }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const link: typeof real.link = async (from, to) => {
    if (!disk.hasLinks) throw Object.assign(new Error("no links"), { code: "EPERM" });
    await real.link(from, to);
  };
  return { ...real, link };
});

type Fields = Record<string, unknown>;
const begin = (root: string, force = false): Promise<ResultsWriter> =>
  createResults({ root, configName: "c", runId: "r", manifest, layout, force });

/** Calls `use` with a process that does nothing, and ends it. */
async function withProcess(use: (child: ChildProcess, started: string) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1000)"]);
  try {
    await once(child.stdout, "data");
    const stat = await readFile(`/proc/${child.pid}/stat`, "utf8").catch(() => "");
    await use(child, stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "");
  } finally {
    child.kill("SIGKILL");
  }
}

/** Calls `use` with an unfinished run, and what changes its lock. */
async function withLocked(use: (run: string, root: string, put: (changes: Fields) => Promise<void>) => Promise<void>) {
  await withFolder(async (root) => {
    const { directory } = await begin(root);
    const path = join(directory, "run.lock");
    const text = await readFile(path, "utf8");
    await use(directory, root, (changes) => writeFile(path, JSON.stringify({ ...JSON.parse(text), ...changes })));
  });
}

test("a lock tells whose it is while the run goes on, and is gone with its end", async () => {
  await withFolder(async (root) => {
    const writer = await begin(root);
    const held = JSON.parse(await readFile(join(writer.directory, "run.lock"), "utf8"));
    expect(held).toMatchObject({ format: "manychain lock 1", pid: process.pid });
    await writer.finish({ status: "interrupted" });
    expect(await readdir(writer.directory)).not.toContain("run.lock");
    expect((await readdir(writer.directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

test("a folder that another process writes into is neither resumed nor replaced; once that is dead it is", async () => {
  await withLocked(async (run, root, put) => {
    await withProcess(async (child, started) => {
      await put({ pid: child.pid, started, since: "2026-01-02T03:04:05.000Z" });
      const before = await readdir(run, { recursive: true });
      const inUse = new RegExp(
        `^${run} is in use: process ${child.pid} on ".*" writes into it since 2026-01-02T03:04:05.000Z. Wait until that ` +
          `run has ended, or stop it, and try again; if there is no such run, remove ${join(run, "run.lock")}.$`,
      );
      await expect(reopenResults(run)).rejects.toThrow(inUse);
      await expect(begin(root, true)).rejects.toThrow(inUse);
      expect(await readdir(run, { recursive: true })).toEqual(before);
      child.kill("SIGKILL");
      await once(child, "exit");
      const reopened = await reopenResults(run);
      expect(JSON.parse(await readFile(join(run, "run.lock"), "utf8")).pid).toBe(process.pid);
      await reopened.finish({ status: "interrupted" });
    });
  });
});

test("a file system without links has locks all the same", async () => {
  disk.hasLinks = false;
  try {
    await withLocked(async (run, _, put) => {
      await withProcess(async (child, started) => {
        await put({ pid: child.pid, started });
        await expect(reopenResults(run)).rejects.toThrow(/is in use: process/);
        await put({ pid: child.pid, started: "1" });
        await (await reopenResults(run)).finish({ status: "interrupted" });
        expect((await readdir(run)).filter((name) => name.includes("lock"))).toEqual([]);
      });
    });
  } finally {
    disk.hasLinks = true;
  }
});

test("a process id that was given to another process does not matter", async () => {
  await withLocked(async (run, _, put) => {
    await withProcess(async (child) => {
      await put({ pid: child.pid, started: "1" });
      await (await reopenResults(run)).finish({ status: "interrupted" });
    });
  });
});

test("a lock of another machine, and one that cannot be read, hold as long as they are touched", async () => {
  await withLocked(async (run, _, put) => {
    const path = join(run, "run.lock");
    for (const write of [
      () => put({ machine: "another", host: "far-away" }),
      () => put({ host: "far\u001b[31m" }),
      () => put({ since: "\u009b2J" }),
      () => put({ pid: "x" }),
      () => writeFile(path, '{"format": "manychain lock 1", "pid'),
      () => writeFile(path, ""),
    ]) {
      await write();
      await expect(reopenResults(run)).rejects.toThrow(
        / is in use: (process \d+ on "far-away" writes|.*run\.lock was written lately, and what it says cannot be read)/,
      );
      const old = new Date(Date.now() - 180_000);
      await utimes(path, old, old);
      await (await reopenResults(run)).finish({ status: "interrupted" });
    }
  });
});

test("a lock with each byte flipped and each length cut holds, or is taken over", { timeout: 60_000 }, async () => {
  await withLocked(async (run) => {
    const path = join(run, "run.lock");
    const whole = await readFile(path);
    for (let index = 0; index < whole.length; index += 2) {
      const damaged = Buffer.from(whole);
      damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
      for (const bytes of [damaged, whole.subarray(0, index)]) {
        await writeFile(path, bytes);
        const { message } = await lockFolder(run).then(
          (lock) => lock.release().then(() => new StoreError("taken")),
          (error: unknown) => error as Error,
        );
        expect(message).toMatch(/^taken$| is in use: /);
      }
    }
  });
});

test("of processes that come at once to a stale lock, one gets it", { timeout: 60_000 }, async () => {
  const lock = fileURLToPath(new URL("../../dist/src/store/lock.js", import.meta.url));
  const code = `import { lockFolder } from ${JSON.stringify(lock)};
    process.stdin.once("data", async () => {
      await lockFolder(process.argv[1]).then(() => console.log("got it"), ({ message }) => console.log(message));
      setTimeout(() => process.exit(), 1500);
    });
    console.log("ready");`;
  await withLocked(async (run, _, put) => {
    await withProcess(async (child) => {
      await put({ pid: child.pid, started: "1" });
      const others = Array.from({ length: 5 }, () => spawn(process.execPath, ["--input-type=module", "-e", code, run]));
      await Promise.all(others.map(({ stdout }) => once(stdout, "data")));
      const answers = others.map(async ({ stdout, stdin }) => {
        stdin.end("go\n");
        return String(await once(stdout, "data"));
      });
      const told = await Promise.all(answers);
      expect(told.filter((text) => text === "got it\n")).toHaveLength(1);
      const losers = told.filter((text) => text !== "got it\n");
      for (const text of losers) expect(text).toMatch(/ is in use: /);
      expect((await readdir(run)).filter((name) => name.includes("lock"))).toEqual(["run.lock"]);
      for (const other of others) other.kill();
    });
  });
});
