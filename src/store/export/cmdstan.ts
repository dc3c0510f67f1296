/**
 * CmdStan's CSV files, one for each chain: comments, a header, one line a draw; the sampler's columns end in `__`, and
 * elements are named `beta.1.2`, counted from 1, the first index fastest, as CmdStan writes them.
 * Source: CmdStan User's Guide, "Stan CSV File Format".
 */
import type { Numbers, VariableSpec } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import { writeAtomic } from "../files.ts";
import { elements } from "../layout.ts";
import { readAdapted } from "./adapted.ts";
import { adaptationText, configText, stanName, stanNumber, timingText } from "./cmdstanText.ts";
import { sealCsv } from "./csv-digest.ts";
import { type ExportSource, rawDraws } from "./source.ts";

/** CmdStan's name for each statistic under ArviZ's name, in CmdStan's order. */
export const CMDSTAN_STATISTICS: Readonly<Record<string, string>> = {
  lp: "lp__",
  acceptance_rate: "accept_stat__",
  step_size: "stepsize__",
  tree_depth: "treedepth__",
  n_steps: "n_leapfrog__",
  diverging: "divergent__",
  energy: "energy__",
};

/** One column: where its numbers lie in `[chain, draw, ...]` of an array. */
interface Column {
  readonly header: string;
  readonly values: Numbers;
  readonly width: number;
  readonly element: number;
}

/** Row-major indices of the elements of an array, in column-major order. */
function columnMajor(shape: readonly number[]): { readonly label: string; readonly element: number }[] {
  const count = elements({ shape });
  return Array.from({ length: count }, (_, position) => {
    let rest = position;
    const indices = shape.map((length) => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    });
    const element = indices.reduce((at, index, axis) => at * (shape[axis] ?? 1) + index, 0);
    return { label: indices.map((index) => `.${index + 1}`).join(""), element };
  });
}

/**
 * All of Stan's columns, whatever the sampler: with fewer, CmdStanPy takes a file for one of fixed parameters and tells no
 * divergences. What a sampler has not is 0.
 */
async function statisticColumns(source: ExportSource): Promise<Column[]> {
  const known = new Set(source.reader.variables("sample_stats").map(({ name }) => name));
  const nothing = new Uint8Array(source.chains.length * source.draws.length);
  const columns: Column[] = [];
  for (const [name, header] of Object.entries(CMDSTAN_STATISTICS)) {
    const values = known.has(name) ? await rawDraws(source, name, "sample_stats") : nothing;
    columns.push({ header, values, width: 1, element: 0 });
  }
  return columns;
}

async function variableColumns(source: ExportSource, variable: VariableSpec): Promise<Column[]> {
  const values = await rawDraws(source, variable.name, "posterior");
  const width = elements(variable);
  const name = stanName(variable.name);
  return columnMajor(variable.shape).map(({ label, element }) => ({
    header: `${name}${label}`,
    values,
    width,
    element,
  }));
}

function checkHeaders(columns: readonly Column[]): void {
  const seen = new Set<string>();
  for (const { header } of columns) {
    if (seen.has(header)) {
      throw new StoreError(
        `two quantities would both be the column "${header}" of a CmdStan file, whose names have letters, digits and _ only. Rename one, or export another format.`,
      );
    }
    seen.add(header);
  }
}

/** Writes `stem_1.csv`, `stem_2.csv` …; `name` gives the path of a chain's file. */
export async function writeCmdstan(source: ExportSource, name: (chain: number) => string): Promise<void> {
  const columns = await statisticColumns(source);
  for (const variable of source.reader.variables()) columns.push(...(await variableColumns(source, variable)));
  checkHeaders(columns);
  const header = `${columns.map((column) => column.header).join(",")}\n`;
  const adapted = await readAdapted(source.reader);
  const { batches } = source.reader.layout;
  for (const [row, chain] of source.chains.entries()) {
    const of = batches.findIndex(({ firstChain, chains }) => chain >= firstChain && chain < firstChain + chains);
    const tuning = adapted.get(of) ?? {};
    const path = name(chain);
    const parts = [
      configText(source, chain, path, tuning),
      header,
      adaptationText(stepSizeOf(columns, row * source.draws.length), tuning),
      ...rowsOf(columns, row * source.draws.length, source.draws.length),
      timingText(tuning),
    ];
    await writeAtomic(path, sealCsv(parts.join("")));
  }
}

function stepSizeOf(columns: readonly Column[], first: number): number {
  return columns.find(({ header }) => header === "stepsize__")?.values[first] ?? Number.NaN;
}

/** The lines of a chain's draws. */
function rowsOf(columns: readonly Column[], first: number, draws: number): string[] {
  return Array.from({ length: draws }, (_, draw) => {
    const cell = ({ values, width, element }: Column): string =>
      stanNumber(values[(first + draw) * width + element] ?? Number.NaN);
    return `${columns.map(cell).join(",")}\n`;
  });
}
