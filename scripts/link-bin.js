// Makes `npx manychain` run the built command line of this checkout. npm links the bins of dependencies only, and npx
// would install the checkout a second time into its cache. Runs at the end of `prepare`; never in an installed package.
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";

const root = new URL("../", import.meta.url);
const target = new URL("dist/src/cli/main.js", root);
const link = new URL("node_modules/.bin/manychain", root);
chmodSync(target, 0o755);
if (process.platform !== "win32") {
  mkdirSync(new URL("./", link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync("../../dist/src/cli/main.js", link);
}
