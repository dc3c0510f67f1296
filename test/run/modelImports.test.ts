import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { ModelError } from "../../src/errors.ts";
import * as api from "../../src/index.ts";
import { distributionNames } from "../../src/model/distributionNames.ts";
import { prepare } from "../../src/run/prepare.ts";
import { errorOf, withFiles } from "./folder.ts";

async function told(source: string): Promise<string> {
  return await withFiles({ "m.ts": source }, async (folder) => {
    const error = await errorOf(prepare({ model: `${folder}/m.ts`, chains: 4 }, { engine: false }));
    expect(error).toBeInstanceOf(ModelError);
    return error.message.replaceAll(`${folder}/`, "");
  });
}

const body = (prior: string): string =>
  `export default model({\n  parameters: { a: normal(0, 1), b: ${prior} },\n});\n`;
const list = distributionNames.join(", ");

test.each([
  [
    "a named import",
    `import { model, normal, halfCauchi } from "manychain";\n${body("halfCauchi(1)")}`,
    'm.ts:3: manychain has no halfCauchi; did you mean "halfCauchy"?',
  ],
  [
    "in a function",
    `import { model, normal, norml } from "manychain";\n${body("({ a }) => norml(a, 1)")}`,
    'm.ts:3: manychain has no norml; did you mean "normal"?',
  ],
  [
    "what nothing is like",
    `import { model, normal, zipf } from "manychain";\n${body("zipf(1)")}`,
    `m.ts:3: manychain has no zipf. Its distributions are ${list}.`,
  ],
  [
    "a namespace",
    `import * as mc from "manychain";\nconst { model, normal } = mc;\n${body("mc.Normal_(0, 1)")}`,
    'm.ts:4: manychain has no Normal_; did you mean "normal"?',
  ],
  [
    "a default import",
    `import mc from "manychain";\nexport default mc.model({ parameters: { a: mc.normal(0, 1) } });`,
    'm.ts:2: manychain has no default export: import what is needed by name, such as import { model, normal } from "manychain".',
  ],
])("%s that there is not", async (_, source, text) => {
  expect(await told(source)).toBe(text);
});

test("a method that there is not is told without what a translator makes of it", async () => {
  const text = await told(`import { model, normal } from "manychain";\n${body('normal(0, 1).along("k")')}`);
  expect(text).toBe("m.ts:3: the model file m.ts cannot be loaded: TypeError: normal(...).along is not a function");
});

test("what there is is there: by name, in a namespace, exported again", async () => {
  const source = `import * as mc from "manychain";\nexport { normal } from "manychain";\nexport default mc.model({ parameters: { a: mc.normal(0, 1) } });`;
  await withFiles({ "m.ts": source }, async (folder) => {
    expect((await prepare({ model: `${folder}/m.ts` }, { engine: false })).model.dimension).toBe(1);
  });
});

test("the list of distributions is what the folder has and the package exports", () => {
  const folder = new URL("../../src/model/distributions/", import.meta.url);
  const exported = readdirSync(folder)
    .map((file) => file.replace(/\.ts$/, ""))
    .filter((name) => Object.hasOwn(api, name));
  expect([...distributionNames].sort()).toEqual(exported.sort());
  expect(distributionNames.every((name) => existsSync(new URL(`${name}.ts`, folder)))).toBe(true);
});

test("a variable that is named like a dimension is told with its line, before anything runs", async () => {
  const source = (rest: string): string => `import { model, normal, real } from "manychain";
export default model({
  dimensions: { group: 3 },
  ${rest}
});
`;
  expect(await told(source('parameters: { a: normal(0, 1), group: normal(0, 1).over("group") },'))).toBe(
    "m.ts:4: Model m has group, which is also the name of its own dimension: the two cannot be stored side by side. Rename one.",
  );
  expect(
    await told(source('parameters: { a: normal(0, 1).over("group") }, derived: ({ a }) => ({ group: a.sum() }),')),
  ).toContain("m.ts:4: Model m has group, which is also the name of a dimension of a:");
});

test("a dimension whose size nobody says: the remedy that is told works", async () => {
  const source = (size: string): string =>
    `import { model, normal } from "manychain";\nexport default model({ ${size}parameters: { a: normal(0, 1).over("group") } });`;
  expect(await told(source(""))).toMatch(
    /^m\.ts:2: Parameter a has a dimension group, .*in the model, such as dimensions: \{ group: 8 \}, or its labels \(coordinates\)\.$/,
  );
  await withFiles({ "in.ts": source("dimensions: { group: 8 }, "), "out.ts": source("") }, async (folder) => {
    expect((await prepare({ model: `${folder}/in.ts` }, { engine: false })).model.dimension).toBe(8);
    const coordinates = { group: ["a", "b"] };
    expect((await prepare({ model: `${folder}/out.ts`, coordinates }, { engine: false })).model.dimension).toBe(2);
  });
});
