import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { verify } from "../../src/run/verify.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** All but the one whose data are not shipped. */
const configs = readdirSync(path("config")).filter((name) => name.endsWith(".yaml") && name !== "german-credit.yaml");

// Written with `npm run golden`, when draws are meant to change.
describe.each(configs.map((name) => name.replace(".yaml", "")))("config/%s.yaml", (name) => {
  const golden = path(`test/golden/${name}.json`);
  test("gives the draws of its golden file", { timeout: 120_000 }, async () => {
    expect((await verify(path(`config/${name}.yaml`), { golden })).text).toMatch(/^reproduced/);
  });
});
