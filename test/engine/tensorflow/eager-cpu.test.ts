import { tensorflowEngine } from "../../../src/engine/tensorflow/engine.ts";
import { engineLaws } from "../../laws/engine.ts";

const engine = tensorflowEngine({ backend: "cpu" });

engineLaws("tensorflow", () => engine, { precisions: ["float32"] });
