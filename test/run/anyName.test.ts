/**
 * Every name of Object.prototype, wherever a user gives a name: it works from end to end as any other, or is refused in words
 * with its place. A plain object has all of them, so that a look-up that forgets this finds a function.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, ManychainError, ModelError } from "../../src/errors.ts";
import { along, bind, constant, density, model, normal, openResults, real, run } from "../../src/index.ts";
import { prepare } from "../../src/run/prepare.ts";
import { verify } from "../../src/run/verify.ts";
import { exportResults, type ResultsReader, readDraws } from "../../src/store/index.ts";
import { errorOf, withFiles } from "./folder.ts";

const ALL = Object.getOwnPropertyNames(Object.prototype);
/** All but the one that JavaScript gives another meaning. */
const NAMES = ALL.filter((name) => name !== "__proto__");

/** Of drawn quantities: those that end in two underscores are the sampler's. */
const VARIABLES = NAMES.filter((name) => !name.endsWith("__"));

function record<T>(names: readonly string[], value: (at: number, name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name, at) => [name, value(at, name)]));
}

/** What is stored comes back from each kind of file, in value and in name. */
async function comesBack(reader: ResultsReader, folder: string): Promise<void> {
  const kinds = { netcdf: "d.nc", parquet: "d.parquet", arrow: "d.arrow", cmdstan: "d.csv" } as const;
  const expected = new Map<string, unknown>();
  for (const { name } of reader.variables("posterior"))
    for (const each of await reader.draws(name))
      expected.set(
        each.name,
        each.draws.map((chain) => [...chain]),
      );
  for (const [format, file] of Object.entries(kinds) as [keyof typeof kinds, string][]) {
    const { quantities } = await readDraws(await exportResults(reader, format, join(folder, file)));
    const found = quantities.map(({ name, draws }) => [name, draws.map((chain) => [...chain])] as const);
    // CmdStan's columns count elements, and have no labels.
    if (format !== "cmdstan") expect(new Map(found)).toEqual(expected);
    else expect(found.map(([, draws]) => draws)).toEqual(expect.arrayContaining([...expected.values()]));
  }
}

const WITH_PARAMETERS = `import { constant, model, normal, real } from "manychain";
const names = ${JSON.stringify(VARIABLES)};
const record = (value) => Object.fromEntries(names.map((name, at) => [name, value(name, at)]));
export const valueOf = 1;
export const toString = model({
  data: Object.fromEntries(names.map((name) => ["d" + name, real("row")])),
  parameters: record((_, at) => (at === 0 ? normal(0, 1) : (known) => normal(known[names[at - 1]], 1))),
  derived: (known) => Object.fromEntries(names.map((name) => ["twice_" + name, known[name].mul(2)])),
  likelihood: (known) => record((name) => normal(known[name], 1).observe(known["d" + name])),
});`;

const WITH_DATA = `import { index, model, normal, real } from "manychain";
const names = ${JSON.stringify(NAMES.slice(1))};
export default ({ valueOf }) => model({
  data: {
    ...Object.fromEntries(names.map((name) => [name, real("row")])),
    x: real("row", "constructor"), group: index("toString", "row"), pair: index("valueOf", "row"),
  },
  dimensions: { valueOf, isPrototypeOf: 2 },
  parameters: {
    b: normal(0, 1).over("constructor"), a: normal(0, 1).over("toString"), c: normal(0, 1).over("valueOf"),
    d: normal(0, 1).over("isPrototypeOf"), e: normal(0, 1).over("hasOwnProperty"),
  },
  derived: ({ a, d }) => Object.fromEntries(names.map((name) => ["mean_" + name + "_v", a.sum().add(d.sum())])),
  likelihood: (known) => normal(known.x.matvec(known.b).add(known.a.gather(known.group)).add(known.c.gather(known.pair)), 1)
    .observe(names.map((name) => known[name]).reduce((sum, one) => sum.add(one))),
});`;

