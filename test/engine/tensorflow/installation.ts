import { describe, it } from "vitest";
import { addonOf, findInstallations } from "../../../src/engine/tensorflow/installed.ts";

const isMissing = !findInstallations().some((one) => addonOf(one) !== undefined);
const isRequired = process.env["MANYCHAIN_REQUIRE_TENSORFLOW"] === "1";

/** Tests that need TensorFlow: skipped, by name, where it is not set up; with MANYCHAIN_REQUIRE_TENSORFLOW=1 that is a failure. */
export function describeWithTensorFlow(title: string, tests: () => void): void {
  if (!isMissing) describe(title, tests);
  else if (isRequired)
    describe(title, () => {
      it("needs TensorFlow", () => {
        throw new Error("MANYCHAIN_REQUIRE_TENSORFLOW=1, and TensorFlow was not found. Run: npm run setup:tensorflow");
      });
    });
  else describe.skip(`${title} (no TensorFlow: run npm run setup:tensorflow)`, tests);
}
