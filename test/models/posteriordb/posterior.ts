import type { DensityModel } from "../../../src/model/density.ts";
import type { Model } from "../../../src/model/model.ts";
import type { ModelData } from "../../../src/model/plainData.ts";

/** A `data.json` of posteriordb. */
export type Json = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** A posterior of posteriordb, written with this package. */
export interface Posterior {
  readonly name: string;
  readonly model: Model | DensityModel;
  data(json: Json): Readonly<Record<string, ModelData>>;
  /** Where coordinate i of our z lies in theirs; the same place otherwise. */
  readonly order?: readonly number[];
  /** What our log density has more than `lp_full`: the factors of truncated priors that posteriordb leaves out. */
  readonly constant: number;
  /** Error of a slope, relative to the largest; 1e-10 otherwise. */
  readonly slopeError?: number;
}

export function scalar(value: Json[string] | undefined): ModelData {
  return { data: [value as number], shape: [] };
}

export function vector(value: Json[string] | undefined): ModelData {
  const data = value as readonly number[];
  return { data, shape: [data.length] };
}

/** Rows to a row-major matrix. */
export function rows(value: Json[string] | undefined): ModelData {
  const data = value as readonly (readonly number[])[];
  return { data: data.flat(), shape: [data.length, data[0]!.length] };
}

/** Columns to a row-major matrix. */
export function columnsOf(...columns: readonly (readonly number[])[]): ModelData {
  return rows(columns[0]!.map((_, i) => columns.map((column) => column[i]!)));
}
