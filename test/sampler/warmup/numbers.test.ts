import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exp, inversePower, log } from "../../../src/sampler/warmup/numbers.ts";
import { expectClose } from "./reference.ts";

describe("numbers", () => {
  it("has exp and log of float64 numbers, at their ends too", () => {
    for (const x of [-700, -3.2, -1e-9, 0, 0.7, 12, 700]) {
      expectClose(exp(x) / Math.exp(x), 1, 1e-15, `exp(${x})`);
      expectClose(log(Math.exp(x)), x, 1e-15, `log(exp(${x}))`);
    }
    expect([exp(Number.NEGATIVE_INFINITY), exp(-800), exp(800), exp(Number.NaN)]).toEqual([
      0,
      0,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    expect([log(0), log(1), log(-1), log(Number.NaN)]).toEqual([Number.NEGATIVE_INFINITY, 0, Number.NaN, Number.NaN]);
  });

  it("has t^-κ by roots and by exp and log", () => {
    for (const kappa of [0.5, 0.6, 0.75, 0.9, 1]) {
      expect(inversePower(1, kappa)).toBe(1);
      for (const t of [2, 3, 100, 12345]) {
        expectClose(inversePower(t, kappa) / t ** -kappa, 1, 1e-14, `${t}^-${kappa}`);
      }
    }
  });
});

describe("what warm-up computes", () => {
  it("uses only the functions of Math that the standard fixes", () => {
    const folder = new URL("../../../src/sampler/warmup/", import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const file of files) {
      const source = readFileSync(new URL(file, folder), "utf8");
      const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      const used = [...code.matchAll(/Math\.(\w+)/g)].map((match) => match[1]);
      const fixed = ["sqrt", "min", "max", "floor", "ceil", "abs"];
      expect(
        used.filter((name) => !fixed.includes(name!)),
        file,
      ).toEqual([]);
      expect(code, file).not.toContain("**");
    }
  });
});
