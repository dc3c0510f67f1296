// What the script uses of a built copy of the package: of the public API where it has it, else of the modules beneath.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** @throws Error where the folder holds no built copy */
export async function loadPackage(folder) {
  const index = join(folder, "dist/src/index.js");
  if (!existsSync(index)) {
    throw new Error(`--package ${folder}: expected a built copy of manychain, found no ${index}. Run: npm run build`);
  }
  const from = async (path) => await import(pathToFileURL(join(folder, "dist/src", path)).href);
  const [api, node, build, program, data, transition, chain, xla, auto] = await Promise.all([
    from("index.js"),
    from("graph/node.js"),
    from("graph/build.js"),
    from("graph/program.js"),
    from("config/data.js"),
    from("sampler/transition.js"),
    from("chain/runBatch.js"),
    from("engine/xla/engine.js"),
    from("engine/auto/operations.js"),
  ]);
  const { version } = createRequire(join(folder, "package.json"))("./package.json");
  const modules = { ...node, input: build.input, ...program, ...data, ...transition, ...chain, ...auto };
  return { ...api, ...modules, xlaEngine: xla.xlaEngine, folder, version };
}

/** A module that the package depends on. */
export async function dependency(folder, name) {
  return await import(pathToFileURL(createRequire(join(folder, "package.json")).resolve(name)).href);
}

/** A shipped config's model with its data, and the config. */
export function boundModel(manychain, config) {
  const loaded = manychain.loadConfig(join(manychain.folder, `config/${config}.yaml`));
  const { values } = manychain.loadData(loaded.config.data, { baseDir: loaded.baseDir });
  const declared = manychain.shippedModel(loaded.config.model).create(loaded.config.options);
  return {
    model: manychain.bind(declared, { data: values, coordinates: loaded.config.coordinates }),
    config: loaded.config,
  };
}
