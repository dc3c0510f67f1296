import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openResults } from "../../src/store/index.ts";
import { inFolder, manychain, SCHOOLS } from "./process.ts";

test("run prints the report on stdout, progress on stderr, and leaves a results folder; report prints it again", async () => {
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    const ran = await manychain(["run", "schools.yaml", "--run-id", "x"], { cwd });
    expect(ran.stderr).toMatch(
      /^\[ *\d\.\d s\] schools: eight-schools \(10 dimensions\), 16 chains in 1 batch on 1 worker( with up to \d+ helpers?)?, wasm float32, seed 3\n/,
    );
    expect(ran.stderr).toContain("batch 0: draws 200/200");
    expect(ran.stdout).toContain("Converged: all 5 gates passed.");
    expect(ran.stdout).toContain(`Results: ${join(cwd, "results/schools/x")}`);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("\u001b");
    expect(ran.code).toBe(0);
    expect((await readdir(join(cwd, "results/schools/x"))).sort()).toEqual(
      ["checkpoints", "draws.zarr", "events.ndjson", "report.html", "run.json", "summary.csv", "summary.json"].sort(),
    );
    const again = await manychain(["report", "results/schools/x"], { cwd });
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toContain(ran.stdout.split("\nResults:")[0]!);
    expect(ran.stdout).toContain(`Report: ${join(cwd, "results/schools/x/report.html")}`);
    const html = await readFile(join(cwd, "results/schools/x/report.html"), "utf8");
    expect(html).toContain("Converged");
    const json = await manychain(["report", "results/schools/x", "--json"], { cwd });
    expect(await readFile(join(cwd, "results/schools/x/report.html"), "utf8")).toBe(html);
    expect(json.stdout).toBe(await readFile(join(cwd, "results/schools/x/summary.json"), "utf8"));
    const diagnosed = await manychain(["diagnose", "results/schools/x", "--json"], { cwd });
    expect(JSON.parse(diagnosed.stdout).quantities).toEqual(JSON.parse(json.stdout).quantities);
  });
});

test("--json prints summary.json and nothing else; --quiet is silent; options override the config", async () => {
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    const args = [
      "run",
      "--set",
      "draws=100",
      "--set",
      "gates=false",
      "schools.yaml",
      "--seed",
      "18446744073709551615",
    ];
    const ran = await manychain([...args, "--out", "deep/out", "--run-id", "x", "--json", "--quiet"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const folder = join(cwd, "deep/out/schools/x");
    expect(ran.stdout).toBe(await readFile(join(folder, "summary.json"), "utf8"));
    expect(JSON.parse(ran.stdout).run).toMatchObject({ draws: 100, seed: "18446744073709551615", engine: "wasm" });
    expect(JSON.parse(ran.stdout).gates).toEqual([]);
    expect(await readdir(folder)).toContain("report.html");
    const seven = ["--workers", "7", "--engine", "wasm", "--force", "--no-report"];
    const again = await manychain([...args, "--out", "deep/out", "--run-id", "x", "--json", "--quiet", ...seven], {
      cwd,
    });
    expect(JSON.parse(again.stdout).run.digest).toBe(JSON.parse(ran.stdout).run.digest);
    expect(await readdir(folder)).not.toContain("report.html");
  });
});

test("gates that are not met end in exit code 3, after the report", async () => {
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    const ran = await manychain(["run", "schools.yaml", "--set", "gates.ess_bulk=1000000", "--run-id", "x"], { cwd });
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("NOT converged: 1 of 5 gates failed.");
    expect((await manychain(["report", "results/schools/x"], { cwd })).code).toBe(3);
  });
});

test("the first Ctrl-C ends the run after its block, with a partial summary and exit code 6", async () => {
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    let sent = false;
    const ran = await manychain(
      ["run", "schools.yaml", "--set", "draws=2000000", "--set", "block=50", "--run-id", "x"],
      {
        cwd,
        watch: (text, kill) => {
          if (sent || !text.includes("warmed up")) return;
          sent = true;
          setTimeout(() => kill("SIGINT"), 300);
        },
      },
    );
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain("stopping after the current block; once more to abort");
    expect(ran.stderr).toMatch(
      /interrupted: \d+ draws of 16 chains are stored in .*results\/schools\/x\. To go on: manychain resume .*results\/schools\/x\n/,
    );
    expect(ran.stdout).toContain("16 chains ×");
    const reader = await openResults(join(cwd, "results/schools/x"));
    expect(reader.run.status).toBe("interrupted");
    expect(reader.committed.sampling % 50).toBe(0);
    const report = await manychain(["report", "results/schools/x"], { cwd });
    expect(report.stdout).toContain(
      "This run was interrupted before its last draw.\nOf 2000000 draws of each chain, batch 0 has",
    );
  });
});

