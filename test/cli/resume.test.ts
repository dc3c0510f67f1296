import { readdirSync } from "node:fs";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openResults } from "../../src/store/index.ts";
import { type Finished, inFolder, manychain } from "./process.ts";

/** Many small blocks, so that it can be killed in its middle and is quick to summarise. */
const LONG = `model: ./model.ts
data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: { csv: data.csv, column: sigma } }
chains: 8
batches: 2
warmup: 150
draws: 2000
block: 8
seed: 3
workers: 1
gates: false
`;
const MODEL = `import { shippedModel } from "manychain";
export default () => shippedModel("eight-schools").create({});
`;
const FILES = { "schools.yaml": LONG, "model.ts": MODEL, "data.csv": "sigma\n15\n10\n16\n11\n9\n11\n10\n18\n" };

const run = async (cwd: string, id: string, when?: (folder: string, stderr: string) => boolean): Promise<Finished> => {
  const folder = join(cwd, "results/schools", id);
  let timer: NodeJS.Timeout | undefined;
  const ran = await manychain(["run", "schools.yaml", "--run-id", id], {
    cwd,
    watch: (stderr, kill) => {
      if (when === undefined || timer !== undefined) return;
      timer = setInterval(() => {
        if (when(folder, stderr)) kill("SIGKILL");
      }, 20);
    },
  });
  clearInterval(timer);
  return ran;
};

const checkpoints = (folder: string): number => {
  try {
    return readdirSync(join(folder, "checkpoints")).filter((name) => name.endsWith(".checkpoint")).length;
  } catch {
    return 0;
  }
};

const digests = async (folder: string): Promise<unknown> => (await openResults(folder)).run.digests;

test("a run that was killed at any moment goes on to the same draws; a finished one says so", {
  timeout: 180_000,
}, async () => {
  await inFolder(FILES, async (cwd) => {
    expect((await run(cwd, "whole")).code).toBe(0);
    const expected = await digests(join(cwd, "results/schools/whole"));
    const moments = {
      planned: () => true,
      sampling: (folder: string) => checkpoints(folder) >= 1,
    };
    for (const [id, when] of Object.entries(moments)) {
      expect((await run(cwd, id, when)).code).toBeNull();
      const folder = `results/schools/${id}`;
      const resumed = await manychain(["resume", folder, "--workers", "2"], { cwd });
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stderr).toMatch(/goes on after|without a checkpoint: from the beginning/);
      expect(await digests(join(cwd, folder))).toEqual(expected);
      const reader = await openResults(join(cwd, folder));
      expect(reader.run.status).toBe("complete");
      expect(await reader.damagedChains()).toEqual([]);
      expect(await readdir(join(cwd, folder))).toContain("report.html");
      const again = await manychain(["resume", folder], { cwd });
      expect(again).toMatchObject({ code: 0, stderr: "" });
      expect(again.stdout).toBe(`${join(cwd, folder)} is finished: there is nothing to resume.\n`);
    }
  });
});

test("what a run stands on must be the same; damaged checkpoints are passed over", { timeout: 180_000 }, async () => {
  await inFolder(FILES, async (cwd) => {
    expect((await run(cwd, "x", (folder) => checkpoints(folder) >= 1)).code).toBeNull();
    const resume = async (): Promise<Finished> => await manychain(["resume", "results/schools/x", "--quiet"], { cwd });
    const changed = async (name: "model.ts" | "data.csv", text: string, what: RegExp): Promise<void> => {
      await writeFile(join(cwd, name), text);
      const refused = await resume();
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/cannot be resumed: its draws were made with something else/);
      expect(refused.stderr).toMatch(what);
      await writeFile(join(cwd, name), FILES[name]);
    };
    await changed("model.ts", `${MODEL}// changed\n`, /model: was [0-9a-f]{64}, is [0-9a-f]{64}/);
    await changed("data.csv", FILES["data.csv"].replace("18", "19"), /data/);
    const folder = join(cwd, "results/schools/x/checkpoints");
    for (const name of await readdir(folder)) await appendFile(join(folder, name), "!");
    const repaired = await resume();
    expect(repaired.code).toBe(0);
    expect(repaired.stderr).toMatch(/^repair: .*the checksum does not match/);
    const reader = await openResults(join(cwd, "results/schools/x"));
    expect(reader.run.status).toBe("complete");
    expect(await reader.damagedChains()).toEqual([]);
  });
});

test("Ctrl-C names the command that goes on, and that command goes on", { timeout: 180_000 }, async () => {
  await inFolder(FILES, async (cwd) => {
    let sent = false;
    const stopped = await manychain(["run", "schools.yaml", "--run-id", "x"], {
      cwd,
      watch: (text, kill) => {
        if (sent || !text.includes("draws 400")) return;
        sent = true;
        kill("SIGINT");
      },
    });
    const folder = join(cwd, "results/schools/x");
    expect(stopped.code).toBe(6);
    expect(stopped.stderr).toContain(`to go on later: manychain resume ${folder}\n`);
    const resumed = await manychain(["resume", folder], { cwd });
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/batch \d goes on after draw \d+ of 2000/);
    const events = await readFile(join(folder, "events.ndjson"), "utf8");
    expect(events.split("\n").filter((line) => line.includes('"kind":"planned"'))).toHaveLength(2);
  });
});

test("results of another version of manychain, and what are no results", async () => {
  await inFolder({ "a.txt": "" }, async (cwd) => {
    const none = await manychain(["resume", "."], { cwd });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain("is not a results folder: it has no run.json");
  });
});
