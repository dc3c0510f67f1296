import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, manychain } from "./process.ts";

const model =
  'import { model, normal } from "manychain";\nexport default model({ parameters: { a: normal(0, 1) } });\n';
const files = { "m.ts": model, "c.yaml": "model: ./m.ts\nchains: 4\n" };

test("options of the config that have an argument of their own are as with --set", async () => {
  await inFolder(files, async (cwd) => {
    const given = {
      chains: "12",
      batches: "3",
      warmup: "70",
      draws: "90",
      sampler: "hmc",
      precision: "float64",
      seed: "18446744073709551615",
    };
    const named = await manychain(
      ["config", "print", "c.yaml", ...Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])],
      { cwd },
    );
    const set = await manychain(
      ["config", "print", "c.yaml", ...Object.entries(given).flatMap(([name, value]) => ["--set", `${name}=${value}`])],
      { cwd },
    );
    expect(named.stderr).toBe("");
    expect(named.stdout).toBe(set.stdout);
    expect(named.stdout).toMatch(/^chains: 12$/m);
    expect(named.stdout).toMatch(/^warmup: 70$/m);
    // An argument wins over --set, wherever it stands.
    const both = await manychain(["config", "print", "c.yaml", "--chains", "8", "--set", "chains=16"], { cwd });
    expect(both.stdout).toMatch(/^chains: 8$/m);
    const run = await manychain(
      ["run", "c.yaml", "--chains", "8", "--warmup", "40", "--draws", "30", "--json", "--quiet", "--no-report"],
      { cwd },
    );
    expect(JSON.parse(run.stdout).run).toMatchObject({ chains: 8, warmup: 40, draws: 30 });
  });
});

test("what an argument cannot be is told as its own", async () => {
  await inFolder(files, async (cwd) => {
    expect(await manychain(["config", "check", "c.yaml", "--chains", "many"], { cwd })).toMatchObject({
      code: 2,
      stderr: '--chains many: chains: expected an integer from 1 to 10000000, found "many"\n',
    });
    expect((await manychain(["run", "c.yaml", "--sampler", "nut"], { cwd })).stderr).toMatch(/^--sampler nut: .*nuts/);
    expect((await manychain(["run", "c.yaml", "--draws", "5", "--draws", "6"], { cwd })).stderr).toMatch(
      /^--draws is given 2 times/,
    );
  });
});

test("a model without a name takes its file's", async () => {
  await inFolder(
    {
      ...files,
      "d.ts":
        'import { density } from "manychain";\nexport const d = density({ dimension: 2, logDensity: (z) => z.square().sum().mul(-0.5) });\n',
      "n.ts": model.replace("model({ ", 'model({ name: "model", '),
    },
    async (cwd) => {
      const checked = async (file: string): Promise<string> =>
        (await manychain(["config", "check", "c.yaml", "--set", `model=${file}`], { cwd })).stdout;
      expect(await checked("./m.ts")).toContain("model m (1 dimension)");
      expect(await checked("./d.ts#d")).toContain("model d (2 dimensions)");
      expect(await checked("./n.ts")).toContain("model model (1 dimension)");
    },
  );
});

test("diagnose says what it takes", async () => {
  await inFolder({ "x.csv": "a\n1\n" }, async (cwd) => {
    await mkdir(join(cwd, "A"));
    await mkdir(join(cwd, "B"));
    for (const others of [
      ["A", "B"],
      ["A", "x.csv"],
    ]) {
      const { code, stderr } = await manychain(["diagnose", ...others], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain("diagnose takes the draws of one run: one folder, or one or more files (its chains).");
      expect(stderr).toContain(`Found ${others.join(", ")}.`);
    }
  });
});

test("doctor says things once", async () => {
  const { stdout } = await manychain(["doctor"]);
  const sentences = stdout
    .split(/(?<=[.:;])\s+|\n/)
    .map((part) => part.trim())
    .filter((part) => part.length > 40);
  expect(sentences.length).toBeGreaterThan(0);
  expect(sentences.filter((part, i) => sentences.indexOf(part) !== i)).toEqual([]);
});
