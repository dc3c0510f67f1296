import { expect, it } from "vitest";
import { StepCode } from "../../../src/engine/wasm/code.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { emitLoop } from "../../../src/engine/wasm/loop.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { planFor } from "../../../src/engine/wasm/schedule.ts";
import { checkSize, moduleOf } from "../../../src/engine/wasm/size.ts";
import { StorageMap } from "../../../src/engine/wasm/storage.ts";
import { EngineError } from "../../../src/errors.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";

it("more memory than WebAssembly has is an error that says what to do", async () => {
  const x = input("x", { dtype: "float", shape: [1024] });
  const compiling = wasmEngine().compile(program("large", { y: x.exp() }, [x]), {
    precision: "float64",
    chains: 1_000_000,
  });
  await expect(compiling).rejects.toThrow(EngineError);
  await expect(compiling).rejects.toThrow(/needs 1\d\.\d GiB for the chains of one batch.*batches/);
});

it("more elements than offsets reach are an error", () => {
  const plan = planFor(new Set());
  const code = new StepCode(new StorageMap(new MemoryLayout("float64"), { vectors: 2 }, plan), plan);
  expect(() => emitLoop(code, 2 ** 27 - 64, [])).not.toThrow();
  expect(() => emitLoop(code, 2 ** 27, [])).toThrow("goes over at most 134217664 elements at once in float64");
});

it("more operations than memory can hold are an error that names both, and what to do", () => {
  const x = input("x", { dtype: "float", shape: [] });
  let y = x;
  for (let turn = 0; turn < 1000; turn++) y = y.mul(x).add(1);
  const recursion = program("recursion", { y }, [x]);
  expect(() => checkSize(recursion)).not.toThrow();
  expect(() => checkSize(recursion, 2 ** 20)).toThrow(EngineError);
  expect(() => checkSize(recursion, 2 ** 20)).toThrow(
    /compile the \d+ operations of recursion, and this Node allows 0\.001 GiB\. .*fewer turns.*--max-old-space-size=\d+/,
  );
});

it("code that V8 refuses is an error of the engine, with its size and V8's reason", () => {
  expect(() => moduleOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 0, 0, 0))).toThrow(EngineError);
  expect(() => moduleOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 0, 0, 0))).toThrow(/0\.0 MB: .*expected/);
});
