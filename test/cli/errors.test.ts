import { expect, test } from "vitest";
import { inFolder, manychain, SCHOOLS } from "./process.ts";

const USAGE = "manychain --help lists the commands, manychain <command> --help its arguments.\n";

/** Runs a command in a folder with these files; standard error without the folder's name. */
async function failure(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<readonly [code: number | null, text: string]> {
  return await inFolder(files, async (cwd) => {
    const { code, stdout, stderr } = await manychain(args, { cwd });
    expect(stdout).toBe("");
    return [code, stderr.replaceAll(`${cwd}/`, "")];
  });
}

test.each([
  [[], `Name a command.\n${USAGE}`],
  [["rum"], `Did you mean run?\n${USAGE}`],
  [["run"], `An argument is missing: found 0, expected 1.\n${USAGE}`],
  [["run", "x.yaml", "--sed", "3"], `Unknown argument: sed\n${USAGE}`],
  [["run", "x.yaml", "--seed"], `Not enough arguments following: seed\n${USAGE}`],
  [["run", "x.yaml", "--seed", "1", "--seed", "2"], `--seed is given 2 times: give it once.\n${USAGE}`],
  [["config"], `Name an action: check, print or schema.\n${USAGE}`],
] as const)("wrong usage: %j", async (args, text) => {
  expect(await failure(args)).toEqual([2, text]);
});

test("a config that is not there, or has an unknown key", async () => {
  expect(await failure(["run", "none.yaml"])).toEqual([
    2,
    "none.yaml: cannot read the config: there is no such file\n",
  ]);
  expect(await failure(["run", "x.yaml"], { "x.yaml": `${SCHOOLS}warmpu: 3\n` })).toEqual([
    2,
    'x.yaml:8:1: unknown key "warmpu"; did you mean "warmup"?\n  8 | warmpu: 3\n    | ^^^^^^\n',
  ]);
});

test("options of the command line are checked as the config's are", async () => {
  const files = { "x.yaml": SCHOOLS };
  expect(await failure(["run", "x.yaml", "--workers", "many"], files)).toEqual([
    2,
    '--workers many: workers: expected auto, or an integer from 1 to 1024, found "many"\n',
  ]);
  expect(await failure(["run", "x.yaml", "--seed", "-1"], files)).toEqual([
    2,
    '--seed -1: seed: expected an integer from 0 to 18446744073709551615, found "-1"\n',
  ]);
  expect(await failure(["run", "x.yaml", "--engine", "wsam"], files)).toEqual([
    2,
    '--engine wsam: engine: expected one of wasm, reference, tensorflow, xla, auto, found "wsam"; did you mean "wasm"?\n',
  ]);
});

test("an unknown model is placed in the config", async () => {
  const [code, text] = await failure(["run", "x.yaml"], { "x.yaml": "chains: 8\nmodel: eigth-schools\n" });
  expect(code).toBe(2);
  expect(text).toMatch(/^x\.yaml:2:8: model: There is no model eigth-schools; did you mean eight-schools\?/);
  expect(await failure(["run", "x.yaml"], { "x.yaml": "model: ./mine.ts\n" })).toEqual([
    2,
    "x.yaml:1:8: model: cannot read the model file mine.ts: there is no such file\n  1 | model: ./mine.ts\n    |        ^^^^^^^^^\n",
  ]);
});

const LINE = "model: linear-regression\ndata:\n  x: { csv: d.csv, columns: [a, b] }\n  y: { csv: d.csv, column: y }\n";

test("data: a missing file, a missing column, a cell that is not a number, data that the model does not know", async () => {
  const quote = `\n  3 |   x: { csv: d.csv, columns: [a, b] }\n    |      ${"^".repeat(31)}\n`;
  expect(await failure(["run", "x.yaml"], { "x.yaml": LINE })).toEqual([
    2,
    `x.yaml:3:6: data.x: cannot read d.csv: there is no such file${quote}`,
  ]);
  expect(await failure(["run", "x.yaml"], { "x.yaml": LINE, "d.csv": "a,bb,y\n1,2,3\n" })).toEqual([
    2,
    `x.yaml:3:6: data.x: d.csv has no column "b"; did you mean "bb"?${quote}`,
  ]);
  const [code, text] = await failure(["run", "x.yaml"], { "x.yaml": LINE, "d.csv": "a,b,y\n1,2,3\n4,NaN,6\n" });
  expect(code).toBe(2);
  expect(text).toMatch(
    /^d\.csv:3:3: row 2, column "b": expected a finite number, found "NaN"; a model takes no missing values: leave the row out, or fill it in\n/,
  );
  const [, extra] = await failure(["run", "x.yaml"], { "x.yaml": `${SCHOOLS.replace("sigma:", "sigm:")}` });
  expect(extra).toMatch(
    /^x\.yaml:2:7: data: Model eight-schools needs data named sigma; did you mean sigm\? It was given y and sigm; it takes y and sigma\.\n/,
  );
});

test.each([
  [
    "sigma: [1, -2]",
    "x.yaml:4:10: data.sigma: Data sigma must be finite numbers greater than 0; school 1 (from 0) is -2.",
  ],
  [
    "sigma: [1, 2, 3]",
    "x.yaml:4:10: data.sigma: Dimension school has 3 entries in data sigma, but 2 in data y: the two",
  ],
  [
    "sigma: [1, 2]\ncoordinates: { town: [a, b] }",
    "x.yaml:5:22: coordinates.town: Labels were given for dimension town,",
  ],
  [
    "sigma: [1, 2]\noptions: { parametrization: no }",
    "x.yaml:5:29: options.parametrization: Model eight-schools: option",
  ],
  [
    "sigma: [1, 2]\noptions: { parametrisation: centred }",
    "x.yaml:5:29: options.parametrisation: Model eight-schools has no",
  ],
  [
    "sigma: [1, 2]\ninit: { values: { mu: 1, tau: -1, eta: [0, 0] } }",
    "x.yaml:5:31: init.values.tau: tau must be greater",
  ],
  [
    "sigma: [1, 2]\ninit: { values: { mu: 1, eta: [0, 0] } }",
    "x.yaml:5:17: init.values: Model eight-schools needs values of",
  ],
])("what the model finds wrong is placed in the config: %j", async (rest, start) => {
  const [code, text] = await failure(["config", "check", "x.yaml"], {
    "x.yaml": `model: eight-schools\ndata:\n  y: [1, 2]\n  ${rest}\n`,
  });
  expect(code).toBe(2);
  expect(text.slice(0, start.length)).toBe(start);
});

test.each([
  ["mu: normal(0, -1)", "normal(mu, 1)", "m.ts:4: normal: sd must be greater than 0; it is -1.\n"],
  ["mu: normal(0, 1)", "normal(mu.at(3), 1)", "m.ts:5: slice has no axis 0; it was given float[].\n"],
  ["mu: normal(0, 1)", "nrmal(mu, 1)", "m.ts:5: the code of model m failed: ReferenceError: nrmal is not defined\n"],
  [
    "mu: normal(0, 1).over('col')",
    "normal(mu, 1)",
    "m.ts:4: Parameter mu has a dimension col, whose size is not known.",
  ],
])("what is wrong with a model's code is placed in its file: %s, %s", async (parameter, distribution, start) => {
  const model = `import { model, normal, real } from "manychain";
    export default model({
      name: "m", data: { y: real("row") },
      parameters: { ${parameter} },
      likelihood: ({ y, mu }) => ${distribution}.observe(y),
    });`;
  const [code, text] = await failure(["config", "check", "x.yaml"], {
    "x.yaml": "model: ./m.ts\ndata: { y: [1, 2] }\n",
    "m.ts": model,
  });
  expect(code).toBe(2);
  expect(text.slice(0, start.length)).toBe(start);
});

test("more batches than chains, and too few chains for ChEES", async () => {
  const [code, text] = await failure(["run", "x.yaml", "--set", "batches=20"], { "x.yaml": SCHOOLS });
  expect(code).toBe(2);
  expect(text).toBe("--set batches=20: batches: more batches than chains: 20 batches for 16 chains\n");
  const [, few] = await failure(["run", "x.yaml", "--set", "chains=3"], { "x.yaml": SCHOOLS });
  expect(few).toMatch(/^--set chains=3: chains: sampler chees needs at least 4 chains in every batch, but 3 chains/);
});

test("a model whose density is not finite at any start: the chain and the term are named", async () => {
  const model = `import { model, normal, real } from "manychain";
    export default model({
      data: { y: real("row") },
      parameters: { a: normal(0, 1) },
      likelihood: ({ y, a }) => normal(a.square().neg().sub(1).sqrt(), 1).observe(y),
    });`;
  const files = { "x.yaml": "model: ./m.ts\ndata: { y: [1, 2] }\nchains: 4\n", "m.ts": model };
  const [code, text] = await failure(["run", "x.yaml", "--quiet"], files);
  expect(code).toBe(2);
  expect(text).toMatch(/^batch 0 \(chains 0 to 3\): .*chain 0.*likelihood of y/is);
  expect(text).toContain("100");
  expect(text.trimEnd().split("\n")).toHaveLength(1);
});

test("an engine that cannot run this", async () => {
  const asked = ["run", "x.yaml", "--engine", "reference", "--precision", "float32", "--quiet"];
  const [code, text] = await failure(asked, { "x.yaml": SCHOOLS });
  expect(code).toBe(5);
  expect(text).toContain("The reference engine computes in float64 only, not float32. Set precision to float64");
});

test("a results folder that cannot be made, an unsafe run id, an existing run", async () => {
  const files = { "x.yaml": SCHOOLS, taken: "a file" };
  const [code, text] = await failure(["run", "x.yaml", "--out", "taken"], files);
  expect(code).toBe(2);
  expect(text).toBe(
    "cannot make the results folder taken/x: a part of the path is a file, not a folder. Move that file away, or choose another folder with --out.\n",
  );
  const [unsafe, why] = await failure(["run", "x.yaml", "--run-id", "../up"], files);
  expect(unsafe).toBe(2);
  expect(why).toMatch(/^the run id "\.\.\/up" cannot name a file: it has a path separator\./);
  await inFolder(files, async (cwd) => {
    const small = ["run", "x.yaml", "--set", "draws=8", "--set", "gates=false", "--run-id", "a", "--quiet"];
    expect((await manychain(small, { cwd })).code).toBe(0);
    const again = await manychain(small, { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr.replaceAll(`${cwd}/`, "")).toBe(
      "the run results/x/a exists already and is not overwritten. Give another --run-id, or replace it with --force.\n",
    );
    expect((await manychain([...small, "--force"], { cwd })).code).toBe(0);
  });
});

test("report and diagnose of what is no results", async () => {
  const [none, why] = await failure(["report", "nowhere"]);
  expect(none).toBe(2);
  expect(why).toMatch(/nowhere is not a results folder: it has no run\.json\. Give the folder results/);
  const [code, text] = await failure(["diagnose", "x.nc"], { "x.nc": "" });
  expect(code).toBe(2);
  expect(text).toMatch(/x\.nc/);
});
