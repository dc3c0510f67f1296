import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of reference data that may not be copied. */
export const referenceFolder: string = resolve(root, process.env["MANYCHAIN_REFERENCE"] ?? "../shared/reference");

/** Is a file of that folder missing? Tests that need it are then reported as skipped. */
export function isMissing(path: string): boolean {
  const missing = !existsSync(resolve(referenceFolder, path));
  if (missing && process.env["MANYCHAIN_REQUIRE_REFERENCE"] === "1")
    throw new Error(`MANYCHAIN_REQUIRE_REFERENCE is 1, but ${resolve(referenceFolder, path)} does not exist.`);
  return missing;
}
