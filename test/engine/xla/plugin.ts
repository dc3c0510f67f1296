import { describe, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { xlaEngine } from "../../../src/engine/xla/engine.ts";
import { findPlugins } from "../../../src/engine/xla/plugins.ts";

const isMissing = findPlugins().length === 0;
const isRequired = process.env["MANYCHAIN_REQUIRE_XLA"] === "1";

/** One engine for all tests of a file, so that they share a client; it keeps nothing on disk. */
export const engine: Engine = xlaEngine({ cache: null });

/** Tests that need a PJRT plugin: skipped, by name, where there is none; with MANYCHAIN_REQUIRE_XLA=1 that is a failure. */
export function describeWithPlugin(title: string, tests: () => void): void {
  if (!isMissing) describe(title, tests);
  else if (isRequired)
    describe(title, () => {
      it("needs a PJRT plugin", () => {
        throw new Error("MANYCHAIN_REQUIRE_XLA=1, and no PJRT plugin was found. Run: npm run setup:xla");
      });
    });
  else describe.skip(`${title} (no PJRT plugin: run npm run setup:xla)`, tests);
}
