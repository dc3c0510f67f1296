/**
 * CmdStan's CSV files, one for each chain: comments, a header, one line a draw; the sampler's columns end in `__`, and
 * elements are named `beta.1.2`, counted from 1, the first index fastest, as CmdStan writes them.
 * Source: CmdStan User's Guide, "Stan CSV File Format".
 */
import type { Numbers, VariableSpec } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import { writeAtomic } from "../files.ts";
import { elements } from "../layout.ts";
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

/** A name that Stan allows: letters, digits and underscores. */
function stanName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)|__$/g, "v");
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

async function statisticColumns(source: ExportSource): Promise<Column[]> {
  const known = new Set(source.reader.variables("sample_stats").map(({ name }) => name));
  const columns: Column[] = [];
  for (const [name, header] of Object.entries(CMDSTAN_STATISTICS)) {
    if (!known.has(name)) continue;
    columns.push({ header, values: await rawDraws(source, name, "sample_stats"), width: 1, element: 0 });
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

function stanNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

function comments(source: ExportSource, chain: number, file: string): string {
  const { run, layout } = source.reader;
  const plain = (text: unknown): string => String(text).replaceAll(/[\r\n]/g, " ");
  const { config, versions, seed } = run.manifest;
  const thin = layout.keep?.kind === "thinned" ? layout.keep.every : 1;
  const sampler = JSON.stringify(config["sampler"] ?? "unknown");
  const lines = [
    "stan_version_major = 2",
    "stan_version_minor = 36",
    "stan_version_patch = 0",
    `model = ${stanName(run.configName)}`,
    `written by manychain ${plain(versions["package"])}; sampler ${plain(sampler)}`,
    "method = sample (Default)",
    "  sample",
    `    num_samples = ${source.draws.length * thin}`,
    `    num_warmup = ${plain(config["warmup"] ?? layout.warmup)}`,
    "    save_warmup = 0 (Default)",
    `    thin = ${thin}`,
    "    algorithm = hmc (Default)",
    "      hmc",
    ...engineLines(config["sampler"]),
    `id = ${chain + 1}`,
    "random",
    `  seed = ${plain(seed)}`,
    "output",
    `  file = ${plain(file)}`,
  ];
  return lines.map((line) => `# ${line}\n`).join("");
}

/** How CmdStan tells of the engine of HMC: trees of at most some depth, or a number of steps that is given. */
function engineLines(sampler: unknown): readonly string[] {
  const { name, max_depth: depth } = (sampler ?? {}) as { readonly name?: unknown; readonly max_depth?: unknown };
  if (name !== "nuts") return ["        engine = static"];
  return [
    "        engine = nuts",
    "          nuts",
    ...(depth === undefined ? [] : [`            max_depth = ${Number(depth)}`]),
  ];
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
  const step = columns.find((column) => column.header === "stepsize__");
  for (const [row, chain] of source.chains.entries()) {
    const first = row * source.draws.length;
    const adapted = step === undefined ? "" : `# Step size = ${stanNumber(step.values[first] ?? Number.NaN)}\n`;
    const lines = source.draws.map((_, draw) => {
      const cell = ({ values, width, element }: Column): string =>
        stanNumber(values[(first + draw) * width + element] ?? Number.NaN);
      return `${columns.map(cell).join(",")}\n`;
    });
    const path = name(chain);
    await writeAtomic(
      path,
      `${comments(source, chain, path)}${header}# Adaptation terminated\n${adapted}${lines.join("")}`,
    );
  }
}
