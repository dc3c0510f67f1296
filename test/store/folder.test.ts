import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { storeError } from "../../src/store/files.ts";
import { createResults, openResults, type ResultsOptions, type ResultsWriter } from "../../src/store/index.ts";
import { block, layout, manifest, withFolder } from "./example.ts";

async function create(root: string, change: Partial<ResultsOptions> = {}): Promise<ResultsWriter> {
  return await createResults({ root, configName: "example", runId: "run", manifest, layout, ...change });
}

/** Runs as a user without special rights, where the tests run as root. */
async function unprivileged(action: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    await action();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

test("run.json is there before the first draw, with what the run was made of", async () => {
  await withFolder(async (root) => {
    const writer = await create(root);
    const text = await readFile(join(root, "example", "run", "run.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ status: "running", runId: "run", configName: "example", ...manifest });
    const { run } = await openResults(writer.directory);
    expect(run.manifest).toEqual(manifest);
    expect(run.layout).toEqual(layout);
    expect((await readdir(writer.directory)).sort()).toEqual(["checkpoints", "draws.zarr", "run.json", "run.lock"]);
  });
});

describe("an existing run", () => {
  test("is refused, and left as it was", async () => {
    await withFolder(async (root) => {
      const writer = await create(root);
      await writeFile(join(writer.directory, "mine.txt"), "keep");
      await expect(create(root)).rejects.toThrow(/exists already and is not overwritten\. Give another --run-id/);
      expect(await readFile(join(writer.directory, "mine.txt"), "utf8")).toBe("keep");
    });
  });

  test("is replaced whole with force", async () => {
    await withFolder(async (root) => {
      const writer = await create(root);
      await writer.appendBlock(block(0, 0, 20));
      await writer.writeCheckpoint(0, Uint8Array.of(1), {});
      await writer.recordEvent({ kind: "a" });
      await writer.writeFile("report.html", "<p>");
      await writer.finish({ status: "interrupted", summary: { run: {}, gates: [], quantities: [] } as never });
      await create(root, { force: true });
      expect((await readdir(writer.directory)).sort()).toEqual(["checkpoints", "draws.zarr", "run.json", "run.lock"]);
      expect(await readdir(join(writer.directory, "draws.zarr/posterior/tau"))).not.toContain("0.0");
    });
  });

  test("is replaced also where it was killed, or damaged, with what an interrupted write left", async () => {
    await withFolder(async (root) => {
      const writer = await create(root);
      const left = `.0.0.${"ab".repeat(6)}.tmp`;
      for (const place of ["", "checkpoints", "draws.zarr", "draws.zarr/posterior/tau"]) {
        await writeFile(join(writer.directory, place, left), "");
      }
      await writeFile(join(writer.directory, "draws.zarr/.zmetadata"), "{");
      await create(root, { force: true });
      expect(await readdir(join(writer.directory, "checkpoints"))).toEqual([]);
    });
  });

  test("is not removed by force where it holds anything else, nor is anything of it", async () => {
    const outside = (root: string): string => join(root, "precious");
    const cases: Record<string, (directory: string, root: string) => Promise<unknown>> = {
      "thesis.txt": (directory) => writeFile(join(directory, "thesis.txt"), ""),
      "notes/": (directory) => mkdir(join(directory, "notes")),
      "summary.json/": (directory) => mkdir(join(directory, "summary.json")),
      "checkpoints/batch-0000-000001.txt": (directory) =>
        writeFile(join(directory, "checkpoints/batch-0000-000001.txt"), ""),
      "draws.zarr/notes.md": (directory) => writeFile(join(directory, "draws.zarr/notes.md"), ""),
      "draws.zarr/posterior/tau/plot.png": (directory) =>
        writeFile(join(directory, "draws.zarr/posterior/tau/plot.png"), ""),
      "draws.zarr/mine/y/0": async (directory) => {
        await mkdir(join(directory, "draws.zarr/mine/y"), { recursive: true });
        await writeFile(join(directory, "draws.zarr/mine/.zgroup"), '{"zarr_format":2}');
        await writeFile(join(directory, "draws.zarr/mine/y/.zarray"), '{"filters":null}');
        await writeFile(join(directory, "draws.zarr/mine/y/0"), "");
      },
      "draws.zarr/observed_data": (directory, root) =>
        symlink(outside(root), join(directory, "draws.zarr/observed_data")),
      "events.ndjson": (directory, root) => symlink(join(outside(root), "0.0"), join(directory, "events.ndjson")),
    };
    for (const [foreign, put] of Object.entries(cases)) {
      await withFolder(async (root) => {
        const writer = await create(root);
        await writer.appendBlock(block(0, 0, 20));
        await writer.finish({ status: "interrupted" });
        await mkdir(outside(root));
        await writeFile(join(outside(root), "0.0"), "");
        await put(writer.directory, root);
        const before = await readdir(root, { recursive: true });
        const refused = create(root, { force: true });
        await expect(refused).rejects.toThrow("holds what manychain did not write (");
        await expect(refused).rejects.toThrow(foreign);
        await expect(refused).rejects.toThrow("and nothing is removed. Move that away, or choose another run id.");
        expect(await readdir(root, { recursive: true })).toEqual(before);
      });
    }
  });

  test.each(["{}", "", "[]", "null", '{"format":1}', '{"format":"other results 1"}', "not json"])(
    "is not what has a run.json of another program: %s",
    async (text) => {
      await withFolder(async (root) => {
        const directory = join(root, "example", "run");
        await mkdir(directory, { recursive: true });
        await writeFile(join(directory, "run.json"), text);
        await expect(create(root, { force: true })).rejects.toThrow(/no run\.json that manychain wrote.* not replaced/);
        expect(await readFile(join(directory, "run.json"), "utf8")).toBe(text);
      });
    },
  );

  test("that is no results folder is not removed even with force", async () => {
    await withFolder(async (root) => {
      await mkdir(join(root, "example", "run"), { recursive: true });
      await writeFile(join(root, "example", "run", "thesis.tex"), "");
      await expect(create(root, { force: true })).rejects.toThrow(/is not a results folder .* not replaced/);
      expect(await readdir(join(root, "example", "run"))).toEqual(["thesis.tex"]);
    });
  });
});

describe("names never leave the results folder", () => {
  test.each(["../evil", "/evil", "..", "a/../../evil", "a\\b", ""])("config name and run id %j", async (name) => {
    await withFolder(async (root) => {
      await expect(create(join(root, "results"), { configName: name })).rejects.toThrow(StoreError);
      await expect(create(join(root, "results"), { runId: name })).rejects.toThrow(StoreError);
      expect(await readdir(root)).toEqual([]);
    });
  });

  test("a link in place of the config's folder is refused", async () => {
    await withFolder(async (root) => {
      await mkdir(join(root, "results"));
      await mkdir(join(root, "elsewhere"));
      await symlink(join(root, "elsewhere"), join(root, "results", "example"));
      await expect(create(join(root, "results"))).rejects.toThrow(
        /is a link to .*elsewhere, outside the results folder/,
      );
      expect(await readdir(join(root, "elsewhere"))).toEqual([]);
    });
  });

  test("a link in place of the run is refused, and its target is kept", async () => {
    await withFolder(async (root) => {
      const other = await create(join(root, "other"));
      await mkdir(join(root, "results", "example"), { recursive: true });
      await symlink(other.directory, join(root, "results", "example", "run"));
      await expect(create(join(root, "results"))).rejects.toThrow(/exists already/);
      await expect(create(join(root, "results"), { force: true })).rejects.toThrow(/not a results folder/);
      expect(await readdir(other.directory)).toContain("run.json");
    });
  });

  test("further files stay in the run's folder", async () => {
    await withFolder(async (root) => {
      const writer = await create(root);
      await writer.writeFile("report.html", "<p>");
      expect(await readFile(join(writer.directory, "report.html"), "utf8")).toBe("<p>");
      await expect(writer.writeFile("../report.html", "")).rejects.toThrow(/path separator/);
    });
  });
});

describe("a folder that cannot be written", () => {
  test("without permission", async () => {
    await withFolder(async (root) => {
      await mkdir(join(root, "locked"));
      await chmod(root, 0o755);
      await chmod(join(root, "locked"), 0o555);
      await unprivileged(async () => {
        await expect(create(join(root, "locked"))).rejects.toThrow(
          /cannot make the results folder .*locked.*: permission denied\. .*--out/,
        );
      });
    });
  });

  test("below a file", async () => {
    await withFolder(async (root) => {
      await writeFile(join(root, "file"), "");
      await expect(create(join(root, "file"))).rejects.toThrow(
        /a part of the path is a file|it exists already|not a folder/,
      );
      await expect(create(join(root, "file"))).rejects.toThrow(StoreError);
    });
  });

  test.each([
    ["ENOSPC", /no space is left/],
    ["EROFS", /read-only/],
    ["EDQUOT", /quota/],
  ] as const)("%s in words", (code, words) => {
    const error = storeError(Object.assign(new Error("raw"), { code }), "write", "/results/x");
    expect(error.message).toMatch(words);
    expect(error.message).toContain("/results/x");
    expect(error.exitCode).toBe(2);
  });

  test("a chunk folder that is gone ends the run with its path; the last commit stays", async () => {
    await withFolder(async (root) => {
      const { block } = await import("./example.ts");
      const writer = await create(root);
      for (const batch of [0, 1, 2]) await writer.appendBlock(block(batch, 0, 16));
      await writer.commit();
      const { rename } = await import("node:fs/promises");
      await rename(join(writer.directory, "draws.zarr", "posterior", "pair"), join(root, "pair"));
      await expect(writer.appendBlock(block(0, 16, 16))).rejects.toThrow(/cannot write .*pair.*it does not exist/);
      await expect(writer.commit()).rejects.toThrow(StoreError);
      await writer.finish({ status: "failed", error: "disk" });
      const reader = await openResults(writer.directory);
      expect(reader.run.digests).toBeUndefined();
      expect((await reader.draws("tau"))[0]?.draws[0]).toHaveLength(16);
    });
  });
});

test("a folder without run.json is said not to be a results folder", async () => {
  await withFolder(async (root) => {
    await expect(openResults(root)).rejects.toThrow(/is not a results folder: it has no run\.json/);
    await expect(openResults(join(root, "nothing"))).rejects.toThrow(StoreError);
  });
});
