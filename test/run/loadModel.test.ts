import { describe, expect, test } from "vitest";
import { ConfigError, ModelError } from "../../src/errors.ts";
import { bindData } from "../../src/run/bindData.ts";
import { loadModel, modelHash } from "../../src/run/loadModel.ts";
import { errorOf, withFiles } from "./folder.ts";

const IMPORT = 'import { model, density, normal, real } from "manychain";\n';
const ONE = "model({ parameters: { a: normal(0, 1) } })";

async function nameOf(source: string, suffix = "", options = {}, file = "m.ts"): Promise<string> {
  return await withFiles(
    { [file]: IMPORT + source, "other.ts": "export const width: number = 3;" },
    async (baseDir) => {
      const loaded = await loadModel({ model: `./${file}${suffix}`, options, baseDir });
      return `${loaded.name} ${bindData(loaded, { data: {}, coordinates: {} }).dimension}`;
    },
  );
}

async function textOf(source: string, suffix = "", options = {}): Promise<string> {
  return await withFiles({ "m.ts": IMPORT + source }, async (baseDir) => {
    const error = await errorOf(loadModel({ model: `./m.ts${suffix}`, options, baseDir }));
    expect(error).toBeInstanceOf(ConfigError);
    return error.message.replaceAll(`${baseDir}/`, "");
  });
}

describe("a model file", () => {
  test("gives its default export, its named export, or its only model", async () => {
    expect(await nameOf(`export default ${ONE}; export const b = ${ONE};`)).toBe("m 1");
    expect(
      await nameOf(`export const a = model({ name: "a", parameters: { a: normal(0, 1) } }); export const b = 3;`),
    ).toBe("a 1");
    const two = `export const a = ${ONE}; export const b = density({ name: "b", dimension: 2, logDensity: (z) => z.sum() });`;
    expect(await nameOf(two, "#b")).toBe("b 2");
  });

  test("may be TypeScript that imports other files, or JavaScript", async () => {
    const typed = `import { width } from "./other.ts"; interface A { readonly w: number } const a: A = { w: width };
      export default density({ dimension: a.w, logDensity: (z) => z.sum() });`;
    expect(await nameOf(typed)).toBe("m 3");
    expect(await nameOf(`export default ${ONE};`, "", {}, "m.js")).toBe("m 1");
    expect(await nameOf(`export default ${ONE};`, "", {}, "m.mjs")).toBe("m 1");
  });

  test("may export a function of the config's options", async () => {
    const made = `export default ({ n = 1 }) => density({ dimension: n, logDensity: (z) => z.sum() });`;
    expect(await nameOf(made)).toBe("m 1");
    expect(await nameOf(made, "", { n: 4 })).toBe("m 4");
    expect(await textOf(`export default ${ONE};`, "", { n: 4 })).toContain("m.ts takes no options, but n was given.");
  });

  test("errors name the file and its exports", async () => {
    const two = `export const first = ${ONE}; export const second = ${ONE};`;
    expect(await textOf(two)).toBe(
      "the model file m.ts does not say which model to use: its exports are first, second. Name the one to use: m.ts#first.",
    );
    expect(await textOf(two, "#secnd")).toBe(
      'the model file m.ts has no model or function named "secnd"; did you mean "second"?.',
    );
    expect(await textOf("export default 3;")).toContain("it exports no model. Add `export default model({ … })`.");
    expect(await textOf("throw new RangeError('oh');")).toBe("the model file m.ts cannot be loaded: RangeError: oh");
    expect(await textOf("const const = 1;")).toMatch(/^the model file m\.ts cannot be loaded: /);
    expect(await textOf('import "./nowhere.ts";')).toMatch(/^the model file m\.ts cannot be loaded: .*nowhere/s);
    expect(await textOf("export default () => { throw new Error('no'); };")).toBe(
      "the model file m.ts failed while it made the model: Error: no",
    );
  });

  test("that is not there", async () => {
    const error = await errorOf(loadModel({ model: "./none.ts", options: {}, baseDir: "/nowhere" }));
    expect(error.message).toBe("cannot read the model file /nowhere/none.ts: there is no such file");
  });

  test("its hash is that of its text", async () => {
    const hashes = await Promise.all(
      ["export default 1;", "export default 1;", "export default 2;"].map((text) =>
        withFiles({ "m.ts": text }, async (baseDir) => modelHash({ model: "./m.ts", options: {}, baseDir }, "1")),
      ),
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });
});

test("a shipped model by name, with what was meant", async () => {
  expect((await loadModel({ model: "funnel", options: { dimension: 3 }, baseDir: "." })).name).toBe("funnel");
  const error = await errorOf(loadModel({ model: "eigth-schools", options: {}, baseDir: "." }));
  expect(error.message).toContain("did you mean eight-schools?");
  expect(error).not.toBeInstanceOf(ModelError);
});

test("columns of a table label a matrix's second dimension; the config's labels win", async () => {
  await withFiles(
    {
      "m.ts": `${IMPORT}export default model({ data: { x: real("row", "feature") }, parameters: { b: normal(0, 1).over("feature") } });`,
    },
    async (baseDir) => {
      const loaded = await loadModel({ model: "./m.ts", options: {}, baseDir });
      const data = { x: { data: Float64Array.of(1, 2), shape: [1, 2], coordinates: ["width", "height"] } };
      expect(bindData(loaded, { data, coordinates: {} }).coordinateNames).toEqual(["b[width]", "b[height]"]);
      const coordinates = { feature: ["w", "h"] };
      expect(bindData(loaded, { data, coordinates }).coordinateNames).toEqual(["b[w]", "b[h]"]);
    },
  );
});