describe("a name that every object has", () => {
  test("is one of parameters, terms, gates, rules, starts, columns, keys, files, exports", async () => {
    const csv = [VARIABLES, VARIABLES.map((_, i) => i), VARIABLES.map((_, i) => i + 0.5)]
      .map((row) => row.join(","))
      .join("\n");
    const lists = JSON.stringify(record(VARIABLES, (i) => [i, 1]));
    const files = { "m.js": WITH_PARAMETERS, constructor: `${csv}\n`, "toString.json": lists };
    await withFiles(files, async (folder) => {
      const source = (at: number, name: string) =>
        at % 2 === 0 ? { csv: "constructor", column: name } : { json: "toString.json", key: name };
      const config = {
        model: "./m.js#toString",
        data: Object.fromEntries(VARIABLES.map((name, i) => [`d${name}`, source(i, name)])),
        chains: 4,
        warmup: 60,
        draws: { until: { ess: 5, quantities: VARIABLES }, check: 50, max: 50 },
        sampler: "nuts",
        gates: { rhat: 3, quantities: VARIABLES },
        init: { values: record(VARIABLES, (i) => i / 10) },
      };
      await writeFile(join(folder, "valueOf.json"), JSON.stringify(config));
      const told = await run(join(folder, "valueOf.json"), { out: folder, runId: "valueOf" }).result;
      const rows = told.summary.quantities.map(({ name }) => name);
      expect(rows).toEqual([...VARIABLES, ...VARIABLES.map((name) => `twice_${name}`)]);
      const reader = await openResults(told.directory!);
      for (const name of VARIABLES) {
        const once = [...(await reader.raw(name))];
        expect([...(await reader.raw(`twice_${name}`))]).toEqual(once.map((value) => 2 * value));
        expect(new Set(once).size).toBeGreaterThan(100);
      }
      await comesBack(reader, folder);
      expect((await verify(told.directory!)).text).toContain("reproduced");
    });
  });

  test("is one of data, dimensions, labels, levels, options", async () => {
    const csv = `constructor,toString\n${["valueOf,1", "constructor,2", "valueOf,3"].join("\n")}\n`;
    await withFiles(
      { "m.js": WITH_DATA, "x.csv": csv, "y.csv": `${ALL.join(",")}\n${"1,2,3,4,5,6,7,8,9,10,11,12\n".repeat(3)}` },
      async (folder) => {
        const config = {
          model: "./m.js",
          options: { valueOf: 2 },
          data: {
            ...record(NAMES.slice(1), (i) => [i, 0, 1]),
            x: { csv: "y.csv", columns: "all" },
            group: { csv: "x.csv", column: "constructor", factor: true },
            pair: { csv: "x.csv", column: "constructor", map: { constructor: 1, valueOf: 0 } },
          },
          coordinates: { hasOwnProperty: ALL },
          chains: 8,
          warmup: 60,
          draws: 50,
          gates: { rhat: 3, quantities: ["b[__proto__]", "e[constructor]", "a"] },
        };
        await writeFile(join(folder, "c.json"), JSON.stringify(config));
        const told = await run(join(folder, "c.json"), { out: folder, runId: "r" }).result;
        const rows = told.summary.quantities.map(({ name }) => name);
        expect(rows).toEqual(expect.arrayContaining(ALL.flatMap((name) => [`b[${name}]`, `e[${name}]`])));
        expect(rows).toEqual(
          expect.arrayContaining(["a[constructor]", "a[valueOf]", "c[1]", "d[1]", "mean_valueOf_v"]),
        );
        const reader = await openResults(told.directory!);
        expect(reader.layout.coordinates["constructor"]).toEqual(ALL);
        await comesBack(reader, folder);
        expect((await verify(told.directory!)).text).toContain("reproduced");
      },
    );
  });

  test("is one of columns of a table that is diagnosed", async () => {
    const lines = Array.from({ length: 20 }, (_, i) => ["0", ...ALL.map((_, at) => `${Math.sin(i + at)}`)]);
    const text = [["chain", ...ALL], ...lines].map((line) => line.join(",")).join("\n");
    await withFiles({ "d.csv": `${text}\n` }, async (folder) => {
      const { quantities, statistics } = await readDraws(join(folder, "d.csv"));
      expect(quantities.map(({ name }) => name)).toEqual(VARIABLES);
      expect(quantities[0]!.draws[0]![3]).toBe(Math.sin(3 + ALL.indexOf(VARIABLES[0]!)));
      expect(statistics?.map(({ name }) => name)).toEqual(
        ALL.filter((name) => !VARIABLES.includes(name)).map((name) => name.slice(0, -2)),
      );
    });
  });

  test.each(NAMES)("%s is a name of data, dimensions, terms and variables for bind", (name) => {
    const normals = model({
      data: { [name]: real("n") },
      parameters: { [`a_${name}_v`]: normal(0, 1).over(name) },
      dimensions: { [name]: 3 },
      derived: (known) => ({ twice: along(known[`a_${name}_v`]!.mul(2), name) }),
      likelihood: (known) => ({ [name]: normal(0, 1).observe(known[name]!) }),
    });
    const bound = bind(normals, { data: { [name]: [1, 2] } });
    expect([...bound.unconstrain({ [`a_${name}_v`]: [1, 2, 3] })]).toEqual([1, 2, 3]);
    expect(bound.constrain([1, 2, 3])["twice"]).toEqual(Float64Array.of(2, 4, 6));
    const stored = VARIABLES.includes(name) ? name : `${name}v`;
    const other = density({ dimension: 1, variables: (z) => ({ [stored]: z }), logDensity: (z) => z.sum() });
    expect(bind(other).constrain([1])[stored]).toEqual(Float64Array.of(1));
  });
});

