import { expect, test } from "vitest";
import { inFolder, manychain, SCHOOLS } from "./process.ts";

const until = (rule: string, gates: string): string =>
  SCHOOLS.replace("draws: 200", `draws: { until: ${rule}, check: 20, max: 60 }`).replace(
    /gates: .*/,
    `gates: ${gates}`,
  );
const LOOSE = "{ rhat: 9, ess_bulk: 0, ess_tail: 0 }";

test("a rule that is not met with the most draws is told, and is exit code 3", { timeout: 60_000 }, async () => {
  const files = { "never.yaml": until("{ ess: 100000 }", LOOSE), "met.yaml": until("{ rhat: 1.5, ess: 9 }", LOOSE) };
  await inFolder(files, async (cwd) => {
    const never = await manychain(["run", "never.yaml", "--run-id", "x"], { cwd });
    expect(never.code).toBe(3);
    expect(never.stderr).toMatch(/check at 20 draws: not yet: ESS \d+/);
    expect(never.stdout).toMatch(
      /Draws until ESS > 100000, looked at every 20 draws, at most 60:\n {2}20 {2}not yet: ESS/,
    );
    expect(never.stdout).toContain("FAIL  draws.until: not met after 60 draws, the most");
    const again = await manychain(["report", "results/never/x"], { cwd });
    expect(again.code).toBe(3);
    expect(again.stdout).toContain("FAIL  draws.until: not met after 60 draws, the most");
    const met = await manychain(["run", "met.yaml", "--json"], { cwd });
    expect(met.code).toBe(0);
    expect(JSON.parse(met.stdout).run.until).toMatchObject({ met: true, checks: [{ draws: 20, met: true }] });
  });
});
