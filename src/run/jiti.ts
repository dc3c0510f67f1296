/** jiti, which loads TypeScript: found beside this package's own files, since a program's bundler cannot take it into a bundle. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageFolder } from "./package.ts";

type Jiti = typeof import("jiti");

/** jiti's `createJiti`. @throws Node's error where the package is not installed */
export function loadJiti(): Jiti["createJiti"] {
  const folder = packageFolder();
  const require = createRequire(folder === undefined ? import.meta.url : join(folder, "package.json"));
  return (require("jiti") as Jiti).createJiti;
}
