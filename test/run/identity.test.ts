import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { constant, loop } from "../../src/graph/node.ts";
import { model, normal, positive, real } from "../../src/index.ts";
import { bind } from "../../src/model/bind.ts";
import { density } from "../../src/model/density.ts";
import type { ModelData } from "../../src/model/plainData.ts";
import { checkPure, identityOf } from "../../src/run/identity.ts";
import { configOfResults } from "../../src/run/resume.ts";
import { run } from "../../src/run/run.ts";
import { falsifyRun } from "../store/falsify.ts";
import { errorOf, withFiles } from "./folder.ts";

const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

test("the hash of a program is what the head of identity.ts says", () => {
  const { program, parts } = identityOf(bind(density({ dimension: 2, logDensity: (z) => z.square().sum().mul(-0.5) })));
  const z = sha256('"z of z" float [2] false');
  const square = sha256(["mul float [2] false", z, z].join("\n"));
  const sum = sha256(["sum float [] false", "axes=[0]", square].join("\n"));
  const half = sha256("constant float [] true\n", new Uint8Array(Float64Array.of(-0.5).buffer));
  const expected = {
    "parameter z": sha256(JSON.stringify(["real", ["coordinate"], [2], 0])),
    "variable x": sha256(JSON.stringify(["float", ["coordinate"], [2], z])),
    "log density": sha256(["mul float [] false", sum, half].join("\n")),
    "what is observed": sha256("[]"),
  };
  expect(parts).toEqual(expected);
  const lines = Object.entries(expected).map(([name, hash]) => `${JSON.stringify(name)} ${hash}\n`);
  expect(program).toBe(sha256(lines.join("")));
});

const numbers = (...data: number[]): ModelData => ({ data, shape: [data.length] });

/** The identity of a small model, with one thing changed. */
function small({ sd = 1, scale = 2, y = [1, 2, 3], labels = ["a", "b", "c"] } = {}) {
  const declared = model({
    name: "small",
    data: { y: real("row") },
    parameters: { mu: normal(0, sd) },
    derived: ({ mu }) => ({ twice: mu.mul(scale) }),
    likelihood: ({ y: seen, mu }) => normal(mu, 1).observe(seen),
  });
  return identityOf(bind(declared, { data: { y: numbers(...y) }, coordinates: { row: labels } }));
}

describe("program and data are told apart", () => {
  test("the same again is the same", () => expect(small()).toEqual(small()));
  test.each([
    ["a prior", { sd: 1.0000000000000002 }, ["prior of mu"]],
    ["a derived quantity", { scale: 3 }, ["variable twice"]],
    ["data", { y: [1, 2, 3.0000000000000004] }, []],
    ["the sign of a zero in data", { y: [1, 2, -0] }, []],
    ["labels", { labels: ["a", "b", "d"] }, []],
  ] as const)("%s", (_, change, parts) => {
    const [before, now] = [
      small(_.startsWith("the sign") ? { y: [1, 2, 0] } : {}),
      small(structuredClone(change) as never),
    ];
    expect(Object.keys(now.parts).filter((name) => now.parts[name] !== before.parts[name])).toEqual(parts);
    expect(now.program === before.program).toBe(parts.length === 0);
    expect(now.data === before.data).toBe(parts.length > 0);
  });
});

test("a program is what it computes: how often a part is used does not matter, a loop's body does", () => {
  const of = (build: Parameters<typeof density>[0]["logDensity"]): string =>
    identityOf(bind(density({ dimension: 2, logDensity: build }))).program;
  const shared = of((z) => {
    const e = z.exp();
    return e.add(e).sum();
  });
  expect(of((z) => z.exp().add(z.exp()).sum())).toBe(shared);
  const turns = (body: "exp" | "tanh", inner = 2): string =>
    of((z) => {
      const { x } = loop(constant(3, [], "int32"), { x: z }, ({ x: outer }) => {
        const { y } = loop(constant(inner, [], "int32"), { y: outer }, ({ y: each }, i) => ({
          y: each[body]().add(z).add(i.toFloat()).add(outer),
        }));
        return { x: y };
      });
      return x.sum();
    });
  expect(turns("exp")).toBe(turns("exp"));
  expect(new Set([turns("exp"), turns("tanh"), turns("exp", 3)]).size).toBe(3);
});

test("what is not a number is the same, whatever its bits", () => {
  const nan = new Float64Array(3);
  new BigUint64Array(nan.buffer).set([0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff8000000000001n]);
  const of = (values: Float64Array): string =>
    identityOf(bind(density({ dimension: 1, logDensity: (z) => z.sum().add(constant(values).reduceMax()) }))).program;
  expect(of(nan)).toBe(of(Float64Array.of(Number.NaN, Number.NaN, Number.NaN)));
  expect(of(nan)).not.toBe(of(Float64Array.of(Number.NaN, Number.NaN, 1)));
});

test("a model that is another one each time that it is built is refused, with the part", () => {
  let count = 0;
  const counting = bind(
    model({
      name: "counting",
      data: { y: positive() },
      parameters: { mu: normal(0, 1), tau: normal(0, 1) },
      derived: ({ mu }) => ({ twice: mu.mul(2) }),
      likelihood: ({ y, mu }) => normal(mu, ++count).observe(y),
    }),
    { data: { y: { data: [1], shape: [] } } },
  );
  expect(() => checkPure(counting, identityOf(counting))).toThrow(
    /^model counting is another one each time that it is built: likelihood of y differs\. A model must be the same/,
  );
});

