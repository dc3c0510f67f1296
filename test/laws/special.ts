import { readFileSync } from "node:fs";

/** An exact log density and its partial derivatives, in the value and then each parameter. */
export interface ExactDensity {
  readonly args: readonly number[];
  readonly lp: number;
  readonly grad: readonly number[];
}

const { tables } = JSON.parse(
  readFileSync(new URL("../reference/special_functions/special.json", import.meta.url), "utf8"),
) as { readonly tables: Readonly<Record<string, { readonly rows: readonly ExactDensity[] }>> };

/** The rows of a table of densities. */
export function special(table: string): readonly ExactDensity[] {
  const found = tables[table];
  if (found === undefined) throw new Error(`special.json has no table ${table}.`);
  return found.rows;
}
