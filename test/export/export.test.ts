/** Exports are read back by software of others, and by ours. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ExportFormat, exportResults, type ResultsReader, readDraws } from "../../src/store/index.ts";
import { layout, withFolder } from "../store/example.ts";
import { python, pythonRequired, runPython } from "../store/python.ts";
import { exampleRun } from "./example.ts";

async function quantities(reader: ResultsReader): Promise<Map<string, number[][]>> {
  const all = new Map<string, number[][]>();
  for (const variable of reader.variables()) {
    for (const { name, draws } of await reader.draws(variable.name)) {
      all.set(
        name,
        draws.map((chain) => [...chain]),
      );
    }
  }
  return all;
}

interface Seen {
  readonly quantities: Record<string, number[][]>;
  readonly types: Record<string, string>;
  readonly draws: number[];
  readonly groups: Record<string, Record<string, { dims: string[]; dtype: string; values: number[] }>>;
  readonly coordinates: Record<string, (string | number)[]>;
  readonly attributes: Record<string, string>;
  readonly netCDF4: Record<string, string[]>;
}

async function seen(kind: ExportFormat, files: readonly string[]): Promise<Seen> {
  return (await runPython("open_export.py", kind, ...files)) as Seen;
}

describe.skipIf(python === undefined && !pythonRequired)("others read", () => {
  test.each(["parquet", "arrow"] as const)("%s: one column a quantity, in its type", async (format) => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root, { kind: "thinned", every: 3 });
      const files = await exportResults(reader, format, join(root, "new/folder/d.x"));
      const found = await seen(format, files);
      expect(found.quantities).toEqual(Object.fromEntries(await quantities(reader)));
      expect(found.draws).toEqual([0, 3, 6, 9, 12, 15, 18]);
      expect(found.types).toMatchObject({
        chain: "int32",
        draw: "int32",
        tau: "float64",
        "coefficient[größe 😀]": "float32",
      });
    });
  });

  test("NetCDF: groups, dimensions, coordinates and types of InferenceData", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      const files = await exportResults(reader, "netcdf", join(root, "d.nc"));
      const { groups, coordinates, attributes, netCDF4 } = await seen("netcdf", files);
      expect(Object.keys(groups).sort()).toEqual([
        "constant_data",
        "observed_data",
        "posterior",
        "sample_stats",
        "unconstrained_posterior",
      ]);
      for (const group of ["posterior", "sample_stats", "unconstrained_posterior"] as const) {
        for (const variable of reader.variables(group)) {
          const found = groups[group]?.[variable.name];
          expect(found?.values).toEqual([...(await reader.raw(variable.name, { group }))]);
          expect(found?.dims).toEqual(["chain", "draw", ...variable.dims]);
          expect(found?.dtype).toBe(variable.dtype);
        }
      }
      expect(groups["observed_data"]?.["y"]).toMatchObject({
        dims: ["observation"],
        dtype: "bool",
        values: [1, 0, 0, 1],
      });
      expect(groups["constant_data"]?.["n"]).toMatchObject({ dims: [], dtype: "uint32", values: [4_000_000_000] });
      expect(coordinates).toEqual({
        chain: [0, 1, 2, 3, 4],
        draw: Array.from({ length: 20 }, (_, draw) => draw),
        ...layout.coordinates,
      });
      expect(attributes["inference_library"]).toBe("manychain");
      expect(netCDF4["pair"]).toEqual(["chain", "draw", "feature", "side"]);
    });
  });

  test("CmdStan's CSV: one file a chain, matrices column by column, statistics under their names", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      const files = await exportResults(reader, "cmdstan", join(root, "d.csv"));
      expect(files.map((file) => file.slice(root.length + 1))).toEqual([1, 2, 3, 4, 5].map((id) => `d_${id}.csv`));
      const text = await readFile(files[0]!, "utf8");
      const header = text.split("\n").find((line) => !line.startsWith("#"));
      expect(header).toBe(
        "lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,tau,coefficient.1,coefficient.2,coefficient.3," +
          "pair.1.1,pair.2.1,pair.3.1,pair.1.2,pair.2.2,pair.3.2",
      );
      const { groups } = await seen("cmdstan", files);
      for (const variable of reader.variables()) {
        expect(groups["posterior"]?.[variable.name]?.values).toEqual([...(await reader.raw(variable.name))]);
      }
      const statistics = groups["sample_stats"];
      for (const name of ["lp", "n_steps", "diverging", "energy", "step_size", "acceptance_rate"]) {
        const raw = await reader.raw(name, { group: "sample_stats" });
        expect(statistics?.[name]?.values, name).toEqual([...raw]);
      }
    });
  });
});

describe("an export", () => {
  test("does not overwrite a file, and leaves nothing half-written", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      for (const [format, name] of [
        ["netcdf", "d.nc"],
        ["parquet", "d.parquet"],
        ["arrow", "d.arrow"],
        ["cmdstan", "d_3.csv"],
      ] as const) {
        const path = join(root, "out", name);
        const target = format === "cmdstan" ? join(root, "out/d.csv") : path;
        await exportResults(reader, "cmdstan", join(root, "out/other.csv"), { force: true });
        await writeFile(path, "mine");
        await expect(exportResults(reader, format, target)).rejects.toThrow(/exists and is not overwritten/);
        expect(await readFile(path, "utf8")).toBe("mine");
        await exportResults(reader, format, target, { force: true });
        expect((await readFile(path, "utf8")).length).toBeGreaterThan(100);
      }
      expect((await readdir(join(root, "out"))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    });
  });

  test("of a run without draws, or one that keeps moments, is refused", async () => {
    await withFolder(async (root) => {
      const empty = await exampleRun(join(root, "a"), undefined, 0);
      await expect(exportResults(empty, "parquet", join(root, "d.parquet"))).rejects.toThrow(/no draws yet/);
      const moments = await exampleRun(join(root, "b"), { kind: "moments" });
      await expect(exportResults(moments, "netcdf", join(root, "d.nc"))).rejects.toThrow(/keeps moments and no draws/);
    });
  });

  test("to a folder that cannot be made is an error in words", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      await writeFile(join(root, "file"), "");
      for (const format of ["netcdf", "parquet", "arrow", "cmdstan"] as const) {
        await expect(exportResults(reader, format, join(root, "file/d.nc"))).rejects.toThrow(/cannot make the folder/);
      }
    });
  });
});

describe("the digest that an export carries", () => {
  test("holds where another program writes the file anew, and is not asked of what it made of it", async () => {
    await withFolder(async (root) => {
      if (python === undefined && !pythonRequired) return;
      const reader = await exampleRun(root);
      for (const [format, name] of [
        ["netcdf", "d.nc"],
        ["parquet", "d.parquet"],
        ["arrow", "d.arrow"],
      ] as const) {
        const [file = ""] = await exportResults(reader, format, join(root, name));
        const whole = await readDraws(file);
        expect(whole.notes, format).toBeUndefined();
        await runPython("rewrite_export.py", format, file);
        const same = await readDraws(`${file}.same`);
        expect(same.quantities, format).toEqual(whole.quantities);
        const half = await readDraws(`${file}.half`);
        expect(half.quantities.map(({ draws }) => draws[0]?.length)).toEqual(whole.quantities.map(() => 10));
      }
    });
  }, 60_000);

  test("a bit that flips in a number is told, in every format", async () => {
    await withFolder(async (root) => {
      const reader = await exampleRun(root);
      const tau = (await reader.draws("tau"))[0]!.draws[0]![3]!;
      for (const [format, name] of [
        ["netcdf", "d.nc"],
        ["parquet", "d.parquet"],
        ["arrow", "d.arrow"],
        ["cmdstan", "d.csv"],
      ] as const) {
        const [file = ""] = await exportResults(reader, format, join(root, name));
        const bytes = await readFile(file);
        const number = Buffer.alloc(8);
        number.writeDoubleLE(tau);
        const at = bytes.indexOf(format === "cmdstan" ? String(tau) : number);
        expect(at).toBeGreaterThan(0);
        bytes[at + 2]! ^= 1;
        await writeFile(file, bytes);
        await expect(readDraws(file), format).rejects.toThrow(/its draws are not those that its digest was made of/);
      }
    });
  });

  test("a CSV file whose line ends were changed is still whole", async () => {
    await withFolder(async (root) => {
      const [file = ""] = await exportResults(await exampleRun(root), "cmdstan", join(root, "d.csv"));
      const whole = await readDraws(file);
      await writeFile(file, (await readFile(file, "utf8")).replaceAll("\n", "\r\n"));
      expect((await readDraws(file)).quantities).toEqual(whole.quantities);
    });
  });
});