const PLAIN = { model: "eight-schools", data: { y: [1, 2], sigma: [1, 2] } } as const;

/** Where a config takes names that are not free, and what an error names. */
const PLACES: readonly (readonly [string, (name: string) => Record<string, unknown>])[] = [
  ["", (name) => ({ [name]: 1 })],
  ["model", (name) => ({ model: name })],
  ["model", (name) => ({ model: `./m.js#${name}` })],
  ["data", (name) => ({ data: { ...PLAIN.data, [name]: [1] } })],
  ["data", (name) => ({ model: "funnel", data: { [name]: [1] } })],
  ["data.y", (name) => ({ data: { ...PLAIN.data, y: { [name]: 1 } } })],
  ["data.y", (name) => ({ data: { ...PLAIN.data, y: { csv: "x.csv", column: name } } })],
  ["data.y", (name) => ({ data: { ...PLAIN.data, y: { csv: "x.csv", columns: [name] } } })],
  ["data.y", (name) => ({ data: { ...PLAIN.data, y: { csv: "x.csv", column: "y", [name]: 1 } } })],
  ["data.y", (name) => ({ data: { ...PLAIN.data, y: { csv: "x.csv", column: "y", map: { [name]: 1 } } } })],
  ["data.y", (name) => ({ data: { ...PLAIN.data, y: { json: "x.json", key: name } } })],
  ["options", (name) => ({ options: { [name]: 1 } })],
  ["options", (name) => ({ options: { parametrization: name } })],
  ["coordinates", (name) => ({ coordinates: { [name]: ["a", "b"] } })],
  ["sampler", (name) => ({ sampler: name })],
  ["sampler", (name) => ({ sampler: { name } })],
  ["sampler", (name) => ({ sampler: { name: "nuts", [name]: 1 } })],
  ["sampler", (name) => ({ sampler: { [name]: 1 } })],
  ["init", (name) => ({ init: { [name]: 1 } })],
  ["init", (name) => ({ init: { values: { [name]: 1 } } })],
  ["gates", (name) => ({ gates: { [name]: 1 } })],
  ["gates.quantities", (name) => ({ gates: { quantities: [name] } })],
  ["draws", (name) => ({ draws: { [name]: 1 } })],
  ["draws", (name) => ({ draws: { until: { ess: 1, [name]: 1 } } })],
  ["draws.until.quantities", (name) => ({ draws: { until: { ess: 1, quantities: [name] } } })],
  ["engine", (name) => ({ engine: name })],
  ["precision", (name) => ({ precision: name })],
  ["keep", (name) => ({ keep: name })],
  ["output", (name) => ({ output: { [name]: 1 } })],
];

