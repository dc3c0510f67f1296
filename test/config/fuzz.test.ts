import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "../../src/config/csv.ts";
import { jsonErrorOffset } from "../../src/config/json.ts";
import { loadConfig, parseSetting, resolveConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { ConfigError } from "../../src/errors.ts";
import { folder } from "./folder.ts";

/** Whether `work` returns or throws a ConfigError that says something; anything else is a failure. */
function behaves(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.length > 0 && error.message.length < 20_000 && !error.message.includes("\u0000");
  }
}

const valid = readFileSync(new URL("../../config/german-credit.yaml", import.meta.url));
const bytes = fc.uint8Array({ maxLength: 200 });
/** A valid file with a few bytes replaced, cut out or put in. */
const mutated = fc
  .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(4), fc.uint8Array({ maxLength: 4 })), { minLength: 1, maxLength: 4 })
  .map((edits) => {
    return edits.reduce<Uint8Array>((text, [at, cut, put]) => {
      return Uint8Array.from([...text.slice(0, at), ...put, ...text.slice(at + cut)]);
    }, valid);
  });

test("no bytes crash the loader, as YAML or as JSON", () => {
  const { path, remove } = folder({ "x.yaml": "" });
  const load = (content: Uint8Array): boolean => {
    return ["x.yaml", "x.json"].every((name) => {
      writeFileSync(`${path}/${name}`, content);
      return behaves(() => loadConfig(`${path}/${name}`));
    });
  };
  try {
    fc.assert(fc.property(fc.oneof(bytes, mutated), load), { numRuns: 1500 });
    for (let length = 0; length < valid.length; length += 3) expect(load(valid.subarray(0, length))).toBe(true);
  } finally {
    remove();
  }
});

test("no object crashes the resolver", () => {
  const keys = fc.constantFrom(
    "model",
    "data",
    "sampler",
    "init",
    "gates",
    "seed",
    "coordinates",
    "extends",
    "toString",
  );
  const objects = fc.dictionary(fc.oneof(keys, fc.string()), fc.anything({ withBigInt: true, withTypedArray: true }));
  fc.assert(
    fc.property(objects, (object) => behaves(() => resolveConfig(object as unknown as Config))),
    { numRuns: 1500 },
  );
});

test("no text crashes --set", () => {
  const setting = fc.tuple(
    fc.constantFrom("chains", "sampler.steps", "data.x", "a.b.c", ""),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(setting, ([key, value]) => {
      const set = [`${key}=${value}`];
      return behaves(() => parseSetting(set[0]!)) && behaves(() => resolveConfig({ model: "m" }, { set }));
    }),
    { numRuns: 1500 },
  );
});

test("no text crashes the CSV reader, and what it reads is rectangular", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "1", ",", '"', "\n", "\r", " ", "\uFEFF", "é") });
  fc.assert(
    fc.property(text, (content) => {
      return behaves(() => {
        const { header, rows } = parseCsv(content, "f.csv");
        expect(rows.every((row) => row.fields.length === header.length)).toBe(true);
      });
    }),
    { numRuns: 1500 },
  );
});

test("the JSON checker agrees with JSON.parse", () => {
  const unit = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    "1",
    "-0.5e3",
    "true",
    " ",
    "01",
    '"\\u00e9"',
    '"\\x"',
    "\t",
  );
  const text = fc.oneof(fc.json(), fc.string({ unit, maxLength: 8 }), fc.string());
  fc.assert(
    fc.property(text, (content) => {
      let ok = true;
      try {
        JSON.parse(content);
      } catch {
        ok = false;
      }
      return (jsonErrorOffset(content) === undefined) === ok;
    }),
    { numRuns: 1500 },
  );
});
