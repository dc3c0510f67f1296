import { expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { FORMAT } from "../../src/store/format.ts";
import { createResults, openResults } from "../../src/store/index.ts";
import { readRunDocument } from "../../src/store/manifest.ts";
import { reopenResults } from "../../src/store/reopen.ts";
import { block, layout, manifest, withFolder } from "./example.ts";
import { type Editable, falsifyRun } from "./falsify.ts";

/** A finished folder whose run.json was changed. */
async function withChanged(
  change: (document: Editable) => void,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    const writer = await createResults({ root, configName: "example", runId: "run", manifest, layout });
    for (const batch of layout.batches.keys()) await writer.appendBlock(block(batch, 0, 16));
    await writer.finish({ status: "interrupted" });
    await falsifyRun(writer.directory, change);
    await use(writer.directory);
  });
}

test.each([
  [`manychain results ${FORMAT + 1}`, FORMAT + 1],
  ["manychain results 999", 999],
  [FORMAT + 7, FORMAT + 7],
])("a folder of a newer form (%j) is refused in words, by readers and writers", async (format, shown) => {
  const change = (document: Editable): void => {
    document["format"] = format;
    document["versions"] = { package: "7.1.0" };
    // Nothing of what a newer form holds is believed, or found wrong, before that is said.
    document["layout"] = "something new";
  };
  await withChanged(change, async (directory) => {
    for (const open of [openResults, readRunDocument, reopenResults]) {
      const error = await open(directory).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      expect(error).toBeInstanceOf(StoreError);
      expect(error?.message).toContain(
        `run.json was written by a newer manychain: its results have format ${shown}, and this one reads up to ${FORMAT}. ` +
          "Install manychain@7.1.0 to read it.",
      );
    }
  });
});

test("a version that is no version is not repeated", async () => {
  const change = (document: Editable): void => {
    document["format"] = "manychain results 50";
    document["versions"] = { package: "\u001b[31m; rm -rf ." };
  };
  await withChanged(change, async (directory) => {
    await expect(openResults(directory)).rejects.toThrow(/up to \d+\. Install a newer manychain to read it\.$/);
  });
});

test.each([undefined, "manychain", "manychain results 0", "manychain results -1", -1, 1.5, null, ["x"], {}, true])(
  "what is no format is refused: %j",
  async (format) => {
    const change = (document: Editable): void => {
      document["format"] = format;
    };
    await withChanged(change, async (directory) => {
      await expect(openResults(directory)).rejects.toThrow(
        /format: expected "manychain results \d+" or an earlier one, /,
      );
    });
  },
);

test("older forms are read, and a run that goes on keeps its form", async () => {
  const change = (document: Editable): void => {
    document["format"] = "manychain results 1";
  };
  await withChanged(change, async (directory) => {
    expect((await openResults(directory)).committed.sampling).toBe(16);
    expect((await readRunDocument(directory)).format).toBe(1);
    const writer = await reopenResults(directory);
    expect((await readRunDocument(directory)).format).toBe(1);
    await writer.finish({ status: "interrupted" });
    expect((await readRunDocument(directory)).format).toBe(1);
  });
});
