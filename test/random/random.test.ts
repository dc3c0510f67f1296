import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { erfinv, float32, float64 } from "../../src/elementary/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { bits, foldIn, type Key, key, normal, split, threefry2x32, uniform } from "../../src/random/index.ts";
import { units } from "../elementary/units.ts";

type Precision = "float32" | "float64";

/** One half of jax_random_golden.json: what JAX gave with x64 off, or on. */
interface Golden {
  readonly keys: readonly { seed: string; key: Key }[];
  readonly split: readonly { seed: number; num: number; keys: readonly Key[] }[];
  readonly split_shape: readonly { seed: number; shape: readonly number[]; keys: readonly (readonly Key[])[] }[];
  readonly fold_in: readonly { seed: number; data: number; key: Key }[];
  readonly bits: readonly { seed: number; fold_in: number; shape: number[]; dtype: string; hex: string[] }[];
  readonly uniform: readonly {
    seed: number;
    fold_in: number;
    shape: number[];
    dtype: Precision;
    minval: number;
    maxval: number;
    values: number[];
  }[];
  readonly normal: readonly {
    seed: number;
    fold_in: number;
    shape: number[];
    dtype: Precision;
    u: number[];
    values: number[];
  }[];
  readonly long_array: { seed: number; shape: number[]; dtype: string; index: number[]; hex: string[] };
  readonly threefry_2x32: { key: Key; counter_hi_lo: Key[]; out_hex: [string, string][] };
  readonly erf_inv: { dtype: Precision; u: number[]; exact_mpmath: number[] };
  readonly normal_range: { dtype: Precision; lower_bound_u: number; largest_u: number };
  readonly design_keys: readonly {
    seed: number;
    chain: number;
    chain_key: Key;
    initial_point_key: Key;
    initial_uniform_minus2_2: number[];
    dtype: Precision;
    transitions: readonly {
      iteration: number;
      key: Key;
      momentum_key: Key;
      acceptance_key: Key;
      momentum: number[];
      acceptance_uniform: number;
    }[];
  }[];
}