test("a second Ctrl-C aborts with 130", async () => {
  // One endless block: the first signal cannot end it.
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    let sent = 0;
    const ran = await manychain(["run", "schools.yaml", "--set", "draws=9000000", "--set", "block=100000"], {
      cwd,
      watch: (text, kill) => {
        if (sent === 0 && text.includes("warmed up")) {
          sent = 1;
          kill("SIGINT");
        } else if (sent === 1 && text.includes("once more to abort")) {
          sent = 2;
          kill("SIGINT");
        }
      },
    });
    expect(ran.code).toBe(130);
  });
});

test("a run whose process was killed can still be reported", async () => {
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    let sent = false;
    const args = ["run", "schools.yaml", "--set", "draws=9000000", "--set", "block=50", "--run-id", "x"];
    const killed = await manychain(args, {
      cwd,
      watch: (text, kill) => {
        if (sent || !text.includes("warmed up")) return;
        sent = true;
        setTimeout(() => kill("SIGKILL"), 2500);
      },
    });
    expect(killed.code).toBeNull();
    const report = await manychain(["report", "results/schools/x"], { cwd });
    expect(report.stdout).toContain("This run has not ended: it is still going on, or its process died.");
    expect(report.stdout).toContain("16 chains ×");
    expect(report).toMatchObject({ code: 6, stderr: "" });
  });
});

test("what a model prints does not disturb standard output", async () => {
  const model = `import { model, normal } from "manychain";
    console.log("hello from the model");
    export default model({ parameters: { a: normal(0, 1) } });`;
  await inFolder(
    { "loud.yaml": "model: ./loud.ts\nchains: 4\nwarmup: 30\ndraws: 10\n", "loud.ts": model },
    async (cwd) => {
      const ran = await manychain(["run", "loud.yaml", "--json", "--quiet"], { cwd });
      expect(JSON.parse(ran.stdout).run.draws).toBe(10);
      expect(ran.stderr).toBe("hello from the model\nhello from the model\n");
    },
  );
});

test("init writes a config, a model and data that run at once, and overwrites nothing", async () => {
  await inFolder({}, async (cwd) => {
    const made = await manychain(["init", "start"], { cwd });
    expect(made.code).toBe(0);
    expect(made.stdout).toContain("manychain run start/config.yaml");
    const ran = await manychain(["run", "start/config.yaml", "--json", "--quiet"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const slope = JSON.parse(ran.stdout).quantities.find((row: { name: string }) => row.name === "slope");
    expect(Math.abs(slope.mean - 2)).toBeLessThan(0.3);
    const again = await manychain(["init", "start"], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toBe("start/config.yaml exists already and is not overwritten: give init another folder.\n");
  });
});

test("config check, print and schema", async () => {
  await inFolder({ "schools.yaml": SCHOOLS }, async (cwd) => {
    const check = await manychain(["config", "check", "schools.yaml"], { cwd });
    expect(check).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^schools\.yaml: ok: model eight-schools \(10 dimensions\), 16 chains in 1 batch; needs about \d+ kB of disk and \d+ MB of memory\nprecision: auto took float32: [^\n]+\n$/,
      ),
      stderr: "",
    });
    const print = await manychain(["config", "print", "schools.yaml", "--set", "warmup=7"], { cwd });
    expect(print.stdout).toContain("warmup: 7\n");
    expect(print.stdout).toContain("sampler:\n  name: chees\n");
    expect(print.stderr).toContain("warning: --set warmup=7: warmup: below 20 iterations the metric stays at one");
    const schema = await manychain(["config", "schema"], { cwd });
    expect(JSON.parse(schema.stdout).properties).toHaveProperty("sampler");
  });
});

test("doctor, version and help", async () => {
  const doctor = await manychain(["doctor"]);
  expect(doctor).toMatchObject({ code: 0, stderr: "" });
  expect(doctor.stdout).toMatch(/wasm +ready/);
  const json = JSON.parse((await manychain(["doctor", "--json"])).stdout);
  expect(json.engines.map(({ name }: { name: string }) => name)).toContain("reference");
  expect(await manychain(["--version"])).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  const help = await manychain(["--help"]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  for (const command of ["run", "resume", "report", "diagnose", "doctor", "config", "init"]) {
    expect(help.stdout).toContain(`manychain ${command}`);
  }
});
