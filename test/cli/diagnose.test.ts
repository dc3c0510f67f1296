import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ebfmi, essBulk, mean } from "../../src/diagnostics/index.ts";
import { inFolder, manychain } from "./process.ts";

/** A chain that moves, the same in every run of the test. */
function value(chain: number, draw: number): number {
  return Math.sin(1 + 12.9898 * (chain + 1) + 78.233 * draw) * 3;
}

function csv(header: string, rows: readonly (readonly (number | string)[])[], comments = ""): string {
  return `${comments}${header}\n${rows.map((row) => row.join(",")).join("\n")}\n`;
}

test("CmdStan's files, one a chain: names, sampler's columns and comments", async () => {
  const file = (chain: number): string =>
    csv(
      "lp__,divergent__,energy__,mu,theta.1,theta.2,cov.1.2",
      Array.from({ length: 20 }, (_, t) => [-t, t === 3 ? 1 : 0, t, value(chain, t), t, chain, 1.5e-3]),
      "# model = x\n# Adaptation terminated\n",
    );
  await inFolder({ "a.csv": file(0), "b.csv": `${file(1)}# Elapsed Time\n` }, async (folder) => {
    const run = await manychain(["diagnose", "a.csv", "b.csv", "--json"], { cwd: folder });
    const { quantities, run: facts } = JSON.parse(run.stdout);
    expect(quantities.map(({ name }: { name: string }) => name)).toEqual(["mu", "theta[1]", "theta[2]", "cov[1, 2]"]);
    const mu = [0, 1].map((chain) => Float64Array.from({ length: 20 }, (_, t) => value(chain, t)));
    expect(quantities[0].mean).toBe(mean(mu));
    expect(facts).toMatchObject({ chains: 2, draws: 20, divergences: 2 });
    const pattern = await manychain(["diagnose", "*.csv", "--json"], { cwd: folder });
    expect(pattern.stdout).toBe(run.stdout);
  });
});

test("one file with chain and draw, in any order", async () => {
  const rows = [0, 1, 2].flatMap((chain) => Array.from({ length: 30 }, (_, t) => [chain + 1, t, value(chain, t)]));
  const shuffled = rows.toSorted((a, b) => Math.sin(a[2]! * 99) - Math.sin(b[2]! * 99));
  await inFolder({ "d.csv": csv("chain,draw,beta[a.1]", shuffled) }, async (cwd) => {
    const expected = [0, 1, 2].map((chain) => Float64Array.from({ length: 30 }, (_, t) => value(chain, t)));
    const run = await manychain(["diagnose", "d.csv", "--json"], { cwd });
    const row = JSON.parse(run.stdout).quantities[0];
    expect(row).toMatchObject({ name: "beta[a.1]", ess_bulk: essBulk(expected) });
    expect(run.code).toBe(3); // 90 draws are not enough for the default limits
    expect((await manychain(["diagnose", "d.csv"], { cwd })).stdout).toContain("NOT converged");
  });
});

test("chains that do not fit together, and cells that are no numbers", async () => {
  const files = { "a.csv": "x,y\n1,2\n3,4\n", "b.csv": "x,y\n1,2\n", "c.csv": "x\n1\n", "d.csv": "x\nmany\n" };
  await inFolder(files, async (cwd) => {
    const text = async (...names: string[]): Promise<string> =>
      (await manychain(["diagnose", ...names], { cwd })).stderr;
    expect(await text("a.csv", "b.csv")).toBe(
      "chain 1 has 1 draws, chain 0 has 2: all chains must have the same number.\n",
    );
    expect(await text("a.csv", "c.csv")).toBe("c.csv has other columns than a.csv: all chains must have the same.\n");
    expect(await text("d.csv")).toMatch(/^d\.csv: .*"x".*"many"/);
    expect(await text("e.csv")).toBe("cannot read e.csv: there is no such file\n");
  });
});

test("energies give E-BFMI, what is taken otherwise than it stands is told, and standard output has the summary alone", async () => {
  const energy = (chain: number, t: number): number => 10 * chain + t / 3 + 0.1 * value(chain, t);
  const rows = [0, 1].flatMap((chain) =>
    Array.from({ length: 40 }, (_, t) => [
      t,
      chain + 1,
      t,
      value(chain, t),
      energy(chain, t),
      t === 3 ? "TRUE" : "FALSE",
    ]),
  );
  await inFolder({ "d.csv": csv('"",Chain,Iteration,mu,energy,diverging', rows) }, async (cwd) => {
    const run = await manychain(["diagnose", "d.csv", "--json"], { cwd });
    const { run: facts, quantities } = JSON.parse(run.stdout);
    const expected = [0, 1].map((chain) => ebfmi(Array.from({ length: 40 }, (_, t) => energy(chain, t))));
    expect(quantities).toHaveLength(1);
    expect(facts).toMatchObject({ divergences: 2, ebfmi_min: Math.min(...expected), ebfmi_low_chains: 2 });
    expect(run.stderr).toContain("note: the column without a name of d.csv is left out: it numbers the rows.");
    const shown = await manychain(["diagnose", "d.csv"], { cwd });
    expect(shown.stderr).toContain("note: E-BFMI is below 0.3 in 2 of 2 chains");
    expect(shown.stdout).toContain("2 divergences");
  });
});

test("an export that is damaged ends with exit code 2; a run and its draws.zarr are one", async () => {
  const config =
    "model: eight-schools\ndata: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] }\n";
  const small = "chains: 4\nwarmup: 20\ndraws: 20\ngates: false\nname: small\n";
  await inFolder({ "c.yaml": config + small }, async (cwd) => {
    expect((await manychain(["run", "c.yaml", "--quiet"], { cwd })).code).toBe(0);
    const [id = ""] = await readdir(join(cwd, "results/small"));
    const run = `results/small/${id}`;
    const json = async (path: string): Promise<unknown> =>
      JSON.parse((await manychain(["diagnose", path, "--json"], { cwd })).stdout);
    expect(await json(`${run}/draws.zarr`)).toEqual(await json(run));
    await manychain(["export", run, "--out", "d.parquet"], { cwd });
    const bytes = await readFile(join(cwd, "d.parquet"));
    bytes[200]! ^= 1;
    await writeFile(join(cwd, "d.parquet"), bytes);
    const damaged = await manychain(["diagnose", "d.parquet"], { cwd });
    expect(damaged).toMatchObject({ code: 2, stdout: "" });
    expect(damaged.stderr).toMatch(/^(?:cannot read )?d\.parquet/);
    const two = await manychain(["diagnose", run, "d.parquet"], { cwd });
    expect(two.stderr).toMatch(/^diagnose takes the draws of one run: one folder, or one or more files/);
  });
});
