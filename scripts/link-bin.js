// Makes `npx manychain` run the built command line of this checkout. npm links the bins of dependencies only, and npx
// would install the checkout a second time into its cache. Runs at the end of `prepare`; never in an installed package.
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const link = new URL("node_modules/.bin/manychain", root);
if (process.platform !== "win32") {
  mkdirSync(new URL("./", link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(`../../${bin.manychain}`, link);
}
