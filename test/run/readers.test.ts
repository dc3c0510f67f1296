/** A run's files of input with each byte flipped and each length cut: an error in words, or a run that can be. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ManychainError } from "../../src/errors.ts";
import { prepare } from "../../src/run/prepare.ts";
import { withFiles } from "./folder.ts";

const FILES = {
  "run.yaml": `model: eight-schools
data:
  y: { json: y.json }
  sigma: { csv: "sigma.csv", column: sigma }
coordinates: { school: [A, "=1+1", C] }
chains: 4
draws: { until: { rhat: 1.1, ess: 50 }, check: 10, max: 40 }
sampler: { name: hmc, steps: 3 }
`,
  "y.json": "[28, 8.5, -3e0]\n",
  "sigma.csv": 'school,sigma\n"A, B",15\nß,10.5\n"=C",1e1\n',
};
/** Buffers that may be asked for on the way, whatever a damaged number says. */
const MOST_MEMORY = 128 * 2 ** 20;

async function outcome(config: string): Promise<"run" | "refused"> {
  const before = process.memoryUsage().arrayBuffers;
  const started = performance.now();
  try {
    await prepare(config, { engine: false });
    return "run";
  } catch (error) {
    if (!(error instanceof ManychainError) || error.message.length < 20) throw error;
    expect(error.message).not.toMatch(/\n\s+at |node:internal/);
    return "refused";
  } finally {
    expect(performance.now() - started).toBeLessThan(2000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MOST_MEMORY);
  }
}

test.each(Object.keys(FILES) as (keyof typeof FILES)[])("%s", { timeout: 60_000 }, async (name) => {
  await withFiles(FILES, async (folder) => {
    const config = join(folder, "run.yaml");
    const path = join(folder, name);
    const whole = await readFile(path);
    expect(await outcome(config)).toBe("run");
    let refused = 0;
    for (let index = 0; index < whole.length; index++) {
      for (const mask of [1 << (index % 8), 0xff]) {
        const damaged = Buffer.from(whole);
        damaged[index] = (damaged[index] ?? 0) ^ mask;
        await writeFile(path, damaged);
        if ((await outcome(config)) === "refused") refused++;
      }
      await writeFile(path, whole.subarray(0, index));
      if ((await outcome(config)) === "refused") refused++;
    }
    expect(refused).toBeGreaterThan(whole.length);
  });
});
