import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { engineLaws } from "../../laws/engine.ts";
import { describeWithTensorFlow } from "./installation.ts";

const engine = tensorflowEngine({ route: "eager" });

describeWithTensorFlow("tensorflow, eager on TensorFlow's library", () => {
  engineLaws("tensorflow", () => engine, { precisions: ["float32"] });
});