/** Its message, where it is an error of ours with exit code 2. */
function told(error: unknown): string {
  expect(error).toBeInstanceOf(ManychainError);
  expect((error as ManychainError).exitCode).toBe(2);
  expect((error as Error).message).not.toMatch(
    /native code|\[object|undefined|is not (?:a function|iterable)|cannot read prop/i,
  );
  return (error as Error).message;
}

describe("a name that nothing has is refused in words, with its place:", () => {
  test.each(PLACES.map(([place, make]) => [place, JSON.stringify(make("X")), make] as const))(
    "%s %s",
    async (place, _, make) => {
      const files = { "m.js": "export default 1;", "x.csv": "y\n1\n2\n", "x.json": '{ "y": [1, 2] }' };
      await withFiles(files, async (folder) => {
        for (const name of ALL) {
          await writeFile(join(folder, "c.json"), JSON.stringify({ ...PLAIN, ...make(name) }, undefined, 1));
          const message = told(await errorOf(prepare(join(folder, "c.json"), { engine: false })));
          expect(message).toMatch(/(?:c\.json|x\.csv):\d+:\d+: /);
          if (!message.includes("__proto__") && !message.includes("x.csv")) expect(message).toContain(place);
        }
      });
    },
  );

  test("--set and what the command line overrides", async () => {
    await withFiles({ "c.json": JSON.stringify(PLAIN) }, async (folder) => {
      const { loadConfig } = await import("../../src/config/load.ts");
      const file = join(folder, "c.json");
      for (const name of ALL) {
        for (const set of [
          name,
          `sampler.${name}`,
          `gates.${name}`,
          `${name}.${name}`,
          `data.y.${name}`,
          `output.${name}`,
        ])
          told(await errorOf((async () => loadConfig(file, { set: [`${set}=1`] }))()));
        told(await errorOf((async () => loadConfig(file, { overrides: { [name]: 1 } }))()));
        told(await errorOf((async () => loadConfig(file, { overrides: { sampler: name } }))()));
        for (const set of [`data.${name}`, `options.${name}`, `coordinates.${name}`])
          told(await errorOf((async () => prepare(loadConfig(file, { set: [`${set}=[1]`] }), { engine: false }))()));
      }
    });
  });

  test("bind, unconstrain, and the functions of a model", () => {
    const one = (derived: (known: Readonly<Record<string, never>>) => object) =>
      model({ parameters: { mu: normal(0, 1) }, data: { y: real("n") }, derived: derived as never });
    const bound = bind(
      one(() => ({})),
      { data: { y: [1] } },
    );
    for (const name of ALL) {
      const wrong = [
        () =>
          bind(
            one(() => ({})),
            { data: { [name]: [1] } },
          ),
        () =>
          bind(
            one(() => ({})),
            { data: { y: [1], [name]: [1] } },
          ),
        () =>
          bind(
            one(() => ({})),
            { data: { y: [1] }, coordinates: { [name]: ["a"] } },
          ),
        () =>
          bind(
            one((known) => ({ x: known[name]! })),
            { data: { y: [1] } },
          ),
        () => bind(model({ parameters: { mu: normal(0, 1).over(name) } })),
        () => bound.unconstrain({ mu: 1, [name]: 1 }),
        () => bound.unconstrain({ [name]: 1 }),
      ];
      for (const each of wrong) expect(thrown(each)).toBeInstanceOf(ModelError);
      for (const each of wrong) expect(told(thrown(each))).toContain(name);
    }
  });
});

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, found none");
}

describe("__proto__", () => {
  test("is no name in a model: not as a key of its own, and not as JavaScript reads it", () => {
    const own = (value: unknown) =>
      JSON.parse('{ "__proto__": 0 }', (key, x) => (key === "__proto__" ? value : x)) as never;
    const z = normal(0, 1);
    const wrong = [
      () => model({ parameters: own(z) }),
      () => model({ parameters: { __proto__: z, mu: z } as never }),
      () => model({ data: own(real("n")), parameters: { mu: z } }),
      () => model({ data: { __proto__: real("n") } as never, parameters: { mu: z } }),
      () => bind(model({ parameters: { mu: z.over("__proto__") }, dimensions: own(3) })),
      () => bind(model({ data: { y: real("__proto__") }, parameters: { mu: z } }), { data: { y: [1] } }),
      () => bind(model({ parameters: { mu: z }, derived: () => own(constant([1])) })),
      () => bind(model({ parameters: { mu: z }, derived: () => ({ __proto__: constant([1]) }) as never })),
      () => bind(model({ parameters: { mu: z }, derived: ({ mu }) => ({ x: along(mu.reshape([1]), "__proto__") }) })),
      () => bind(density({ dimension: 1, logDensity: (x) => x.sum(), variables: (x) => own(x) })),
    ];
    for (const each of wrong) expect(told(thrown(each))).toContain('"__proto__" cannot be a name');
  });

  test("and others that end in two underscores are the sampler's in files of draws", () => {
    for (const name of ALL.filter((each) => each.endsWith("__") && each !== "__proto__")) {
      const z = normal(0, 1);
      const one = model({ name: "m", parameters: { [name]: z } });
      const two = model({ name: "m", parameters: { mu: z }, derived: ({ mu }) => ({ [name]: mu! }) });
      for (const each of [one, two])
        expect(told(thrown(() => bind(each)))).toContain(`Model m: ${name} ends in two underscores`);
    }
  });

  test("is no key of a config", async () => {
    const texts = [
      "__proto__: 1",
      "data: { __proto__: [1] }",
      "sampler: { __proto__: 1 }",
      "init: { values: { __proto__: 1 } }",
    ];
    for (const text of texts) {
      await withFiles({ "c.yaml": `model: eight-schools\n${text}\n` }, async (folder) => {
        const error = await errorOf(prepare(join(folder, "c.yaml"), { engine: false }));
        expect(error).toBeInstanceOf(ConfigError);
        expect(error.message).toMatch(/c\.yaml:2:\d+: "__proto__" cannot be used as a key/);
      });
    }
  });
});
