import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, manychain, SCHOOLS } from "./process.ts";

const SMALL = SCHOOLS.replace("warmup: 200", "warmup: 60").replace("draws: 200", "draws: 40");

// The whole matrix, with other versions of Node too: bench/reproduce/matrix.js.
test("neither V8's compilers nor the processor's instructions change a draw", { timeout: 120_000 }, async () => {
  await inFolder({ "s.yaml": SMALL }, async (cwd) => {
    const digests = async (id: string, ...flags: string[]): Promise<unknown> => {
      const args = ["run", "s.yaml", "--run-id", id, "--set", "gates=false", "--quiet"];
      expect(await manychain(args, { cwd, flags })).toMatchObject({ code: 0, stderr: "" });
      return JSON.parse(await readFile(join(cwd, "results/s", id, "run.json"), "utf8")).digests;
    };
    const expected = await digests("plain");
    for (const flag of ["--no-liftoff", "--liftoff-only", "--no-enable-avx"]) {
      expect(await digests(flag.slice(2), flag), flag).toEqual(expected);
    }
  });
});
