import { engineLaws } from "../../laws/engine.ts";
import { hmcStepLaws } from "../../laws/hmcStep.ts";
import { describeWithPlugin, engine } from "./plugin.ts";

describeWithPlugin("xla in float64", () => {
  engineLaws("xla", () => engine, { precisions: ["float64"] });
  hmcStepLaws("xla", () => engine, ["float64"]);
});
