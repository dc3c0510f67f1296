import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Precision } from "../../../src/draws.ts";
import { printProgram } from "../../../src/engine/stablehlo/index.ts";
import { type Api, loadApi } from "../../../src/engine/xla/api.ts";
import { crossCompile } from "../../../src/engine/xla/crossCompile.ts";
import { xlaEngine } from "../../../src/engine/xla/engine.ts";
import { loadKoffi } from "../../../src/engine/xla/koffi.ts";
import { bind } from "../../../src/model/bind.ts";
import { shippedModel } from "../../../src/models/registry.ts";
import type { Target } from "../../../src/sampler/target.ts";
import { hmcProgram } from "../../../src/sampler/transition.ts";
import { breastCancer } from "../../models/breastCancer.ts";

/** NVIDIA's plugin beside its compiler, as `npm run setup:xla -- --h100` leaves them: none of it needs a GPU. */
const home = process.env["MANYCHAIN_XLA_HOME"] ?? fileURLToPath(new URL("../../../.xla", import.meta.url));
const plugin = `${home}/targets/cuda13/jax_plugins/xla_cuda13/xla_cuda_plugin.so`;
const isMissing = !existsSync(plugin);

function mainJob(): Target {
  const { data, names } = breastCancer();
  return bind(shippedModel("sparse-logistic-regression").create(), { data, coordinates: { feature: names } });
}

const targets: readonly (readonly [string, () => Target])[] = [
  ["the main job", mainJob],
  ["the funnel", () => bind(shippedModel("funnel").create())],
];

function tests(): void {
  let api: Api | undefined;
  const load = async (): Promise<Api> => (api ??= loadApi(await loadKoffi(), plugin));

  it.each(targets.flatMap(([name, make]) => (["float32", "float64"] as const).map((p) => [name, p, make] as const)))(
    "compiles a block of transitions of %s in %s",
    async (_name, precision: Precision, make) => {
      const { program, roles } = hmcProgram(make(), { recordPosition: true });
      const { text } = printProgram(program, { ...roles, precision, chains: 4096, iterations: 32 });
      expect(crossCompile(await load(), text)).toBeGreaterThan(10_000);
    },
  );

  it("says that there is none, and takes no processor instead", async () => {
    const probe = await xlaEngine({ plugin }).probe();
    if (probe.available) expect(probe.device).toMatchObject({ accelerator: true });
    else expect(probe.reason).toMatch(/No visible GPU devices.*xla_cuda_plugin\.so/s);
  });

  it("says what is wrong with a program", async () => {
    const loaded = await load();
    expect(() => crossCompile(loaded, "module { func.func @main() { stablehlo.nonesuch } }")).toThrow(/nonesuch/);
  });
}

if (isMissing && process.env["MANYCHAIN_REQUIRE_H100"] !== "1")
  describe.skip("xla for an H100 (not fetched: run npm run setup:xla -- --h100)", tests);
else describe("xla for an H100 that is not here", tests);