function reference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../reference/rng/${name}`, import.meta.url), "utf8"));
}

const golden = reference<{ x64_off_float32: Golden; x64_on_float64: Golden }>("jax_random_golden.json");
const word = (hex: string): number => Number.parseInt(hex, 16);

/** JAX's own erf⁻¹ is off by 6e-6 (float32) and 4e-13 (float64) relative. */
const NORMAL_TOLERANCE = { float32: 1e-5, float64: 1e-12 } as const;

function expectClose(found: ArrayLike<number>, expected: readonly number[], relative: number): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(relative * Math.abs(value));
  });
}

describe("threefry2x32", () => {
  interface Vector {
    name: string;
    rounds: number;
    ctr: [string, string];
    key: [string, string];
    expected: [string, string];
  }
  const vectors = reference<{ vectors: Vector[] }>("random123_kat.json").vectors.filter(
    (v) => v.name === "threefry2x32",
  );

  it("has Random123's known answers for 13, 20 and 32 rounds", () => {
    expect(vectors).toHaveLength(9);
    for (const { rounds, ctr, key: words, expected } of vectors) {
      const out = threefry2x32([word(words[0]), word(words[1])], [word(ctr[0]), word(ctr[1])], rounds);
      expect(out).toEqual(expected.map(word));
    }
  });
});

describe.each([
  { name: "x64 off", data: golden.x64_off_float32, x64: false },
  { name: "x64 on", data: golden.x64_on_float64, x64: true },
])("JAX 0.10.2, $name", ({ data, x64 }) => {
  const stream = (seed: number, fold: number): Key => foldIn(key(seed), fold);

  it("makes the same keys of seeds", () => {
    for (const row of data.keys) expect(key(BigInt(row.seed), { x64 }), row.seed).toEqual(row.key);
  });

  it("splits and folds in alike", () => {
    for (const row of data.split) expect(split(key(row.seed), row.num)).toEqual(row.keys);
    for (const row of data.split_shape) expect(split(key(row.seed), row.keys.flat().length)).toEqual(row.keys.flat());
    for (const row of data.fold_in) expect(foldIn(key(row.seed), row.data)).toEqual(row.key);
  });

  it("has the same cipher at counters with a high word", () => {
    const { key: words, counter_hi_lo, out_hex } = data.threefry_2x32;
    counter_hi_lo.forEach((counter, i) => {
      expect(threefry2x32(words, counter)).toEqual(out_hex[i]!.map(word));
    });
  });

  it("draws the same bits, bit for bit", () => {
    const hexOf = (values: Iterable<number | bigint>, width: number): string[] =>
      Array.from(values, (value) => value.toString(16).padStart(width / 4, "0"));
    for (const row of data.bits) {
      const width = Number(row.dtype.slice(4)) as 8 | 16 | 32 | 64;
      expect(hexOf(bits(stream(row.seed, row.fold_in), row.shape, width), width)).toEqual(row.hex);
    }
    const { seed, shape, dtype, index, hex } = data.long_array;
    const width = Number(dtype.slice(4)) as 32 | 64;
    const long = hexOf(bits(key(seed), shape, width), width);
    expect(index.map((i) => long[i])).toEqual(hex);
  });

  it("draws the same uniform numbers, bit for bit", () => {
    for (const row of data.uniform) {
      const options = { precision: row.dtype, low: row.minval, high: row.maxval };
      expect(Array.from(uniform(stream(row.seed, row.fold_in), row.shape, options))).toEqual(row.values);
    }
  });

  it("draws the same normal numbers within the error of JAX's erf⁻¹", () => {
    for (const row of data.normal) {
      const { lower_bound_u: low } = data.normal_range;
      const from = stream(row.seed, row.fold_in);
      expect(Array.from(uniform(from, row.shape, { precision: row.dtype, low, high: 1 }))).toEqual(row.u);
      expectClose(normal(from, row.shape, { precision: row.dtype }), row.values, NORMAL_TOLERANCE[row.dtype]);
    }
  });

  it("has an erf⁻¹ within two units in the last place of the exact one", () => {
    const { dtype, u, exact_mpmath } = data.erf_inv;
    const m = dtype === "float32" ? float32 : float64;
    expect(Math.max(...u.map((x, i) => units(erfinv(m, x), exact_mpmath[i]!, dtype)))).toBeLessThan(2);
    expect(u.length).toBeGreaterThan(30);
  });

  it("derives the keys of chains, initial points and transitions", () => {
    for (const row of data.design_keys) {
      const chain = foldIn(key(row.seed), row.chain);
      expect(chain).toEqual(row.chain_key);
      const initial = foldIn(chain, 2 ** 32 - 1);
      expect(initial).toEqual(row.initial_point_key);
      const precision = row.dtype;
      const point = uniform(initial, row.initial_uniform_minus2_2.length, { precision, low: -2, high: 2 });
      expect(Array.from(point)).toEqual(row.initial_uniform_minus2_2);
      for (const transition of row.transitions) {
        const here = foldIn(chain, transition.iteration);
        expect(here).toEqual(transition.key);
        const [momentum, acceptance] = split(here);
        expect([momentum, acceptance]).toEqual([transition.momentum_key, transition.acceptance_key]);
        const drawn = normal(momentum!, transition.momentum.length, { precision });
        expectClose(drawn, transition.momentum, NORMAL_TOLERANCE[precision]);
        expect(uniform(acceptance!, [], { precision })[0]).toBe(transition.acceptance_uniform);
      }
    }
  });
});

describe("the uniforms that JAX 0.7.2 prints for key 0", () => {
  it("are ours", () => {
    interface Printed {
      partitionable: { uniform30: number[]; bits30_hex: string[] };
      seed_printed_beta: number[];
    }
    const { partitionable, seed_printed_beta } = reference<Printed>("jax_threefry.json");
    const found = Array.from(uniform(key(0), 30, { precision: "float32" }));
    expect(found).toEqual(partitionable.uniform30);
    expect(Array.from(bits(key(0), 30))).toEqual(partitionable.bits30_hex.map(word));
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(seed_printed_beta[i]!, 7);
    });
  });
});

describe("draws", () => {
  it("do not depend on how many are drawn", () => {
    const few = normal(key(7), 10);
    expect(Array.from(normal(key(7), [5, 20]).subarray(0, 10))).toEqual(Array.from(few));
    expect(few).toBeInstanceOf(Float64Array);
    expect(normal(key(7), 3, { precision: "float32" })).toBeInstanceOf(Float32Array);
  });

  it("have the moments of their distributions", () => {
    const n = 40000;
    const mean = (values: ArrayLike<number>, f: (x: number) => number): number =>
      Array.from(values, f).reduce((sum, x) => sum + x, 0) / n;
    const z = normal(key(11n), n);
    // five standard errors
    expect(Math.abs(mean(z, (x) => x))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(mean(z, (x) => x * x) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(z, (x) => x ** 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    const u = uniform(key(12), n, { low: -3, high: 5 });
    expect(Math.abs(mean(u, (x) => x) - 1)).toBeLessThan((5 * 8) / Math.sqrt(12 * n));
    expect(u.every((x) => x >= -3 && x < 5)).toBe(true);
  });

  it("refuse what has no meaning, and say what to do", () => {
    expect(() => key(0.5)).toThrow(ConfigError);
    expect(() => key(2 ** 60)).toThrow(/bigint/);
    expect(() => key(2n ** 64n)).toThrow(/2\^64/);
    expect(() => foldIn(key(0), -1)).toThrow(ConfigError);
    expect(() => foldIn(key(0), 2 ** 32)).toThrow(/2\^32/);
    expect(() => uniform(key(0), 1, { low: 1, high: 0 })).toThrow(/low/);
    expect(() => uniform(key(0), 1, { low: 0, high: Infinity })).toThrow(/finite/);
    expect(() => bits(key(0), 1.5)).toThrow(/whole/);
  });
});
