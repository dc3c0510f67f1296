import { expect } from "vitest";
import type { Precision } from "../../../src/draws.ts";
import { hasFusedMultiplyAdd } from "../../../src/engine/wasm/fusedArithmetic.ts";
import { type GenerateOptions, generate } from "../../../src/engine/wasm/generate.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { Part } from "../../../src/engine/wasm/part.ts";
import { webAssembly } from "../../../src/engine/wasm/webassembly.ts";
import type { Program } from "../../../src/graph/program.ts";

export const wave = (length: number, by: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(by * i + 1));

/** All outputs for the first `chains` of eight chains. */
export function computed(
  source: Program,
  {
    precision,
    vectors,
    chains,
    options,
  }: { precision: Precision; vectors: number; chains: number; options: GenerateOptions },
): Record<string, readonly number[]> {
  const generated = generate(source, {}, new MemoryLayout(precision), vectors, options);
  const part = new Part(generated, new webAssembly!.Module(generated.module), { firstChain: 0, chains, precision });
  for (const slot of Object.values(generated.inputs)) part.write(slot, wave(8 * slot.size, 0.61));
  part.run(...part.prepare({}, 0, 1));
  return Object.fromEntries(
    Object.entries(generated.outputs).map(([name, slot]) => {
      const found = new (precision === "float32" ? Float32Array : Float64Array)(chains * slot.size);
      part.read(slot, found);
      return [name, Array.from(found)];
    }),
  );
}

/** Each number of chains up to `most`, in one vector, gives the bits of more chains in two; wide and narrow, fused and not. */
export function sameBits(source: Program, precision: Precision, most: number): void {
  for (const fused of hasFusedMultiplyAdd() ? [false, true] : [false]) {
    const all = computed(source, { precision, vectors: 2, chains: 8, options: { fused } });
    for (let chains = 1; chains <= most; chains++)
      for (const wide of [false, true]) {
        const found = computed(source, { precision, vectors: 1, chains, options: { fused, wide, chains } });
        for (const [name, values] of Object.entries(found))
          expect(values, `${name}, ${chains} chains`).toEqual(all[name]!.slice(0, values.length));
      }
  }
}
