/** Stores that other programs wrote (test/python/make_fixtures.py), laid out in a folder. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  /** Draws as the program that wrote them has them, `[chain][draw]`. */
  readonly expected: Readonly<Record<string, number[][]>>;
}

/** Writes a fixture's files below `root`. Returns the path of the store, or of the one file. */
export async function fixture(
  root: string,
  name: string,
): Promise<{ readonly path: string; readonly expected: Fixture["expected"] }> {
  const document = fileURLToPath(new URL(`fixtures/${name}.json`, import.meta.url));
  const { files, expected } = JSON.parse(await readFile(document, "utf8")) as Fixture;
  const folder = join(root, name);
  for (const [key, base64] of Object.entries(files)) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), Buffer.from(base64, "base64"));
  }
  const [only, ...more] = Object.keys(files);
  return { path: more.length === 0 && only !== undefined ? join(folder, only) : folder, expected };
}
