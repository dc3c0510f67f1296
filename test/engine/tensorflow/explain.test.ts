import { describe, expect, it } from "vitest";
import { explained } from "../../../src/engine/tensorflow/compiled/explain.ts";
import { field, integer, message } from "../../../src/engine/tensorflow/compiled/protobuf.ts";
import { savedModel } from "../../../src/engine/tensorflow/compiled/savedModel.ts";
import { fromWords, toWords } from "../../../src/engine/tensorflow/compiled/words.ts";
import { EngineError } from "../../../src/errors.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("protocol buffers", () => {
  it("write integers in groups of seven bits, and lengths before contents", () => {
    expect(hex(integer(1, 1))).toBe("0801");
    expect(hex(integer(1, 300))).toBe("08ac02");
    expect(hex(integer(2, 2 ** 35))).toBe("10808080808001");
    expect(hex(field(4, "serve"))).toBe("22057365727665");
    expect(hex(field(1, message(integer(1, 0), field(2, ""))))).toBe("0a0408001200");
  });
});

describe("a SavedModel", () => {
  it("carries the text as it is, and names inputs and outputs in order", () => {
    const port = { shape: [2, 3], dtype: "float64" } as const;
    const model = savedModel(
      {
        text: "module @m {}",
        inputs: [
          { name: "count", dtype: "int32", shape: [], role: "count" },
          { name: "x", ...port, role: "input" },
        ],
        outputs: [{ name: "y", ...port, role: "output" }],
      },
      "CPU",
    );
    expect(model.inputNames).toBe("x0:0,x1:0");
    expect(model.outputNames).toBe("y0:0");
    const text = Buffer.from(model.bytes).toString("latin1");
    for (const part of ["module @m {}", "XlaCallModule", "Bitcast", "Placeholder", "serve"])
      expect(text).toContain(part);
  });
});

describe("words", () => {
  it("are the bits of numbers, there and back", () => {
    const arrays = [
      Float32Array.of(1, -0, Number.NaN),
      Float64Array.of(Math.PI, -0, 5e-324),
      Uint32Array.of(0, 2 ** 32 - 1),
      Int32Array.of(-1, 7),
    ];
    const types = ["float32", "float64", "uint32", "int32"] as const;
    arrays.forEach((values, i) => {
      expect(fromWords(toWords(values), types[i]!)).toEqual(values);
    });
    expect(toWords(Float32Array.of(1))).toEqual(Int32Array.of(0x3f800000));
    expect(fromWords(toWords(Uint8Array.of(0, 3)), "bool")).toEqual(Uint8Array.of(0, 1));
  });
});

describe("an error of TensorFlow", () => {
  it("names the program, and says what to do where memory is short", () => {
    const error = explained(new Error("RESOURCE_EXHAUSTED: out of memory"), "run", "big", 4096);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).message).toBe(
      "Program big cannot be run for 4096 chains by TensorFlow: RESOURCE_EXHAUSTED: out of memory The device's memory " +
        "does not hold 4096 chains at once: use fewer chains in a batch.",
    );
    expect((error as EngineError).exitCode).toBe(5);
    expect((explained(new Error("no"), "compiled", "p", 1) as Error).message).toBe(
      "Program p cannot be compiled for 1 chains by TensorFlow: no",
    );
  });

  it("is left alone where it is ours", () => {
    const error = new RangeError("mine");
    expect(explained(error, "run", "p", 1)).toBe(error);
  });
});
