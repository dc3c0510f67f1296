// The main job's draws into a results folder: bytes on the disk, CPU time a megabyte, and memory that it leaves behind.
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeLayout } from "../dist/src/run/layout.js";
import { manifestOf } from "../dist/src/run/manifest.js";
import { createResults } from "../dist/src/store/index.js";
import { boundModel, line, loaded, residentMegabytes, round } from "./common.js";

/** One block of 64 chains: numbers that do not compress better than draws do. */
function blockOf(layout, firstDraw, draws) {
  const chains = layout.batches[0].chains;
  const values = ({ dtype, shape }, seed) => {
    const length = chains * draws * shape.reduce((a, b) => a * b, 1);
    const make = dtype === "float32" ? Float32Array : dtype === "float64" ? Float64Array : Int32Array;
    return make.from({ length }, (_, i) => Math.sin((i + 1) * (seed + 1.7) * (firstDraw + 1)) * 3);
  };
  const all = (specs) => Object.fromEntries(specs.map((spec, s) => [spec.name, values(spec, s)]));
  const statistics = all(layout.statistics);
  statistics.diverging = new Uint8Array(chains * draws);
  const head = { batch: 0, firstChain: 0, chains, phase: "sampling", firstDraw, draws };
  return { ...head, posterior: all(layout.variables), statistics };
}

async function bytesIn(folder) {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((f) => stat(join(f.parentPath ?? f.path, f.name))));
  return { files: files.length, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
}

export async function benchStore() {
  const { config } = loaded("breast-cancer");
  const layout = storeLayout(boundModel("breast-cancer"), config);
  const manifest = manifestOf({ config, dataHashes: {}, modelHash: "", engineDetails: [], configFolder: "." });
  const root = await mkdtemp(join(tmpdir(), "manychain-bench-"));
  try {
    const writer = await createResults({ root, configName: "bench", runId: "x", manifest, layout });
    const blocks = Array.from({ length: layout.draws / config.block }, (_, b) =>
      blockOf(layout, b * config.block, config.block),
    );
    const resident = residentMegabytes();
    const before = process.cpuUsage();
    for (const block of blocks) {
      await writer.appendBlock(block);
      await writer.commit();
    }
    const { user, system } = process.cpuUsage(before);
    await writer.finish({ status: "interrupted" });
    const { files, bytes } = await bytesIn(writer.directory);
    const shape = { chains: config.chains, draws: layout.draws, blocks: blocks.length };
    const cost = {
      cpu_ms: round((user + system) / 1000, 3),
      ms_per_mb: round((user + system) / 1000 / (bytes / 1e6), 3),
    };
    line({
      bench: "store",
      ...shape,
      bytes,
      files,
      ...cost,
      resident_growth_mb: round(residentMegabytes() - resident, 3),
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
