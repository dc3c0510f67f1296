/** Files that are none, and folders that cannot hold any: one line, exit code 2, and nothing is left behind. */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Finished, inFolder, manychain } from "./process.ts";

const CONFIG =
  "model: ./m.ts\ndata: { y: { json: y.json } }\nchains: 4\nwarmup: 20\ndraws: 20\nsampler: hmc\ngates: false\nworkers: 1\n";
const MODEL = `import { model, normal, real } from "manychain";
export default model({ data: { y: real("i") }, parameters: { mu: normal(0, 1) },
  likelihood: ({ y, mu }) => normal(mu, 1).observe(y) });
`;
const FILES = { "c.yaml": CONFIG, "m.ts": MODEL, "y.json": "[0.5, 1.5]" };

const linux = process.platform === "linux";

/** One line, without a stack. */
function expectLine({ code, stdout, stderr }: Finished, expected: RegExp): void {
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(expected);
  expect(stderr).not.toMatch(/\n\s+at /);
}

test.skipIf(!linux)(
  "a config, a model and data that are pipes, devices, sockets or folders",
  { timeout: 120_000 },
  async () => {
    const shapes: [RegExp, (path: string) => unknown][] = [
      [
        /it is a pipe, not a file: write what comes out of it into a file first/,
        (path) => execFileSync("mkfifo", [path]),
      ],
      [/it is a device, not a file/, async (path) => await symlink("/dev/zero", path)],
      [/it is a folder/, async (path) => await mkdir(path)],
      [/its links lead in a circle/, async (path) => await symlink(path, path)],
    ];
    for (const [expected, make] of shapes) {
      for (const name of ["c.yaml", "m.ts", "y.json"] as const) {
        const { [name]: _, ...others } = FILES as Record<string, string>;
        await inFolder(others as Record<string, string>, async (cwd) => {
          await make(join(cwd, name));
          expectLine(await manychain(["config", "check", "c.yaml"], { cwd }), expected);
        });
      }
    }
  },
);

test("a folder for results that cannot be made leaves nothing behind", { timeout: 120_000 }, async () => {
  const long = "x".repeat(300);
  const cases: [string[], RegExp][] = [
    [
      ["--out", "file"],
      /^cannot make the results folder .*file\/c: a part of the path is a file, not a folder\. Move that file away/,
    ],
    [
      ["--out", "file/deeper"],
      /^cannot make the results folder .*file\/deeper: a part of the path is a file, not a folder/,
    ],
    [["--out", `new/other/${long}`], /^cannot make the results folder .*: the name is too long for the file system/],
    [["--out", "new/a", "--run-id", "r".repeat(149)], /^$/],
    ...(linux
      ? ([
          [
            ["--out", "/proc/manychain"],
            /^cannot make the results folder \/proc\/manychain: .*another folder with --out\.\n$/,
          ],
          [["--out", "/dev/null"], /^cannot make the results folder \/dev\/null\/c: a part of the path is a file/],
        ] as [string[], RegExp][])
      : []),
  ];
  for (const [args, expected] of cases) {
    await inFolder({ ...FILES, file: "" }, async (cwd) => {
      const ran = await manychain(["run", "c.yaml", "--quiet", "--no-report", ...args], { cwd });
      if (expected.source === "^$") {
        expect(ran.code, ran.stderr).toBe(0);
        return;
      }
      expectLine(ran, expected);
      expect((await readdir(cwd)).sort()).toEqual(["c.yaml", "file", "m.ts", "y.json"]);
    });
  }
});

test("a file where the config's folder should be, and a folder where the lock should be", async () => {
  await inFolder(FILES, async (cwd) => {
    await mkdir(join(cwd, "results"));
    await writeFile(join(cwd, "results/c"), "");
    const args = ["run", "c.yaml", "--quiet", "--no-report", "--run-id", "r"];
    expectLine(await manychain(args, { cwd }), /results\/c: a part of the path is a file, not a folder/);
    expect((await manychain([...args, "--out", "o"], { cwd })).code).toBe(0);
    await mkdir(join(cwd, "o/c/r/run.lock"));
    const again = await manychain([...args, "--out", "o", "--force"], { cwd });
    expectLine(again, /run\.lock is not a file that manychain wrote\. Move it away, and try again\.\n$/);
  });
});

test("no folder for temporary files: a run needs none, verify says so", async () => {
  await inFolder(FILES, async (cwd) => {
    const env = { TMPDIR: join(cwd, "none") };
    const args = ["run", "c.yaml", "--quiet", "--no-report", "--run-id", "r"];
    expect((await manychain(args, { cwd, env })).code).toBe(0);
    const verified = await manychain(["verify", "c.yaml"], { cwd, env });
    expectLine(
      verified,
      /^cannot make a temporary folder in .*none: .*Set TMPDIR to a folder that can be written\.\n$/,
    );
  });
});
