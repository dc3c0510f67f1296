import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { run } from "../../src/run/run.ts";
import { verify } from "../../src/run/verify.ts";
import { readGolden } from "../../src/store/index.ts";
import { errorOf, withFiles } from "./folder.ts";

const CONFIG = "model: funnel\nchains: 8\nbatches: 2\nwarmup: 40\ndraws: 30\nseed: 1\nworkers: 1\ngates: false\n";

test("a results folder is reproduced; a draw that was changed is found, with its chain and draw", async () => {
  await withFiles({ "funnel.yaml": CONFIG }, async (folder) => {
    const { directory, summary } = await run(join(folder, "funnel.yaml"), { out: folder, runId: "x", report: false })
      .result;
    expect((await verify(directory!)).text).toBe(`reproduced: 8 chains × 30 draws, digest ${summary.run.digest}`);
    // Batch 1 begins at chain 4; of `v` (a CRC-32, then float32), change chain 5, draw 7, as a program would.
    const chunk = join(directory!, "draws.zarr/posterior/v/1.0");
    const bytes = await readFile(chunk);
    const at = 4 + 4 * (30 + 7);
    bytes.writeFloatLE(bytes.readFloatLE(at) + 1, at);
    bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
    await writeFile(chunk, bytes);
    const error = await errorOf(verify(directory!));
    expect(error.name).toBe("ReproductionError");
    expect(error.message).toMatch(/\n {2}draws\.zarr\/posterior\/v: chain 5, draw 7: was -?[\d.]+, is -?[\d.]+\n/);
  });
});

test("golden files: written, compared, refused when damaged", async () => {
  await withFiles({ "funnel.yaml": CONFIG }, async (folder) => {
    const config = join(folder, "funnel.yaml");
    const golden = join(folder, "golden.json");
    expect((await errorOf(verify(config, { golden }))).message).toContain("there is no such golden file");
    expect((await verify(config, { golden, update: true })).text).toBe(`written: ${golden}`);
    expect((await verify(config, { golden })).text).toMatch(/^reproduced: 8 chains × 30 draws/);
    const text = await readFile(golden, "utf8");
    const { digests } = await readGolden(golden);
    await writeFile(golden, text.replace(digests.chains[2]!, "0".repeat(64)));
    const error = await errorOf(verify(config, { golden }));
    expect(error.message).toContain("not reproduced: chain 2 is the first whose draws differ");
    await writeFile(config, CONFIG.replace("seed: 1", "seed: 2"));
    expect((await errorOf(verify(config, { golden }))).message).toContain("was made with another config");
    for (const damaged of ["", "[]", "{}", text.slice(0, -9), text.replace("golden 1", "golden 9"), "null"]) {
      await writeFile(golden, damaged);
      expect(await errorOf(readGolden(golden))).toBeInstanceOf(StoreError);
    }
  });
});

test("across engine classes summaries are compared, not bits", async () => {
  await withFiles({ "funnel.yaml": CONFIG }, async (folder) => {
    const config = join(folder, "funnel.yaml");
    const golden = join(folder, "golden.json");
    await verify(config, { golden, update: true });
    const written = JSON.parse(await readFile(golden, "utf8"));
    const elsewhere = {
      ...written,
      engine: { ...written.engine, class: "wasm float32 (another library)" },
      digests: { ...written.digests, chains: written.digests.chains.map(() => "0".repeat(64)) },
    };
    await writeFile(golden, JSON.stringify(elsewhere));
    expect((await verify(config, { golden })).text).toMatch(
      /^agrees: mean, sd .* of 10 quantities .*another class \(was wasm float32 \(another library\), is wasm float32\)$/,
    );
    elsewhere.summary[0].mean += 10 * elsewhere.summary[0].mcse_mean;
    await writeFile(golden, JSON.stringify(elsewhere));
    const error = await errorOf(verify(config, { golden }));
    expect(error.name).toBe("ReproductionError");
    expect(error.message).toMatch(/not reproduced: mean of v was .*, 7\.\d+ combined standard errors apart/);
  });
});
