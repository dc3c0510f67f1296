/**
 * `verify` finds whatever of a finished run was changed, by somebody who can make seals and checksums anew: each leaf of
 * run.json and summary.json, each array and each line of the events, one after the other. What is no function of the
 * config is listed with its reason (compareFolders.ts), and that list is walked too.
 */
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config/types.ts";
import { ReproductionError } from "../../src/errors.ts";
import { compareFolders, compareWithItself, OWN_OF_RUN, OWN_OF_SUMMARY } from "../../src/run/compareFolders.ts";
import { run } from "../../src/run/run.ts";
import { verify } from "../../src/run/verify.ts";
import { arrayDifferences } from "../../src/store/compare-arrays.ts";
import { documentDifferences, type FolderDifference } from "../../src/store/compare-documents.ts";
import { eventDifferences } from "../../src/store/compare-events.ts";
import { type JsonObject, openResults } from "../../src/store/index.ts";
import { type Editable, falsifyChunk, falsifyRun } from "../store/falsify.ts";
import { errorOf } from "./folder.ts";

const config: Config = {
  model: "eight-schools",
  data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
  coordinates: { school: ["A", "B", "C", "D", "E", "F", "G", "H"] },
  name: "s",
  chains: 8,
  batches: 2,
  warmup: 20,
  draws: 24,
  block: 8,
  warmup_draws: true,
  unconstrained: true,
  workers: 1,
  seed: 7,
};

let root: string;
let first: string;
let second: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "manychain-falsified-"));
  first = (await run(config, { out: root, runId: "first" }).result).directory!;
  second = (await run(config, { out: root, runId: "second", report: false }).result).directory!;
}, 60_000);
afterAll(async () => await rm(root, { recursive: true, force: true }));

let copies = 0;
async function copied(of = first): Promise<string> {
  const folder = join(root, `copy-${copies++}`);
  await cp(of, folder, { recursive: true });
  return folder;
}

/** What is found of a changed copy, against an honest second run. */
async function found(change: (folder: string) => Promise<void>, of = first, now = second): Promise<FolderDifference[]> {
  const folder = await copied(of);
  await change(folder);
  const { differences } = await compareFolders(await openResults(folder), await openResults(now));
  await rm(folder, { recursive: true, force: true });
  return [...differences];
}

/** The paths of all leaves of a document, and how to change each. */
function leavesOf(
  value: unknown,
  path: string,
  at: readonly (string | number)[],
): [string, readonly (string | number)[]][] {
  if (typeof value !== "object" || value === null) return [[path, at]];
  const entries = Array.isArray(value) ? value.map((each, i) => [i, each] as const) : Object.entries(value);
  return entries.flatMap(([key, each]) => {
    const name = typeof each === "object" && each !== null && "name" in each ? String(each.name) : key;
    const step = typeof key === "number" ? `[${name}]` : path === "" ? key : `.${key}`;
    return leavesOf(each, `${path}${step}`, [...at, key]);
  });
}

/** Another value of the same kind, or none. */
function other(value: unknown): unknown {
  if (typeof value === "number") return value === 0 ? 1 : value * 2;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? "0".repeat(64) : `${value}x`;
  return 17;
}

