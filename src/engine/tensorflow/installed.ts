import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A copy of tfjs-node or tfjs-node-gpu on this machine. */
export interface Installation {
  readonly name: "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";
  /** The package's folder. */
  readonly folder: string;
  /** Who put it there, for messages. */
  readonly from: string;
  /** Built for GPUs: it is used for them alone, unless a processor is asked for. */
  readonly gpu: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const GPU = { name: "@tensorflow/tfjs-node-gpu", gpu: true } as const;
const CPU = { name: "@tensorflow/tfjs-node", gpu: false } as const;

/** What to do where nothing is installed. */
export const INSTALL: string =
  "npm run setup:tensorflow (processors) or npm run setup:tensorflow -- --gpu (NVIDIA GPUs) for the compiled route, in a " +
  "checkout of manychain; or npm install @tensorflow/tfjs-node-gpu@4.22.0 (or @tensorflow/tfjs-node@4.22.0) for the eager " +
  "route. To try the eager route with npm alone: npm install @tensorflow/tfjs-core@4.22.0 " +
  "@tensorflow/tfjs-backend-wasm@4.22.0 and set MANYCHAIN_TENSORFLOW_BACKEND=wasm";

/**
 * Copies on this machine, best first: what `setup:tensorflow` made, then the packages that npm installed beside this one
 * or in the working directory; of each, that for GPUs first.
 */
export function findInstallations(environment: Environment = process.env): Installation[] {
  const home = setupFolder(environment);
  const setUp = [GPU, CPU].map((kind) => ({
    ...kind,
    folder: join(home, kind.gpu ? "gpu" : "cpu", "node_modules", kind.name),
    from: `npm run setup:tensorflow${kind.gpu ? " -- --gpu" : ""}`,
  }));
  const installed = [GPU, CPU].flatMap((kind) => {
    const folder = packageFolder(kind.name);
    return folder === undefined ? [] : [{ ...kind, folder, from: `npm install ${kind.name}` }];
  });
  return [...setUp, ...installed].filter(({ folder }) => existsSync(join(folder, "package.json")));
}

/** The addon's file, or undefined where the package was installed without one. */
export function addonOf({ folder }: Pick<Installation, "folder">): string | undefined {
  const lib = join(folder, "lib");
  const version = (name: string): number => Number(name.slice("napi-v".length));
  const [newest] = (existsSync(lib) ? readdirSync(lib) : [])
    .filter((name) => /^napi-v\d+$/.test(name) && existsSync(join(lib, name, "tfjs_binding.node")))
    .sort((a, b) => version(b) - version(a));
  return newest === undefined ? undefined : join(lib, newest, "tfjs_binding.node");
}

/** Where a package lies, seen from this one or from the working directory. */
export function packageFolder(name: string): string | undefined {
  for (const base of [import.meta.url, join(process.cwd(), "package.json")])
    try {
      return dirname(createRequire(base).resolve(`${name}/package.json`));
    } catch {
      // Not there; the next place, or none.
    }
  return undefined;
}

/** Where `setup:tensorflow` puts things: `.tensorflow` beside the package, or the folder that MANYCHAIN_TENSORFLOW_HOME names. */
function setupFolder(environment: Environment): string {
  const own = environment["MANYCHAIN_TENSORFLOW_HOME"];
  if (own !== undefined && own !== "") return own;
  // from src/engine/tensorflow, or from dist/src/engine/tensorflow
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, ".tensorflow");
}
