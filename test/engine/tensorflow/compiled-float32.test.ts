import { expect, it } from "vitest";
import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { engineLaws } from "../../laws/engine.ts";
import { hmcStepLaws } from "../../laws/hmcStep.ts";
import { describeWithTensorFlow } from "./installation.ts";
import { distance, draws } from "./mainJob.ts";

const engine = tensorflowEngine({ route: "compiled" });

describeWithTensorFlow("tensorflow, compiled, in float32", () => {
  engineLaws("tensorflow", () => engine, { precisions: ["float32"] });
  hmcStepLaws("tensorflow", () => engine, ["float32"]);

  it("gives the main job's draws of the wasm engine, as far as float32 goes", async () => {
    const job = { precision: "float32", chains: 5, iterations: 4 } as const;
    const [ours, theirs] = [await draws(engine, job), await draws(wasmEngine(), job)];
    expect(distance(ours["z"]!, theirs["z"]!)).toBeLessThan(1e-4);
    expect(distance(ours["statistics.lp"]!, theirs["statistics.lp"]!)).toBeLessThan(1e-5);
  });
});
