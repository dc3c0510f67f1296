/** What exports read of a results folder: the batches that have draws, each as far as the shortest of them. */
import type { Numbers, StoredType, VariableSpec } from "../../draws.ts";
import { StoreError } from "../../errors.ts";
import type { DrawGroup } from "../array-reader.ts";
import { elements, keptDraws } from "../layout.ts";
import { quantityNames } from "../names.ts";
import type { ResultsReader } from "../reader.ts";
import { allocate } from "../zarr.ts";
import { contentDigest } from "./content-digest.ts";

export interface ExportSource {
  readonly reader: ResultsReader;
  readonly batches: readonly number[];
  /** Indices of the chains in the run. */
  readonly chains: readonly number[];
  /** Iterations of the draws: 0, 1, 2 …, or 0, k, 2k … where the run is thinned. */
  readonly draws: readonly number[];
}

/** A scalar quantity or statistic: `[chain, draw]`. */
export interface ExportColumn {
  readonly name: string;
  readonly dtype: StoredType;
  readonly values: Numbers;
}

/** @throws StoreError where there is no draw, or the run keeps none */
export function exportSource(reader: ResultsReader): ExportSource {
  const { layout, perBatch, directory } = reader;
  const batches = perBatch.sampling.flatMap((draws, batch) => (draws > 0 ? [batch] : []));
  if (batches.length === 0) throw new StoreError(`${directory} has no draws yet: there is nothing to export.`);
  if (layout.keep?.kind === "moments") {
    throw new StoreError(`${directory} keeps moments and no draws (\`keep: moments\`): there is nothing to export.`);
  }
  const covered = Math.min(...batches.map((batch) => perBatch.sampling[batch] ?? 0));
  const step = layout.keep?.every ?? 1;
  const chains = batches.flatMap((batch) => {
    const { firstChain = 0, chains: count = 0 } = layout.batches[batch] ?? {};
    return Array.from({ length: count }, (_, chain) => firstChain + chain);
  });
  const draws = Array.from({ length: keptDraws(layout, covered) }, (_, index) => index * step);
  return { reader, batches, chains, draws };
}

/** The draws of a variable as stored, `[chain, draw, ...shape]`. */
export async function rawDraws({ reader, batches }: ExportSource, name: string, group: DrawGroup): Promise<Numbers> {
  return await reader.raw(name, { group, batches });
}

/** The scalar quantities of a variable, each by itself. */
export async function columnsOf(
  source: ExportSource,
  variable: VariableSpec,
  group: DrawGroup = "posterior",
): Promise<ExportColumn[]> {
  const raw = await rawDraws(source, variable.name, group);
  const names = quantityNames(variable, source.reader.layout.coordinates);
  const width = elements(variable);
  const rows = source.chains.length * source.draws.length;
  return names.map((name, element) => {
    const values = width === 1 ? raw : allocate(variable.dtype, rows);
    for (let row = 0; width > 1 && row < rows; row++) values[row] = raw[row * width + element]!;
    return { name, dtype: variable.dtype, values };
  });
}

/** Columns `chain` and `draw`, and one for each quantity. @throws StoreError where a quantity has one of those names */
export async function tableColumns(source: ExportSource): Promise<ExportColumn[]> {
  const rows = source.chains.length * source.draws.length;
  const per = source.draws.length;
  const chain = Int32Array.from({ length: rows }, (_, row) => source.chains[Math.floor(row / per)]!);
  const draw = Int32Array.from({ length: rows }, (_, row) => source.draws[row % per]!);
  const columns: ExportColumn[] = [
    { name: "chain", dtype: "int32", values: chain },
    { name: "draw", dtype: "int32", values: draw },
  ];
  for (const variable of source.reader.variables()) columns.push(...(await columnsOf(source, variable)));
  return columns;
}

/** The digest of an export's scalar columns, of variables in `[chain, draw]` as their values lie. */
export function digestOf({ chains, draws }: ExportSource, columns: readonly ExportColumn[]): string {
  const per = draws.length;
  const digested = columns.map(({ name, values }) => ({
    name,
    parts: chains.map((_, chain) => values.subarray(chain * per, (chain + 1) * per)),
  }));
  return contentDigest(digested, chains.length, per);
}
