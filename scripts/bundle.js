// Bundles the command line, the library and the worker's file into dist/bundle, so that a start reads a few files and
// not hundreds. What they share lies in chunks of its own: one `Node` class for all. The last part of `npm run build`.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "dist/bundle");
/** A file of a package that is installed here. */
const installed = (path) => join(root, "node_modules", path);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const ENTRIES = {
  main: "src/cli/main.ts",
  index: "src/index.ts",
  batch: "workers/batch.ts",
  helper: "workers/helper.ts",
  // piscina starts its threads with a file of this name beside its own.
  worker: installed("piscina/dist/worker.js"),
};

/** What finds files of its own beside its code, or need not be installed. */
const OUTSIDE = [/^koffi$/, /^@tensorflow\//, /^h5wasm/, /^jiti$/, /^@napi-rs\//, /^canvas$/];

const ALIASES = {
  // Node gets these as CommonJS, of which nothing can be left out and everything is parsed twice.
  rxjs: installed("rxjs/dist/esm/index.js"),
  yaml: installed("yaml/browser/dist/index.js"),
  // The versions of yargs and log-update make a pattern of all emoji and a segmenter when they are loaded: 50 ms.
  "string-width": installed("string-width/index.js"),
};

/** What is needed together lies in one file, with all that it imports; earlier groups take modules first. */
const GROUPS = [
  // All that a helper thread loads.
  { name: "help", test: /src.engine.wasm.helper\.ts$/ },
  {
    name: "base",
    test: /src.(errors|cli.output|run.package|config.rules|report.text)\.ts$|node_modules.(string-width|piscina.dist.(common|symbols))\b/,
  },
  // What a thread needs, and a model file that imports this package.
  { name: "chain", test: /src.(run.(workerParts|protocol)|chain.runBatch|engine.wasm.engine)\.ts$/ },
  // What is needed to start threads.
  { name: "config", test: /src.(config.load|run.threads)\.ts$/ },
  { name: "run", test: /src.(run.(run|pool)|cli.(follow|progress|summary))\.ts$/ },
].map((group, index, { length }) => ({ ...group, priority: length - index }));

/** The licences of what is bundled, as they ask for. */
function licences(chunks) {
  const packages = chunks.flatMap(({ moduleIds }) =>
    moduleIds.flatMap((id) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id.replace("\0", "")) ?? []),
  );
  const texts = [...new Set(packages)].filter(existsSync).map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : `\n${readFileSync(join(path, file), "utf8").trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return texts.sort().join(`\n${"-".repeat(80)}\n\n`);
}

const bundle = await rolldown({
  cwd: root,
  input: ENTRIES,
  platform: "node",
  external: OUTSIDE,
  resolve: { alias: ALIASES },
  // piscina, which is CommonJS, asks for its folder when it starts a thread: `startThreads` says where ours are, since in
  // somebody's own bundle this code lies elsewhere.
  transform: {
    define: { __dirname: "globalThis.foldersOfManychain.threads", VERSION_OF_BUNDLE: JSON.stringify(version) },
  },
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.write({
  dir: folder,
  chunkFileNames: "[name].js",
  codeSplitting: { groups: GROUPS },
  comments: { legal: true, annotation: false, jsdoc: false },
  sourcemap: true,
});
await bundle.close();
const chunks = output.filter(({ type }) => type === "chunk");
writeFileSync(join(folder, "LICENSES.txt"), licences(chunks));
// Names stay from build to build, so that a running process finds its chunks; what is left of an older build goes.
const written = new Set(["LICENSES.txt", ...output.map(({ fileName }) => fileName)]);
for (const name of readdirSync(folder)) if (!written.has(name)) rmSync(join(folder, name));
chmodSync(join(folder, "main.js"), 0o755);
