import { expect, test } from "vitest";
import { canonicalJson, configHash } from "../../src/config/hash.ts";
import { resolveConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";

const base: Config = { model: "m", data: { x: { csv: "a/x.csv" }, y: [1, 2] }, coordinates: { school: ["a", "b"] } };
const hashOf = (change: Partial<Config> = {}, hashes: Record<string, string> = {}): string => {
  return configHash(resolveConfig({ ...base, ...change }).config, hashes);
};

test("what never changes a draw does not change the hash", () => {
  const same: Partial<Config>[] = [
    { name: "other" },
    { workers: 3 },
    { block: 7 },
    { wide: false },
    { gates: false },
    { output: "elsewhere" },
    { warmup_draws: true },
    { unconstrained: true },
    { coordinates: { school: ["c", "d"] } },
    { sampler: "chees" },
    { seed: "0" },
  ];
  for (const change of same) expect(hashOf(change)).toBe(hashOf());
  expect(hashOf()).toMatch(/^[0-9a-f]{64}$/);
});

test("what determines the draws changes the hash", () => {
  const other: Partial<Config>[] = [
    { model: "n" },
    { options: { a: 1 } },
    { data: { x: { csv: "a/x.csv" }, y: [1, 3] } },
    { data: { x: { csv: "a/x.csv", standardize: true }, y: [1, 2] } },
    { coordinates: { school: ["a", "b", "c"] } },
    { chains: 65 },
    { batches: 2 },
    { warmup: 501 },
    { draws: 1001 },
    { seed: 1 },
    { sampler: "hmc" },
    { init: { value: 0 } },
    { superchains: 8 },
    { engine: "reference" },
    { precision: "float64" },
  ];
  const hashes = [hashOf(), ...other.map((change) => hashOf(change))];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("a data file counts by content, not by path", () => {
  const moved = { data: { x: { csv: "b/x.csv" }, y: [1, 2] } };
  expect(hashOf(moved, { "b/x.csv": "11" })).toBe(hashOf({}, { "a/x.csv": "11" }));
  expect(hashOf({}, { "a/x.csv": "12" })).not.toBe(hashOf({}, { "a/x.csv": "11" }));
});

test("canonical JSON sorts keys and refuses what JSON cannot hold", () => {
  expect(canonicalJson({ b: [1, null, "é"], a: { d: undefined, c: false } })).toBe(
    '{"a":{"c":false},"b":[1,null,"é"]}',
  );
  expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }));
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, undefined]) {
    expect(() => canonicalJson([value])).toThrow(TypeError);
  }
});
