import { engineLaws } from "../../laws/engine.ts";
import { hmcStepLaws } from "../../laws/hmcStep.ts";
import { describeWithPlugin, engine } from "./plugin.ts";

describeWithPlugin("xla in float32", () => {
  engineLaws("xla", () => engine, { precisions: ["float32"] });
  hmcStepLaws("xla", () => engine, ["float32"]);
});
