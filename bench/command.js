// The built command line, as users start it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

/** The file that the package's `bin` names. */
export const commandLine = fileURLToPath(new URL(bin.manychain, root));
