import { describe, expect, it } from "vitest";
import { PluginError } from "../../../src/engine/xla/api.ts";
import { explained } from "../../../src/engine/xla/explain.ts";
import { compileOptions } from "../../../src/engine/xla/options.ts";
import { EngineError } from "../../../src/errors.ts";
import { input } from "../../../src/graph/node.ts";
import { program } from "../../../src/graph/program.ts";

const source = program("big", { y: input("x", { dtype: "float", shape: [] }).exp() });
const full = new PluginError("XLA: RESOURCE_EXHAUSTED: Out of memory", 8);

describe("an error of the plugin", () => {
  it("says how many chains would fit in the device's memory", () => {
    const memory = { needed: 2 ** 34, limit: 2 ** 33 };
    const error = explained(full, "run", { program: source, chains: 4090, padded: 4096, memory });
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).message).toBe(
      "Program big cannot run for 4090 chains. XLA: RESOURCE_EXHAUSTED: Out of memory. The device's memory does not hold " +
        "4090 chains at once: use fewer chains in a batch; about 1792 would fit (the program takes 16.0 GiB of 8.0 GiB).",
    );
    expect((error as EngineError).exitCode).toBe(5);
  });

  it("says what to do where the device is shared", () => {
    const message = (needed: number): string => {
      const memory = { needed, limit: 2 ** 33 };
      return (explained(full, "run", { program: source, chains: 128, padded: 128, memory }) as Error).message;
    };
    expect(message(5 * 2 ** 30)).toMatch(
      /The device's memory holds 128 chains, but not beside what else is on it: use fewer workers, or batches of about 64 chains, of which two would fit \(the program takes 5\.0 GiB of 8\.0 GiB\)\.$/,
    );
    expect(message(2 ** 32)).toContain("batches of about 64 chains");
    expect(message(2 ** 40)).toMatch(/use fewer chains in a batch \(the program takes 1024\.0 GiB of 8\.0 GiB\)\.$/);
  });

  it("says so where memory is not known, and nothing of memory where it is something else", () => {
    const unknown = explained(full, "run", { program: source, chains: 64, padded: 64 });
    expect((unknown as Error).message).toMatch(/use fewer chains in a batch, or shorter blocks\.$/);
    const other = explained(new PluginError("XLA: no", 3), "compile", { program: source, chains: 64, padded: 64 });
    expect((other as Error).message).toBe("Program big cannot be compiled for 64 chains. XLA: no.");
  });

  it("leaves other errors alone", () => {
    const error = new TypeError("mine");
    expect(explained(error, "run", { program: source, chains: 1, padded: 64 })).toBe(error);
  });
});

describe("compile options", () => {
  it("ask for one replica and one partition", () => {
    expect(Buffer.from(compileOptions({})).toString("hex")).toBe("1a0420012801");
  });

  it("hold flags as a map of overrides", () => {
    const flag = compileOptions({ ab: true, c: 300 });
    expect(Buffer.from(flag.subarray(6)).toString("hex")).toBe(
      `3a08${"0a026162"}${"12021001"}3a08${"0a0163"}${"120318ac02"}`,
    );
  });
});
