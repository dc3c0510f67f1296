/** Names that every object has, as words of a command line: exit code 2 and words, never a stack. */
import { expect, test } from "vitest";
import { inFolder, manychain } from "./process.ts";

const CASES: readonly (readonly string[])[] = [
  ["constructor"],
  ["hasOwnProperty", "c.yaml"],
  ["run", "c.yaml", "--constructor"],
  ["run", "c.yaml", "--sampler", "toString"],
  ["run", "c.yaml", "--precision=valueOf"],
  ["run", "c.yaml", "--set", "__proto__.x=1"],
  ["config", "check", "data.yaml"],
  ["run", "labels.yaml"],
  ["export", "constructor", "--out", "d.nc", "--format", "toString"],
  ["diagnose", "valueOf"],
  ["new", "constructor"],
];

const COMMANDS = ["run", "config", "export", "diagnose"];

test("are refused", { timeout: 120_000 }, async () => {
  const data = "data: { y: [1, 2], sigma: [1, 2] }";
  const files = {
    "c.yaml": `model: eight-schools\n${data}\n`,
    "data.yaml": "model: funnel\ndata: { constructor: [1] }\n",
    "labels.yaml": `model: eight-schools\n${data}\ncoordinates: { toString: [a, b] }\n`,
  };
  await inFolder(files, async (cwd) => {
    for (const args of CASES) {
      const { code, stderr } = await manychain(args, { cwd });
      expect([code, args]).toEqual([2, args]);
      if (COMMANDS.includes(args[0]!)) expect(stderr).toMatch(/constructor|hasOwnProperty|toString|valueOf|__proto__/);
      expect(stderr).not.toMatch(/native code|\n {4}at |undefined|\[object/);
      if (args.at(-1)!.endsWith("data.yaml")) expect(stderr).toContain("data.yaml:2:22: data.constructor:");
      if (args.at(-1) === "labels.yaml") expect(stderr).toContain("labels.yaml:3:26: coordinates.toString:");
    }
  });
});
