/** Log densities and slopes against the table of exact ones, in units of what one rounding may cost. */
import { readFileSync } from "node:fs";
import type { Precision } from "../../src/draws.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { gradient } from "../../src/graph/autodiff.ts";
import { constant, input, type Node, type Operand } from "../../src/graph/node.ts";
import { program } from "../../src/graph/program.ts";

/** Arguments (the value first), log density, its unit, slopes, their units: see densities.py. */
export type DensityRow = readonly [readonly number[], number, number, readonly number[], readonly number[]];

export interface DensityTable {
  /** Which arguments the slopes belong to. */
  readonly slopes: readonly number[];
  readonly rows: readonly DensityRow[];
}

export const densities = JSON.parse(
  readFileSync(new URL("../reference/special_functions/densities.json", import.meta.url), "utf8"),
) as Readonly<Record<string, DensityTable>>;

/** What is a node that differs by chain (of parameters, those with slopes); the rest is known before anything runs. */
export type Unknown = "everything" | "parameters" | "scalar parameters" | "value";

/** Log density and slopes, elementwise, of arguments that are nodes or numbers. */
export type Density = (value: Node, parameters: readonly Operand[]) => Node;

/** The numbers that an engine makes of rows: per row the log density, then the slopes that it can know. */
export async function computeRows(
  density: Density,
  { rows, slopes }: DensityTable,
  unknown: Unknown,
  engine: Engine,
  precision: Precision,
): Promise<readonly (readonly (number | undefined)[])[]> {
  const all = rows[0]![0].map((_, i) => i);
  if (unknown === "value" || unknown === "scalar parameters") {
    const wanted = unknown === "value" ? [0] : slopes.filter((i) => i > 0);
    const each = [];
    for (const row of rows) each.push(...(await computeTogether(density, [row], slopes, wanted, engine, precision)));
    return each;
  }
  const wanted = unknown === "everything" ? all : slopes.filter((i) => i > 0);
  return computeTogether(density, rows, slopes, wanted, engine, precision);
}

async function computeTogether(
  density: Density,
  rows: readonly DensityRow[],
  slopes: readonly number[],
  wanted: readonly number[],
  engine: Engine,
  precision: Precision,
): Promise<readonly (readonly (number | undefined)[])[]> {
  const columns = rows[0]![0].map((_, i) => rows.map(([args]) => args[i]!));
  const shape = [rows.length];
  const nodes = columns.map((column, i) =>
    wanted.includes(i) ? input(`a${i}`, { dtype: "float", shape }) : constant(column, shape),
  );
  // A parameter that is known is a number, as models write it.
  const parameters = nodes
    .slice(1)
    .map((node, i) => (wanted.length > 1 || wanted[0] !== 0 ? node : rows[0]![0][i + 1]!));
  const lp = density(nodes[0]!, parameters);
  const inputs = wanted.map((i) => nodes[i]!);
  const parts = gradient(lp.sum(), inputs);
  const outputs = { lp, ...Object.fromEntries(wanted.map((i, k) => [`d${i}`, parts[k]!])) };
  const kernel = await engine.compile(program("rows", outputs, inputs), { precision, chains: 1 });
  for (const i of wanted) kernel.write(`a${i}`, columns[i]!);
  await kernel.run(1);
  const found: Record<string, ArrayLike<number>> = {};
  for (const name of Object.keys(outputs)) found[name] = (await kernel.read(name)) as ArrayLike<number>;
  return rows.map((_, r) => [found["lp"]![r]!, ...slopes.map((i) => found[`d${i}`]?.[r])]);
}

/** The largest error, in units, and where. */
export function worst(
  { rows, slopes }: DensityTable,
  found: readonly (readonly (number | undefined)[])[],
  precision: Precision,
): { readonly error: number; readonly at: string } {
  const epsilon = precision === "float32" ? 2 ** -23 : 2 ** -52;
  let [error, at] = [0, ""];
  rows.forEach(([args, lp, unit, slope, units], r) => {
    const expected = [lp, ...slope];
    [unit, ...units].forEach((each, i) => {
      const actual = found[r]![i];
      if (actual === undefined) return;
      const off = actual === expected[i] ? 0 : Math.abs(actual - expected[i]!) / (each * epsilon);
      if (off <= error) return;
      const what = i === 0 ? "log density" : `slope in argument ${slopes[i - 1]}`;
      [error, at] = [off, `${what} at ${args}: ${actual}, exact ${expected[i]}`];
      if (Number.isNaN(off)) error = Number.POSITIVE_INFINITY;
    });
  });
  return { error, at };
}
