import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Finished, inFolder, manychain, SCHOOLS } from "./process.ts";

test("a run that goes on is not resumed by a second process; once it was killed it is", {
  timeout: 60_000,
}, async () => {
  const files = {
    "s.yaml": SCHOOLS.replace("draws: 200", "draws: 3000\nblock: 10").replace(/gates: .*/, "gates: false"),
  };
  await inFolder(files, async (cwd) => {
    const folder = join(cwd, "results/s/x");
    let second: Promise<Finished> | undefined;
    const killed = await manychain(["run", "s.yaml", "--run-id", "x"], {
      cwd,
      watch: (_, kill) => {
        second ??= manychain(["resume", folder], { cwd }).finally(() => kill("SIGKILL"));
      },
    });
    expect(killed.code).toBeNull();
    const refused = await second!;
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(
      /^.* is in use: process \d+ on ".*" writes into it since .*\. Wait until that run has/,
    );
    expect(readdirSync(folder)).toContain("run.lock");
    const resumed = await manychain(["resume", folder, "--quiet"], { cwd });
    expect(resumed).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(folder)).not.toContain("run.lock");
  });
});
