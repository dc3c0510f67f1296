import { expect, test } from "vitest";
import { ModelError } from "../../src/errors.ts";
import { prepare } from "../../src/run/prepare.ts";
import { errorOf } from "./folder.ts";

const names = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== "__proto__");
const schools = { model: "eight-schools", data: { y: [1, 2], sigma: [1, 2] } };

test.each(names)("names that every object inherits are unknown ones, as data and as a dimension: %s", async (name) => {
  for (const config of [
    { ...schools, data: { ...schools.data, [name]: [1] } },
    { ...schools, coordinates: { [name]: ["a", "b"] } },
  ]) {
    const error = await errorOf(prepare(config, { engine: false }));
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toContain(name);
    expect(error.message).not.toContain("native code");
  }
});
