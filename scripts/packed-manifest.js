// The package.json of the tarball: before `npm pack` without what only a checkout needs, and afterwards as it was. A `prepare`
// in a package that is installed makes npm warn of a script that it does not run.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const MANIFEST = path("package.json");
const KEPT = path(".package.json.checkout");

function write() {
  // An interrupted pack has left the checkout's own: it is the one to start from.
  if (!existsSync(KEPT)) writeFileSync(KEPT, readFileSync(MANIFEST));
  const { scripts, devDependencies, overrides, ...packed } = JSON.parse(readFileSync(KEPT, "utf8"));
  writeFileSync(MANIFEST, `${JSON.stringify(packed, undefined, 2)}\n`);
}

function restore() {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
}

const [task] = process.argv.slice(2);
if (task === "write") write();
else if (task === "restore") restore();
else throw new Error("node scripts/packed-manifest.js write|restore");
