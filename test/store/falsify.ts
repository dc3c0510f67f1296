/** Changes a results folder as somebody who knows its format could: with seals and checksums made anew. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** A document as JSON.parse gives it, to be changed in place. */
export type Editable = Record<string, unknown>;

/** Changes run.json and seals it again. */
export async function falsifyRun(directory: string, change: (document: Editable) => void): Promise<void> {
  const path = join(directory, "run.json");
  const { seal: _, ...document } = JSON.parse(await readFile(path, "utf8")) as Editable;
  change(document);
  const seal = createHash("sha256")
    .update(JSON.stringify(document, null, 2))
    .digest("hex");
  await writeFile(path, `${JSON.stringify({ ...document, seal }, null, 2)}\n`);
}

/** Changes the bytes of a chunk file, after its checksum, which is made anew. */
export async function falsifyChunk(path: string, change: (bytes: Buffer) => void): Promise<void> {
  const file = await readFile(path);
  const bytes = file.subarray(4);
  change(bytes);
  file.writeUInt32LE(crc32(bytes), 0);
  await writeFile(path, file);
}