/** A model file whose prior has the scale that this code gives. */
const modelFile = (scale: string, head = ""): string => `import { model, normal, real } from "manychain";
${head}
const sd = ${scale};
export default model({ name: "a", data: { y: real("i") }, parameters: { mu: normal(0, sd) },
  derived: ({ mu }) => ({ twice: mu.mul(2) }), likelihood: ({ y, mu }) => normal(mu, 1).observe(y) });
`;
const CONFIG = `model: ./m.ts
data: { y: [3, 3.5] }
chains: 8
batches: 2
warmup: 20
draws: 60
block: 10
workers: 2
sampler: hmc
gates: false
`;

describe("a model that differs by thread or by time is an error, and no draw of it is stored", () => {
  test.each([
    ["chance", "1 + Math.random()", ""],
    ["the thread", "1 + threadId", 'import { threadId } from "node:worker_threads";'],
    ["a branch of workers", "isMainThread ? 1 : 2", 'import { isMainThread } from "node:worker_threads";'],
    ["the clock", "1 + performance.now()", ""],
    ["the environment", "Number(process.env.MANYCHAIN_TEST_SD ??= String(Math.random()))", ""],
    ["a function's chance", "() => 1", "const real = 1; Math.max = Math.random;"],
  ])("%s", async (_, scale, head) => {
    const text = scale.startsWith("()")
      ? modelFile("1").replace("normal(mu, 1)", "normal(mu, 1 + Math.random())")
      : modelFile(scale, head);
    await withFiles({ "m.ts": text, "m.yaml": CONFIG }, async (folder) => {
      const error = await errorOf(run(join(folder, "m.yaml"), { out: folder, runId: "x" }).result);
      expect(error).toMatchObject({ name: "ModelError", exitCode: 2 });
      expect(error.message).toMatch(/m\.ts.*(prior of mu|likelihood of y) differs\. A model must be the same/);
      const stored = await readdir(join(folder, "m/x/draws.zarr/posterior/mu")).catch(() => []);
      expect(stored.filter((name) => !name.startsWith("."))).toEqual([]);
    });
  });
});

/** Calls `use` with the folder of a run that was stopped, whose model imports a number. */
async function withStopped(use: (folder: string, results: string) => Promise<void>): Promise<void> {
  const files = {
    "helper.ts": "export const scale = 1;\n",
    "m.ts": modelFile("scale", 'import { scale } from "./helper.ts";'),
    "m.yaml": CONFIG,
  };
  await withFiles(files, async (folder) => {
    const running = run(join(folder, "m.yaml"), { out: folder, runId: "x", report: false });
    running.events.subscribe({ next: ({ kind }) => kind === "block" && running.stop(), error: () => undefined });
    await use(folder, (await running.result).directory!);
  });
}

test("a run whose model imports something else now does not go on", { timeout: 60_000 }, async () => {
  await withStopped(async (folder, results) => {
    const before = await readFile(join(results, "run.json"), "utf8");
    await writeFile(join(folder, "helper.ts"), "export const scale = 100;\n");
    const again = async (): Promise<Error> =>
      await errorOf(run((await configOfResults(results)).loaded, { resume: results }).result);
    const error = await again();
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toMatch(
      /its draws were made with something else:\n {2}the model's program \(what its file imports, or reads, counts too\): was [0-9a-f]{64}, is [0-9a-f]{64}\nResume/,
    );
    expect(await readFile(join(results, "run.json"), "utf8")).toBe(before);
    await writeFile(join(folder, "helper.ts"), "export const scale = 1; // as it was\n");
    const whole = await run(join(folder, "m.yaml"), { store: false }).result;
    const resumed = await run((await configOfResults(results)).loaded, { resume: results, report: false }).result;
    expect(resumed.digests).toEqual(whole.digests);
  });
});

test("a folder of the older form, which has no such hashes, goes on as before", { timeout: 60_000 }, async () => {
  await withStopped(async (folder, results) => {
    await falsifyRun(results, (document) => {
      document["format"] = "manychain results 1";
      const { program: _, bound_data: __, ...hashes } = document["hashes"] as Record<string, unknown>;
      document["hashes"] = hashes;
    });
    const { loaded, notes } = await configOfResults(results);
    expect(notes).toEqual([
      expect.stringMatching(/older form, without hashes of the model's program.*: only the model's file/),
    ]);
    const whole = await run(join(folder, "m.yaml"), { store: false }).result;
    expect((await run(loaded, { resume: results, report: false }).result).digests).toEqual(whole.digests);
  });
});

test("a model that is an object is held to its program too", async () => {
  await withFiles({}, async (folder) => {
    const config = (sd: number) => ({
      model: model({ name: "o", parameters: { mu: normal(0, sd) } }),
      chains: 8,
      batches: 2,
      warmup: 20,
      draws: 60,
      block: 10,
      gates: false as const,
    });
    const running = run(config(1), { out: folder, runId: "x", report: false });
    running.events.subscribe({ next: ({ kind }) => kind === "block" && running.stop(), error: () => undefined });
    const { directory } = await running.result;
    const error = await errorOf(run(config(2), { resume: directory! }).result);
    expect(error.message).toContain("the model's program");
    const whole = await run(config(1), { store: false }).result;
    expect((await run(config(1), { resume: directory!, report: false }).result).digests).toEqual(whole.digests);
  });
});
