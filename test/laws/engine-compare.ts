import { expect } from "vitest";
import type { Numbers, Precision } from "../../src/draws.ts";
import type { Engine, Recorded, Roles } from "../../src/engine/engine.ts";
import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { input, type Node } from "../../src/graph/node.ts";
import { type Program, program } from "../../src/graph/program.ts";
import type { DType, Shape } from "../../src/graph/types.ts";

/** Uniform on [0, 1). */
export type Random = () => number;
/** One element of an operand: its index among all elements of all chains, and randomness. */
export type Draw = (random: Random, index: number) => number;

/** An input of a test program and how its values are made. */
export interface Operand {
  readonly dtype?: DType;
  readonly shape: Shape;
  readonly shared?: boolean;
  readonly draw: Draw;
}

/** |actual − expected| ≤ absolute + relative · |expected|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export type Values = Readonly<Record<string, ArrayLike<number>>>;
type Nodes = Readonly<Record<string, Node>>;

/** One test program: its inputs, its outputs, and how near float32 and float64 results must come. */
export interface OpCase {
  readonly title: string;
  readonly operands: Readonly<Record<string, Operand>>;
  readonly build: (inputs: Nodes) => Nodes;
  readonly float32?: Tolerance;
  readonly float64?: Tolerance;
  /** Float32 results that are defined otherwise than by rounding the float64 ones. */
  readonly expectedInFloat32?: (values: Values) => Values;
  /** Sums, and what is built of them, may be added up in any order: never compared bit for bit. */
  readonly ordered?: false;
}

/** Marsaglia's xorshift32: small, and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = (seed * 2654435761 + 88172645) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}

export function programOf(one: Pick<OpCase, "title" | "operands" | "build">): Program {
  const inputs = Object.fromEntries(
    Object.entries(one.operands).map(([name, { dtype = "float", shape, shared = false }]) => [
      name,
      input(name, { dtype, shape, shared }),
    ]),
  );
  return program(one.title, one.build(inputs), Object.values(inputs));
}

/** Values of every operand, `[chain, ...shape]`; floats are representable in the precision. */
export function valuesOf(operands: OpCase["operands"], chains: number, precision: Precision): Values {
  const random = randomFrom(chains + 1);
  return Object.fromEntries(
    Object.entries(operands).map(([name, { dtype = "float", shape, shared, draw }]) => {
      const size = shape.reduce((a, b) => a * b, 1) * (shared ? 1 : chains);
      const values = Array.from({ length: size }, (_, i) => draw(random, i));
      return [name, dtype === "float" && precision === "float32" ? values.map(Math.fround) : values];
    }),
  );
}

/** Compile, write, run one iteration, read every output, dispose. */
export async function outputsOf(
  engine: Engine,
  source: Program,
  values: Values,
  precision: Precision,
  chains: number,
): Promise<Readonly<Record<string, Numbers>>> {
  const kernel = await engine.compile(source, { precision, chains });
  for (const [name, data] of Object.entries(values)) kernel.write(name, data);
  await kernel.run(1);
  const outputs: Record<string, Numbers> = {};
  for (const name of Object.keys(source.outputs)) outputs[name] = await kernel.read(name);
  kernel.dispose();
  return outputs;
}

export interface Comparison {
  readonly engine: Engine;
  readonly precision: Precision;
  readonly chains: number;
  /** Float64 results must have the reference engine's bits. */
  readonly sameBits: boolean;
}

/** The engine agrees with the reference engine on one case. */
export async function agrees(one: OpCase, { engine, precision, chains, sameBits }: Comparison): Promise<void> {
  const source = programOf(one);
  const values = valuesOf(one.operands, chains, precision);
  const actual = await outputsOf(engine, source, values, precision, chains);
  const expected =
    (precision === "float32" && one.expectedInFloat32?.(values)) ||
    (await outputsOf(referenceEngine(), source, values, "float64", chains));
  for (const [name, node] of Object.entries(source.outputs)) {
    const label = `${one.title}, output ${name}, ${precision}, ${chains} chains`;
    expect(actual[name], label).toBeInstanceOf(arrayType(node.dtype, precision));
    const exact = node.dtype !== "float" || (sameBits && precision === "float64" && one.ordered !== false);
    close(actual[name]!, expected[name]!, exact ? undefined : toleranceOf(one, precision), precision, label);
  }
}

/** Recorded outputs of a run with roles, and what `read` gives after it. */
export async function runWith(
  engine: Engine,
  source: Program,
  values: Values,
  options: Roles & { readonly precision: Precision; readonly chains: number },
  blocks: readonly number[],
  schedule: Readonly<Record<string, readonly number[]>> = {},
): Promise<{ readonly recorded: readonly Recorded[]; readonly last: Readonly<Record<string, Numbers>> }> {
  const kernel = await engine.compile(source, options);
  for (const [name, data] of Object.entries(values)) kernel.write(name, data);
  const recorded: Recorded[] = [];
  let from = 0;
  for (const iterations of blocks) {
    const part = Object.entries(schedule).map(([name, all]) => [name, all.slice(from, from + iterations)]);
    recorded.push(await kernel.run(iterations, Object.fromEntries(part)));
    from += iterations;
  }
  const last: Record<string, Numbers> = {};
  for (const name of Object.keys(source.outputs)) last[name] = await kernel.read(name);
  kernel.dispose();
  return { recorded, last };
}

export function arrayType(dtype: DType, precision: Precision): new (...values: never[]) => Numbers {
  if (dtype === "float") return precision === "float32" ? Float32Array : Float64Array;
  if (dtype === "int32") return Int32Array;
  return dtype === "uint32" ? Uint32Array : Uint8Array;
}

function toleranceOf(one: OpCase, precision: Precision): Tolerance {
  if (precision === "float32") return one.float32 ?? { relative: 5e-7, absolute: 0 };
  return one.float64 ?? { relative: 1e-13, absolute: one.ordered === false ? 1e-12 : 0 };
}

/** Equal elements; without a tolerance bit for bit, save that every NaN equals every NaN. */
export function close(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance | undefined,
  precision: Precision,
  label: string,
): void {
  expect(actual.length, `${label}: length`).toBe(expected.length);
  const smallest = precision === "float32" ? 1.2e-38 : 2.3e-308;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const e = precision === "float32" && tolerance !== undefined ? Math.fround(expected[i]!) : expected[i]!;
    if (Object.is(a, e)) continue;
    const near =
      tolerance !== undefined && Math.abs(a - e) <= smallest + tolerance.absolute + tolerance.relative * Math.abs(e);
    if (!near) expect.fail(`${label}: element ${i} is ${a}, expected ${expected[i]}`);
  }
}
