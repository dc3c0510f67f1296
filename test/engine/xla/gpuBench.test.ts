import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithPlugin } from "./plugin.ts";

const script = fileURLToPath(new URL("../../../bench/gpu/main.js", import.meta.url));

/** What of the script's JSON is looked at. */
interface Result {
  readonly rehearsal: boolean;
  readonly correctness: readonly { readonly name: string; readonly passed: boolean; readonly detail: string }[];
  readonly gradients: {
    readonly device: readonly { readonly chains: number; readonly gradients_per_second: number }[];
    readonly break_even: { readonly break_even_operations: number };
  };
  readonly sampling: readonly { readonly chains: number; readonly ess_per_second: number; readonly rhat_max: number }[];
  readonly peers_left_out?: string;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "manychain-gpu-bench-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function bench(args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stderr };
}

describeWithPlugin("the script for GPUs, rehearsed on a processor", () => {
  it("computes the right thing, measures, and writes one JSON and one plot", async () => {
    const sizes = ["--chains=64", "--draws=3200", "--warmup=200"];
    const { code, stderr } = await bench(["--rehearse", `--out=${folder}`, ...sizes]);
    expect(code, stderr).toBe(0);
    const result = JSON.parse(readFileSync(join(folder, "rehearsal-cpu.json"), "utf8")) as Result;
    expect(result.rehearsal).toBe(true);
    expect(result.correctness.filter(({ passed }) => !passed)).toEqual([]);
    expect(result.correctness.length).toBeGreaterThan(50);
    expect(result.gradients.device[0]!.gradients_per_second).toBeGreaterThan(1000);
    expect(result.gradients.break_even.break_even_operations).toBeGreaterThan(0);
    expect(result.sampling).toMatchObject([{ chains: 64 }]);
    expect(result.sampling[0]!.ess_per_second).toBeGreaterThan(1);
    expect(result.sampling[0]!.rhat_max).toBeLessThan(1.2);
    expect(result.peers_left_out).toBe("no --python was given");
    const svg = readFileSync(join(folder, "rehearsal-cpu.svg"), "utf8");
    expect(svg).toMatch(/^<svg xmlns=.*REHEARSAL on cpu.*<\/svg>\n$/s);
  });

  it("takes no processor for a GPU", async () => {
    const { code, stderr } = await bench([`--out=${folder}`]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/found no GPU .*--plugin or --python.*--rehearse/);
  });

  it("keeps no rehearsal among the results, and says what its options are", async () => {
    expect((await bench(["--rehearse"])).stderr).toMatch(/--rehearse needs --out=DIR/);
    expect((await bench(["--nonesuch"])).stderr).toMatch(/unknown argument --nonesuch\n.*--chains=64,256/s);
  });
});