function changeAt(document: unknown, at: readonly (string | number)[], change: (value: unknown) => unknown): void {
  const parent = at.slice(0, -1).reduce<unknown>((inner, key) => (inner as Editable)[key], document) as Editable;
  const last = at.at(-1)!;
  const value = change(parent[last]);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

const isOwn = (path: string, own: Readonly<Record<string, string>>): boolean =>
  Object.keys(own).some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`));

test("an honest folder is reproduced, with its report", async () => {
  expect(await found(async () => undefined)).toEqual([]);
  expect((await verify(first)).text).toMatch(/^reproduced: 8 chains × 24 draws, digest [0-9a-f]{64}$/);
});

const read = async (folder: string, name: string): Promise<Editable> =>
  JSON.parse(await readFile(join(folder, name), "utf8")) as Editable;

/** The paths of a document's leaves whose change, or loss, is not found. */
async function unseen(name: string, own: Readonly<Record<string, string>>): Promise<string[]> {
  const [before, now] = [await read(first, name), (await read(second, name)) as JsonObject];
  const options = { own: Object.keys(own) };
  return leavesOf(before, "", []).flatMap(([path, at]) =>
    [other, () => undefined].flatMap((change) => {
      const changed = structuredClone(before);
      changeAt(changed, at, change);
      const differences = documentDifferences(name, changed as JsonObject, now, options);
      if (differences.length === 0) return [path];
      if (change === other) expect(differences.map(({ where }) => where)).toEqual([`${name}: ${path}`]);
      return [];
    }),
  );
}

test.each([
  ["run.json", OWN_OF_RUN],
  ["summary.json", OWN_OF_SUMMARY],
])("each leaf of %s, but for what is no function of the config", async (name, own) => {
  const paths = await unseen(name, own);
  expect(paths.length).toBeGreaterThan(4);
  expect(paths.filter((path) => !isOwn(path, own))).toEqual([]);
});

describe("each file of draws.zarr", () => {
  const all = async (): Promise<string[]> => {
    const store = join(first, "draws.zarr");
    const entries = await readdir(store, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => relative(store, join(entry.parentPath, entry.name)));
  };
  const changes: [string, (path: string, original: string) => Promise<void>][] = [
    [
      "changed",
      async (path) => {
        if (/\.z[a-z]+$/.test(path))
          return await writeFile(path, (await readFile(path, "utf8")).replace("{", '{"x": 1,'));
        await falsifyChunk(path, (bytes) => {
          bytes[bytes.length - 1]! ^= 1;
        });
      },
    ],
    ["lost", async (path) => await rm(path)],
    [
      "a link",
      async (path, original) => {
        await rm(path);
        await symlink(original, path);
      },
    ],
  ];
  test.each(changes)("%s", { timeout: 60_000 }, async (_, change) => {
    const files = await all();
    expect(files.length).toBeGreaterThan(80);
    const folder = await copied();
    for (const file of files) await change(join(folder, "draws.zarr", file), join(first, "draws.zarr", file));
    const { layout } = await openResults(second);
    const found = await arrayDifferences({ directory: folder, layout }, { directory: second, layout });
    const where = found.map((each) => each.where).join("\n");
    for (const file of files) {
      // Of an array's chunks that are changed, the first is named.
      const isChunk = _ === "changed" && !/\.z[a-z]+$/.test(file);
      expect(where).toContain(`draws.zarr/${isChunk ? file.split("/").slice(0, -1).join("/") : file}`);
    }
  });
  test("one too many", async () => {
    const more = await found(async (folder) => await writeFile(join(folder, "draws.zarr/posterior/mu/7.0"), "x"));
    expect(more).toEqual([{ where: "draws.zarr/posterior/mu/7.0", was: "a file", is: "nothing" }]);
  });
});

test("an element is named by its label, its chain and its draw, with both values", async () => {
  const changed = async (array: string, chunk: string, at: number) =>
    (
      await found((folder) =>
        falsifyChunk(join(folder, "draws.zarr", array, chunk), (bytes) => bytes.writeFloatLE(99, at)),
      )
    )[0];
  // Batch 1 begins at chain 4; its second block at draw 8; theta has eight schools.
  expect(await changed("posterior/theta", "1.1.0", 4 * (8 * (8 * 2 + 3) + 5))).toMatchObject({
    where: "draws.zarr/posterior/theta[F]: chain 6, draw 11",
    was: "99",
  });
  expect(await changed("constant_data/sigma", "0", 8)).toMatchObject({
    where: "draws.zarr/constant_data/sigma[B]",
    is: "10",
  });
  expect((await changed("warmup_posterior/mu", "0.0", 0))!.where).toBe(
    "draws.zarr/warmup_posterior/mu: chain 0, draw 0",
  );
});

test("each line of the events, the table and the report", { timeout: 60_000 }, async () => {
  const text = await readFile(join(first, "events.ndjson"), "utf8");
  const lines = text.trimEnd().split("\n");
  const folder = await copied();
  const differ = async (changed: readonly string[]): Promise<string[]> => {
    await writeFile(join(folder, "events.ndjson"), changed.join("\n"));
    return (await eventDifferences(folder, second)).map(({ where }) => where);
  };
  expect(await differ(lines)).toEqual([]);
  for (const [index, line] of lines.entries()) {
    const event = JSON.parse(line) as Editable;
    // How long it took to compile is all that it tells.
    if (event["kind"] === "compiled") continue;
    const [lost] = await differ(lines.filter((_, i) => i !== index));
    expect(lost, line).toContain(`events.ndjson: ${String(event["kind"])}`);
    const own = ["time", "seconds", "workers"];
    for (const [path, at] of leavesOf(event, "", []).filter(([each]) => !own.includes(each.split(/[.[]/)[0]!))) {
      const changed = structuredClone(event);
      changeAt(changed, at, other);
      const where = await differ(lines.map((each, i) => (i === index ? JSON.stringify(changed) : each)));
      expect(where.length, `${line}: ${path}`).toBeGreaterThan(0);
    }
  }
  for (const [name, content] of [
    ["summary.csv", "x\n1\n"],
    ["report.html", "<h1>all well</h1>"],
    ["events.ndjson", ""],
  ] as const) {
    const [difference] = await found(async (folder) => await writeFile(join(folder, name), content));
    expect(difference?.where).toContain(name);
  }
  for (const name of ["summary.csv", "summary.json", "events.ndjson"]) {
    const differences = await found(async (folder) => await rm(join(folder, name)));
    expect(differences[0]).toMatchObject({ where: name });
  }
});

/** Sets a key of run.json. */
const set =
  (at: readonly (string | number)[], value: unknown) =>
  (folder: string): Promise<void> =>
    falsifyRun(folder, (document) => changeAt(document, at, () => value));

describe("verify: exit code 4, with what was changed", () => {
  const cases: [string, (folder: string) => Promise<void>, string][] = [
    [
      "a draw",
      (d) => falsifyChunk(join(d, "draws.zarr/posterior/mu/0.0"), (b) => b.writeFloatLE(99, 0)),
      "mu: chain 0, draw 0: was 99",
    ],
    [
      "a seal",
      async (d) =>
        await writeFile(
          join(d, "run.json"),
          (await readFile(join(d, "run.json"), "utf8")).replace('"seed": "7"', '"seed": "8"'),
        ),
      "its seal does not match",
    ],
    [
      "run.json cut short",
      async (d) => await writeFile(join(d, "run.json"), (await readFile(join(d, "run.json"), "utf8")).slice(0, -80)),
      "is not valid JSON",
    ],
    ["the config's chains", set(["config", "chains"], 3), "config in run.json of"],
    ["the config's data", set(["config", "data", "y"], [1, 2]), "config in run.json of"],
    ["one number of them", set(["config", "data", "y", 0], 29), "hashes.bound_data was"],
    ["the config's seed", set(["config", "seed"], "1"), "run.json: hashes.config"],
    [
      "gates that were loosened",
      set(["config", "gates", "rhat"], 5),
      "summary.json: gates[rhat].limit: was 1.01, is 5",
    ],
    ["the hash of the model", set(["hashes", "model"], "0".repeat(64)), "hashes.model was 0000"],
    ["the hash of its program", set(["hashes", "program"], "0".repeat(64)), "hashes.program was 0000"],
    [
      "a time in summary.json",
      async (d) => {
        const path = join(d, "summary.json");
        await writeFile(path, (await readFile(path, "utf8")).replace('"total": ', '"total": 1'));
      },
      "summary.json: was another file, is that of its SHA-256 in run.json",
    ],
    [
      "a time in events.ndjson",
      async (d) => {
        const path = join(d, "events.ndjson");
        await writeFile(path, (await readFile(path, "utf8")).replace('"time":"20', '"time":"21'));
      },
      "events.ndjson: was another file",
    ],
    [
      "the SHA-256 of summary.json",
      set(["files", "summary.json", "sha256"], "0".repeat(64)),
      "summary.json: was another file",
    ],
    [
      "a mean, with its SHA-256",
      async (d) => {
        const path = join(d, "summary.json");
        const text = (await readFile(path, "utf8")).replace('"mean": ', '"mean": 1');
        await writeFile(path, text);
        const sha256 = createHash("sha256").update(text).digest("hex");
        await set(["files", "summary.json"], { bytes: Buffer.byteLength(text), sha256 })(d);
      },
      "summary.json: quantities[",
    ],
    ["its status", set(["status"], "interrupted"), 'status: was "interrupted", is "complete"'],
    ["its digests", set(["digests"], undefined), "run.json: digests: was nothing"],
  ];
  test.each(cases)("%s", async (_, change, named) => {
    const folder = await copied();
    await change(folder);
    const error = await errorOf(verify(folder));
    expect(error).toBeInstanceOf(ReproductionError);
    expect((error as ReproductionError).exitCode).toBe(4);
    expect(error.message).toContain(named);
  });
});

test("facts that may differ are told", async () => {
  const folder = await copied();
  await set(["versions", "node"], "v1.0.0")(folder);
  expect((await verify(folder)).text).toMatch(
    /^reproduced: .*\nversions\.node differs, as it may: was v1\.0\.0, is v[\d.]+\.\nreport\.html was made with another Node/,
  );
});

test("on another machine, whose bits differ, a folder is held to itself and to what does not depend on bits", async () => {
  const [now, folder] = [await openResults(second), await copied()];
  const differences = async (): Promise<string> =>
    (await compareWithItself(await openResults(folder), now)).map(({ where }) => where).join("\n");
  expect(await differences()).toBe("");
  await falsifyChunk(join(folder, "draws.zarr/posterior/mu/1.1"), (bytes) => bytes.writeFloatLE(99, 0));
  await falsifyChunk(join(folder, "draws.zarr/constant_data/sigma/0"), (bytes) => bytes.fill(0));
  await set(["digests", "run"], "0".repeat(64))(folder);
  await set(["layout", "coordinates", "school", 0], "Z")(folder);
  const found = await differences();
  for (const part of [
    "draws.zarr/posterior: chain 4",
    "run.json: digests.run",
    "summary.json: quantities[mu].mean",
    "run.json: layout.coordinates.school[0]",
    "draws.zarr/constant_data/sigma[A]",
  ])
    expect(found).toContain(part);
});

test("an array that claims another shape is refused when the folder is opened", async () => {
  const folder = await copied();
  await falsifyRun(folder, (document) => {
    changeAt(document, ["layout", "variables", 0, "shape"], () => [60_000_000]);
    changeAt(document, ["layout", "variables", 0, "dims"], () => ["q"]);
  });
  const begun = performance.now();
  expect((await errorOf(openResults(folder))).message).toMatch(/is \[.*\], expected \[.*,60000000\]/);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test("draws that are thinned, moments, and a rule are compared too", { timeout: 120_000 }, async () => {
  const { unconstrained: _, ...plain } = config;
  const kinds: [string, Partial<Config>, string][] = [
    ["thinned", { keep: "thinned", thin: 3 }, "draws.zarr/moments/posterior"],
    ["moments", { keep: "moments", warmup_draws: false }, "draws.zarr/moments/sample_stats"],
    ["until", { draws: { until: { ess: 8 }, check: 16, max: 48 } }, "draws.zarr/posterior/mu"],
  ];
  for (const [name, change, array] of kinds) {
    const made = { ...plain, ...change, name };
    const of = (await run(made, { out: root, runId: "first" }).result).directory!;
    const now = (await run(made, { out: root, runId: "second", report: false }).result).directory!;
    expect(await found(async () => undefined, of, now), name).toEqual([]);
    const chunk = (folder: string): string => join(folder, array, array.includes("moments") ? "0.0.0" : "0.0");
    const [difference] = await found(
      async (folder) =>
        await falsifyChunk(chunk(folder), (bytes) => {
          bytes[0]! ^= 1;
        }),
      of,
      now,
    );
    expect(difference?.where).toContain(array);
  }
});

test("a run that was stopped and gone on with is reproduced", { timeout: 60_000 }, async () => {
  const running = run({ ...config, name: "stopped", draws: 400 }, { out: root, runId: "x", report: false });
  running.events.subscribe({ next: ({ kind }) => kind === "block" && running.stop(), error: () => undefined });
  const { status, directory } = await running.result;
  expect(status).toBe("interrupted");
  await run({ ...config, name: "stopped", draws: 400 }, { resume: directory! }).result;
  expect((await verify(directory!)).text).toMatch(/^reproduced: 8 chains × 400 draws/);
});
