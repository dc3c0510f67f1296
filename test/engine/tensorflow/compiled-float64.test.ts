import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { engineLaws } from "../../laws/engine.ts";
import { hmcStepLaws } from "../../laws/hmcStep.ts";
import { describeWithTensorFlow } from "./installation.ts";

const engine = tensorflowEngine({ route: "compiled" });

describeWithTensorFlow("tensorflow, compiled, in float64", () => {
  engineLaws("tensorflow", () => engine, { precisions: ["float64"] });
  hmcStepLaws("tensorflow", () => engine, ["float64"]);
});
