import { it } from "vitest";
import { expectPosterior, mainJobOn } from "../mainJobPosterior.ts";
import { describeWithTensorFlow } from "./installation.ts";

describeWithTensorFlow("tensorflow, compiled: the main job", () => {
  it("has the reference posterior, from two workers at once", async () => {
    await expectPosterior(await mainJobOn("tensorflow"));
  });
});
