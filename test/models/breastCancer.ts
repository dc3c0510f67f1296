import { readFileSync } from "node:fs";
import type { ModelData } from "../../src/model/plainData.ts";

const folder = new URL("../reference/breast_cancer/", import.meta.url);

/** `reference/breast_cancer/golden.json`. */
export const golden: {
  readonly values: {
    readonly X_float64: {
      readonly lp_z0: number;
      readonly grad_norm_z0: number;
      readonly grad_z0: readonly number[];
      readonly joint_log_prob_seed_beta: number;
      readonly test_point_z: readonly number[];
      readonly lp_test_point: number;
      readonly grad_test_point: readonly number[];
    };
  };
  readonly seed_printed: { readonly beta: readonly number[] };
} = JSON.parse(readFileSync(new URL("golden.json", folder), "utf8"));

/** The columns of a CSV file, by name. */
export function columns(text: string): Record<string, number[]> {
  const [header, ...rows] = text.trim().split(/\r?\n/);
  const cells = rows.map((row) => row.split(",").map(Number));
  return Object.fromEntries(header!.split(",").map((name, i) => [name, cells.map((row) => row[i]!)]));
}

/** (x − mean) / population standard deviation. */
export function standardised(column: readonly number[]): number[] {
  const mean = column.reduce((a, b) => a + b, 0) / column.length;
  const centred = column.map((x) => x - mean);
  const sd = Math.sqrt(centred.reduce((a, b) => a + b * b, 0) / column.length);
  return centred.map((x) => x / sd);
}

/** Columns side by side as a row-major matrix. */
export function matrix(parts: readonly (readonly number[])[]): ModelData {
  const rows = parts[0]!.length;
  return {
    data: Float64Array.from(
      { length: rows * parts.length },
      (_, i) => parts[i % parts.length]![Math.floor(i / parts.length)]!,
    ),
    shape: [rows, parts.length],
  };
}

/** The main job's data: 569 × 30 standardised features, and the class. */
export function breastCancer(): {
  readonly data: { readonly x: ModelData; readonly y: ModelData };
  readonly names: readonly string[];
} {
  const { target, ...features } = columns(readFileSync(new URL("breast_cancer.csv", folder), "utf8"));
  return {
    data: {
      x: matrix(Object.values(features).map(standardised)),
      y: { data: target!, shape: [target!.length] },
    },
    names: Object.keys(features),
  };
}
