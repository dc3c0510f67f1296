import { expect, test } from "vitest";
import { loadConfig, parseSetting, resolveConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { folder, messageOf } from "./folder.ts";

/** The error of a config file with this text. */
function errorOf(text: string | Uint8Array, name = "x.yaml", others: Record<string, string> = {}): string {
  const { path, remove } = folder({ [name]: text, ...others });
  try {
    return messageOf(() => loadConfig(`${path}/${name}`), path);
  } finally {
    remove();
  }
}

/** The first lines of each problem, without the quoted source. */
const heads = (message: string): string[] => message.split("\n\n").map((problem) => problem.split("\n")[0]!);

test("an unknown key is shown in its line, with what was meant", () => {
  expect(errorOf("model: m\nchains: 8\n\nwarmpu: 500\n")).toBe(
    'x.yaml:4:1: unknown key "warmpu"; did you mean "warmup"?\n  4 | warmpu: 500\n    | ^^^^^^',
  );
  expect(errorOf("model: m\nzzz: 1\n")).toContain('unknown key "zzz"; expected one of extends, name, model, options');
  expect(errorOf("model: m\nbatch: 4\n")).toContain('unknown key "batch"; did you mean "batches"?');
});

test("all problems are told at once, in the order of the file", () => {
  const text = "modle: m\nchains: many\ndraws: 0\nsampler: chess\nengine: wsam\nseed: -1\nblock: 1.5\nworkers: none\n";
  expect(heads(errorOf(text))).toEqual([
    'x.yaml:1:1: unknown key "modle"; did you mean "model"?',
    'x.yaml:2:9: chains: expected an integer from 1 to 10000000, found "many"',
    "x.yaml:3:8: draws: expected an integer from 1 to 10000000, or { until, check, max }, found 0",
    'x.yaml:4:10: sampler.name: expected one of chees, hmc, nuts, found "chess"; did you mean "chees"?',
    'x.yaml:5:9: engine: expected one of wasm, reference, tensorflow, xla, auto, found "wsam"; did you mean "wasm"?',
    "x.yaml:6:7: seed: expected an integer from 0 to 18446744073709551615, found -1",
    "x.yaml:7:8: block: expected an integer from 1 to 100000, found 1.5",
    'x.yaml:8:10: workers: expected auto, or an integer from 1 to 1024, found "none"',
  ]);
});

test("at most ten problems are written out", () => {
  const text = `model: m\n${Array.from({ length: 14 }, (_, i) => `zz${i}: 1\n`).join("")}`;
  const shown = errorOf(text).split("\n\n");
  expect(shown).toHaveLength(11);
  expect(shown[10]).toBe("… and 4 more problems");
});

test("a missing key, an empty value and a wrong kind of value", () => {
  expect(heads(errorOf("chains: 8\n"))).toEqual([
    'x.yaml:1:1: missing key "model": expected the name of a shipped model, or a path such as ./my-model.ts',
  ]);
  expect(heads(errorOf("model: m\nwarmup:\n"))).toEqual([
    "x.yaml:2:8: warmup: expected an integer from 0 to 10000000, found nothing (an empty value)",
  ]);
  expect(heads(errorOf("model: m\nwarmup_draws: yes\n"))).toEqual([
    'x.yaml:2:15: warmup_draws: expected true or false, found "yes"',
  ]);
  expect(heads(errorOf("model: m\ndata: 4\noptions: [1]\n"))).toEqual([
    "x.yaml:2:7: data: expected a mapping from the model's data names to sources, found 4",
    "x.yaml:3:10: options: expected a mapping from names to texts, numbers, true, false or null, found [1]",
  ]);
});

test("the sampler's options are those of its name", () => {
  expect(heads(errorOf("model: m\nsampler: { name: hmc, max_steps: 3 }\n"))).toEqual([
    'x.yaml:2:23: unknown key "max_steps" in sampler hmc; expected one of name, step_size, steps, metric, target_acceptance',
  ]);
  expect(heads(errorOf("model: m\nsampler:\n  name: hmc\n  stepz: 4\n  step_size: fast\n"))).toEqual([
    'x.yaml:4:3: unknown key "stepz" in sampler hmc; did you mean "steps"?',
    'x.yaml:5:14: sampler.step_size: expected auto, or a number above 0, found "fast"',
  ]);
  expect(heads(errorOf("model: m\nsampler: { target_acceptance: 1 }\n"))).toEqual([
    "x.yaml:2:31: sampler.target_acceptance: expected a number above 0 and below 1, found 1",
  ]);
  expect(heads(errorOf("model: m\nsampler: 3\n"))).toEqual([
    "x.yaml:2:10: sampler: expected one of chees, hmc, nuts, found 3",
  ]);
});

test("unions read well: data, init, gates", () => {
  const text = `model: m
data:
  a: { cvs: f.csv }
  b: [1, [2], c]
  c: { csv: f.csv, column: b, columns: all }
  d: { csv: f.csv, colum: b }
  e: .nan
  f: { json: f.json, csv: g.csv }
init: { unifrm: 2 }
gates: { rhat: 0.9 }
`;
  const entry = "expected a number, (nested) lists of numbers, { csv, column }, { csv, columns } or { json, key }";
  expect(heads(errorOf(text))).toEqual([
    'x.yaml:3:8: unknown key "cvs" in data.a; did you mean "csv"?',
    "x.yaml:4:10: data.b[1]: expected a finite number, found [2]",
    'x.yaml:4:15: data.b[2]: expected a finite number, found "c"',
    `x.yaml:5:31: key "columns" does not fit the other keys in data.c: ${entry}`,
    'x.yaml:6:20: unknown key "colum" in data.d; did you mean "column"?',
    `x.yaml:7:6: data.e: ${entry}, found NaN`,
    `x.yaml:8:8: key "json" does not fit the other keys in data.f: ${entry}`,
    'x.yaml:9:9: unknown key "unifrm" in init; did you mean "uniform"?',
    "x.yaml:10:16: gates.rhat: expected a number above 1, at most 10, found 0.9",
  ]);
  expect(heads(errorOf("model: m\ngates: true\ninit: {}\n"))[0]).toBe(
    "x.yaml:2:8: gates: expected false, or a mapping of limits, found true",
  );
});

test("files that cannot be read or are no mapping", () => {
  expect(messageOf(() => loadConfig("no/such.yaml"))).toBe(
    "no/such.yaml: cannot read the config: there is no such file",
  );
  expect(messageOf(() => loadConfig("test"))).toBe("test: cannot read the config: it is a folder");
  const wanted = "expected a mapping of options, at least `model: …`";
  expect(errorOf("")).toBe(`x.yaml: the config is empty; ${wanted}`);
  expect(heads(errorOf("# only this\n"))).toEqual([`x.yaml:1:1: the config is empty; ${wanted}`]);
  expect(heads(errorOf("- 1\n- 2\n"))).toEqual([`x.yaml:1:1: found [1,2]; ${wanted}`]);
  expect(errorOf(Uint8Array.of(0x6d, 0xff, 0xfe))).toBe("x.yaml: expected UTF-8 text, found other bytes");
});

test("malformed YAML and JSON", () => {
  expect(heads(errorOf("model: m\nchains: [1,\ndraws: 2\n"))[0]).toMatch(/^x\.yaml:3:1: not valid YAML: /);
  expect(heads(errorOf("model: m\n---\nmodel: n\n"))[0]).toMatch(/^x\.yaml:2:1: expected one document/);
  expect(heads(errorOf("chains: 4\nchains: 5\n"))).toEqual(['x.yaml:2:1: key "chains" is given twice']);
  expect(heads(errorOf("model: !!binary aGk=\n"))[0]).toContain("tags (!…) are not used in a config");
  expect(errorOf('{ "model": "m",\n  "chains": 4, }', "x.json")).toBe(
    'x.json:2:16: not valid JSON: unexpected "}"\n  2 |   "chains": 4, }\n    |                ^',
  );
  expect(heads(errorOf('{ "model": "m"', "x.json"))).toEqual([
    "x.json:1:15: not valid JSON: unexpected end of the file",
  ]);
  expect(heads(errorOf("model: m\n", "x.json"))).toEqual(['x.json:1:1: not valid JSON: unexpected "m"']);
});

test("hostile YAML is refused quickly", () => {
  const lists = ["a", "b", "c", "d", "e", "f"].map((name, i, all) => {
    const item = i === 0 ? "x" : `*${all[i - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => item).join(", ")}]\n`;
  });
  expect(heads(errorOf(lists.join("")))[0]).toContain("aliases (*…) expand to more than 100000 values");
  expect(heads(errorOf("a: &a [*a]\n"))).toEqual(["x.yaml:1:8: alias *a contains itself"]);
  expect(heads(errorOf("[".repeat(100_000)))[0]).toContain("nested too deeply");
  expect(heads(errorOf(`model: ${"[".repeat(80)}${"]".repeat(80)}\n`))[0]).toContain("nested too deeply");
  expect(heads(errorOf("model: m\n__proto__: { polluted: 1 }\n"))).toEqual([
    'x.yaml:2:1: "__proto__" cannot be used as a key',
  ]);
  expect(heads(errorOf('{ "model": "m", "data": { "__proto__": 1 } }', "x.json"))[0]).toContain("__proto__");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("what a file says cannot steer the terminal", () => {
  const message = errorOf('model: "\\e[31m"\nchains: "\u202eoops"\n');
  expect(message).toContain('found "?oops"');
  for (const code of ["\u001b", "\u202e"]) expect(message).not.toContain(code);
});

test("rules between options", () => {
  expect(errorOf("model: m\nchains: 4\nbatches: 8\n")).toBe(
    "x.yaml:3:10: batches: more batches than chains: 8 batches for 4 chains\n  3 | batches: 8\n    |          ^",
  );
  expect(heads(errorOf("model: m\nchains: 10\nbatches: 3\n"))).toEqual([
    "x.yaml:3:10: batches: sampler chees needs at least 4 chains in every batch, but 10 chains in 3 batches leave 3 in " +
      "the smallest; lower batches to 2, or raise chains to 12",
  ]);
  expect(heads(errorOf("model: m\nchains: 3\n"))).toEqual([
    "x.yaml:2:9: chains: sampler chees needs at least 4 chains in every batch, but 3 chains in 1 batch leave 3 in the " +
      "smallest; raise chains to 4, or use `sampler: hmc`",
  ]);
  expect(heads(errorOf("model: m\nsuperchains: 7\nwarmup: 0\n"))).toEqual([
    "x.yaml:2:14: superchains: expected a number that divides chains (64), found 7",
    "x.yaml:3:9: warmup: sampler chees adapts during warm-up and cannot do with 0 iterations; raise warmup, or use " +
      "{ name: hmc, step_size: <number>, metric: unit }",
  ]);
  expect(heads(errorOf("model: m\nwarmup: 0\nsampler: hmc\n"))[0]).toContain(
    "step_size auto is adapted during warm-up",
  );
  expect(heads(errorOf("model: m\nwarmup: 0\nsampler: { name: hmc, step_size: 0.1 }\n"))[0]).toContain(
    "metric diagonal is adapted during warm-up",
  );
  expect(heads(errorOf("model: m\ncoordinates: { school: [a, b, a] }\n"))).toEqual([
    'x.yaml:2:31: coordinates.school: label "a" is given twice',
  ]);
});

test("extends: a missing base, a cycle, and an error in the base", () => {
  expect(heads(errorOf("model: m\nextends: base.yaml\n"))).toEqual([
    "x.yaml:2:10: extends: base.yaml: cannot read the config: there is no such file",
  ]);
  expect(heads(errorOf("extends: y.yaml\n", "x.yaml", { "y.yaml": "extends: x.yaml\n" }))).toEqual([
    "y.yaml:1:10: extends: a cycle: x.yaml → y.yaml → x.yaml",
  ]);
  const message = errorOf("extends: sub/y.yaml\ndraws: 0\n", "x.yaml", { "sub/y.yaml": "model: m\nchains: many\n" });
  expect(heads(message).sort()).toEqual([
    'sub/y.yaml:2:9: chains: expected an integer from 1 to 10000000, found "many"',
    "x.yaml:2:8: draws: expected an integer from 1 to 10000000, or { until, check, max }, found 0",
  ]);
});

test("settings and arguments are named, for they have no line", () => {
  const load = (...set: string[]): string => messageOf(() => loadConfig("config/funnel.yaml", { set }));
  expect(load("chains=many")).toBe('--set chains=many: chains: expected an integer from 1 to 10000000, found "many"');
  expect(load("sampler.setps=4")).toBe(
    '--set sampler.setps=4: unknown key "setps" in sampler chees; expected one of ' +
      "name, target_acceptance, metric, max_steps",
  );
  const wanted = "expected option.name=value, such as --set sampler.target_acceptance=0.8";
  expect(load("chains")).toBe(`--set chains: ${wanted}`);
  expect(load("=4")).toBe(`--set =4: ${wanted}`);
  expect(load("__proto__.x=4")).toBe(`--set __proto__.x=4: ${wanted}`);
  expect(load("chains=")).toBe('--set chains=: expected a value after "="');
  expect(load("model=[")).toMatch(/^--set model=\[: not valid YAML: /);
  expect(load("extends=funnel.yaml")).toBe("--set extends=funnel.yaml: extends: only a file can extend another");
  const overrides = { seed: "7x" };
  expect(messageOf(() => loadConfig("config/funnel.yaml", { overrides }))).toBe(
    '--seed 7x: seed: expected an integer from 0 to 18446744073709551615, found "7x"',
  );
  expect(messageOf(() => resolveConfig({ model: "m", chains: "x" } as unknown as Config))).toBe(
    'config: chains: expected an integer from 1 to 10000000, found "x"',
  );
  expect(messageOf(() => resolveConfig({ model: () => 1 } as unknown as Config))).toBe(
    "config: expected plain data (as a YAML file could hold), found a function",
  );
});

test("parseSetting reads values as YAML", () => {
  expect(parseSetting("sampler.target_acceptance=0.8")).toEqual({ path: ["sampler", "target_acceptance"], value: 0.8 });
  expect(parseSetting("data.y=[1, 2]")).toEqual({ path: ["data", "y"], value: [1, 2] });
  expect(parseSetting("gates=false")).toEqual({ path: ["gates"], value: false });
  expect(parseSetting("name=a=b")).toEqual({ path: ["name"], value: "a=b" });
});

test("a later error about an option points at where it was written", () => {
  const loaded = loadConfig("config/funnel.yaml");
  expect(loaded.error(["model"], "there is no such model").message).toBe(
    "config/funnel.yaml:3:8: model: there is no such model\n  3 | model: funnel\n    |        ^^^^^^",
  );
});
