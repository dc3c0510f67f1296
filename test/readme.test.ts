import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);

/** README's TypeScript examples, as a user would have them: in a project that has manychain installed. */
describe("README's examples", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "manychain-readme-"));
    mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
    symlinkSync(root, join(folder, "node_modules/manychain"));
    symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    examples.forEach((text, i) => {
      writeFileSync(join(folder, `example${i}.ts`), text);
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are three", () => {
    expect(examples).toHaveLength(3);
  });

  it("type-check", () => {
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
    };
    const files = examples.map((_, i) => join(folder, `example${i}.ts`));
    const host = ts.createCompilerHost(options);
    const program = ts.createProgram(files, options, { ...host, getCurrentDirectory: () => folder });
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(messages).toEqual([]);
  });

  it.each(examples.map((text, i) => [text.split("\n")[0]!, i] as const))("run: %s", (_first, i) => {
    const output = ts.transpileModule(examples[i]!, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const file = join(folder, `example${i}.mjs`);
    writeFileSync(file, output.outputText);
    const printed = execFileSync(process.execPath, [file], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (i === 1) expect(printed).toBe("true mu 1000\n");
    if (i === 2) expect(printed.trim().split("\n")).toHaveLength(3);
  });
});
