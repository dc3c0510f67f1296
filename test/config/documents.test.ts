import { expect, test } from "vitest";
import { jsonSchema } from "../../src/config/describe.ts";
import { configurationPage, optionsTable } from "../../src/config/manual.ts";
import { configSchema } from "../../src/config/schema.ts";
import { typesSource } from "../../src/config/typescript.ts";

// With `-u` these two write the files anew after a change of the schema.
test("src/config/types.ts is what the schema says", async () => {
  await expect(typesSource()).toMatchFileSnapshot("../../src/config/types.ts");
});

test("docs/configuration.md is what the schema says", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../../docs/configuration.md");
});

test("every option has a sentence, a range and a row in the table", () => {
  const lines = optionsTable().split("\n").slice(2);
  const names = Object.keys((configSchema as unknown as { shape: object }).shape);
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) expect(lines.filter((line) => line.startsWith(`| \`${name}\` `))).toHaveLength(1);
  for (const line of lines) {
    const cells = line
      .replaceAll("\\|", "/")
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    expect(cells).toHaveLength(4);
    expect(cells.every((cell) => cell.length > 0)).toBe(true);
    expect(cells[3]).toMatch(/\.$/);
  }
  const chains = lines.find((line) => line.startsWith("| `chains`"))!;
  expect(chains.replaceAll(/ +/g, " ")).toBe(
    "| `chains` | `64` | an integer from 1 to 10000000 | The number of chains. |",
  );
});

test("the JSON Schema is plain JSON Schema, with the other spellings", () => {
  const schema = jsonSchema() as { properties: Record<string, Record<string, unknown>>; required: string[] };
  const text = JSON.stringify(schema);
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    additionalProperties: false,
  });
  expect(schema.required).toEqual(["model"]);
  expect(schema.properties["chains"]).toEqual({
    type: "integer",
    minimum: 1,
    maximum: 10_000_000,
    default: 64,
    description: "The number of chains. Expected: an integer from 1 to 10000000.",
  });
  expect(schema.properties["sampler"]!["anyOf"]).toContainEqual({ enum: ["chees", "hmc", "nuts"] });
  expect(schema.properties["seed"]!["anyOf"]).toContainEqual({ type: "integer", minimum: 0 });
  expect(text).not.toMatch(/"(range|computed|spelling|consumed)":/);
});
