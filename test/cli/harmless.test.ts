import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { harmless, red, terminal } from "../../src/cli/output.ts";
import { inFolder, manychain } from "./process.ts";

const ESC = String.fromCharCode(27);
const CSI = String.fromCharCode(0x9b);
/** Clears the screen, sets a title, rings, goes back over the line, turns the direction round. */
const HOSTILE = `a${ESC}[2J${ESC}]0;owned${String.fromCharCode(7)}b\rc${CSI}31md\u202ee`;
/** What must not come out. */
const obeyed = (text: string): string[] =>
  [...text].filter((letter) => letter !== "\n" && letter !== "\t" && /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(letter));

test("what a terminal would obey is written out as JSON has it; line ends, tabs and letters stay", () => {
  expect(harmless(HOSTILE, false)).toBe("a\\u001b[2J\\u001b]0;owned\\u0007b\\u000dc\\u009b31md\\u202ee");
  expect(harmless("größe 😀\n\tθ[1] – ok", false)).toBe("größe 😀\n\tθ[1] – ok");
  const document = JSON.stringify({ name: HOSTILE, tag: "\u{e0001}" });
  expect(obeyed(harmless(document, false))).toEqual([]);
  expect(JSON.parse(harmless(document, false))).toEqual({ name: HOSTILE, tag: "\u{e0001}" });
});

test("a terminal with colours gets them, and nothing else of the kind", () => {
  const sent: string[] = [];
  const tty = { isTTY: true, columns: 80, rows: 24, write: (text: string) => sent.push(text) } as const;
  const live = terminal(tty, {});
  live.write(`${ESC}[31mred${ESC}[39m ${ESC}[2J`);
  live.write(red(`${ESC}[32mgreen`, live));
  expect(sent).toEqual([`${ESC}[31mred${ESC}[39m \\u001b[2J`, `${ESC}[31m\\u001b[32mgreen${ESC}[39m`]);
  terminal(tty, { NO_COLOR: "1" }).write(`${ESC}[31mred`);
  expect(sent[2]).toBe("\\u001b[31mred");
});

test("paths, names and what a model throws come out harmless", async () => {
  const model = `import { model, normal } from "manychain";
export default model({ name: ${JSON.stringify(HOSTILE)}, parameters: { a: normal(0, 1) }, derived: () => { throw new Error(${JSON.stringify(HOSTILE)}); } });
`;
  await inFolder({ "m.ts": model, "c.yaml": "model: ./m.ts\n" }, async (cwd) => {
    const odd = `${ESC}[2Jodd`;
    await mkdir(join(cwd, odd));
    await writeFile(join(cwd, odd, "c.yaml"), "model: ./nothing.ts\n");
    const commands = [
      ["config", "check", "c.yaml"],
      ["run", "c.yaml", "--quiet"],
      ["run", `${odd}/c.yaml`],
      ["run", `${odd}/no.yaml`],
      ["run", "c.yaml", `--${odd}`],
      ["config", "check", "c.yaml", "--set", `model=${odd}`],
      ["diagnose", odd],
      ["report", odd],
      ["verify", odd],
      ["resume", odd],
      ["export", odd, "--out", `${odd}/x`],
      [odd],
    ];
    for (const args of commands) {
      const { code, stdout, stderr } = await manychain(args, { cwd });
      expect([args, code]).toEqual([args, 2]);
      expect(stderr.length).toBeGreaterThan(10);
      expect([args, obeyed(stdout + stderr)]).toEqual([args, []]);
    }
  });
});
