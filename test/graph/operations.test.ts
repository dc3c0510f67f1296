import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { Node } from "../../src/graph/node.ts";

/** Where the table of operations comes from, in its order. */
const SOURCES = ["elementwiseMethods.ts", "nodeClass.ts", "build.ts"];
const PAGE = new URL("../../docs/models.md", import.meta.url);
const START = /<!-- operations:.*-->\n/;
const END = "<!-- end of operations -->";

interface Operation {
  readonly group: string;
  readonly name: string;
  readonly call: string;
  readonly text: string;
}

/** `x.slice(start, stop, axis = 0)`, from its declaration. */
function callOf(name: string, parameters: readonly ts.ParameterDeclaration[], isMethod: boolean): string {
  const names = parameters.map((each) => {
    const type = each.type?.getText() ?? "";
    const written = each.name.getText() === "other" ? "y" : each.name.getText();
    if (each.dotDotDotToken !== undefined) return `...${written}`;
    if (each.initializer !== undefined) return `${written} = ${each.initializer.getText()}`;
    return each.questionToken === undefined || type === "" ? written : `${written}?`;
  });
  return `${isMethod ? "x." : ""}${name}(${names.join(", ")})`;
}

function textOf(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return ts.getTextOfJSDocComment(docs.at(-1)?.comment)?.replaceAll(/\s+/g, " ").trim() ?? "";
}

/** A line comment before a method begins a group of them. */
function groupBefore(node: ts.Node, source: ts.SourceFile): string | undefined {
  const comments = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const line = comments.filter(({ kind }) => kind === ts.SyntaxKind.SingleLineCommentTrivia).at(-1);
  return line === undefined ? undefined : source.text.slice(line.pos + 2, line.end).trim();
}

function methodsOf(source: ts.SourceFile): Operation[] {
  const found: Operation[] = [];
  let group = "";
  for (const statement of source.statements.filter(ts.isClassDeclaration)) {
    for (const member of statement.members.filter(ts.isMethodDeclaration)) {
      const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
      group = groupBefore(member, source) ?? group;
      if (member.modifiers?.some(({ kind }) => hidden.includes(kind)) || !ts.isIdentifier(member.name)) continue;
      // For passes over a graph, not for models.
      if (member.name.text === "is") continue;
      const name = member.name.text;
      found.push({ group, name, call: callOf(name, [...member.parameters], true), text: textOf(member) });
    }
  }
  return found;
}

/** Functions that make nodes and are part of the public API. */
const FUNCTIONS = ["concat", "stack", "loop", "constant"];

function functionsOf(source: ts.SourceFile): Operation[] {
  return source.statements.filter(ts.isFunctionDeclaration).flatMap((each) => {
    const name = each.name?.text ?? "";
    if (!FUNCTIONS.includes(name)) return [];
    return [{ group: "Functions", name, call: callOf(name, [...each.parameters], false), text: textOf(each) }];
  });
}

function operations(): Operation[] {
  const all = SOURCES.flatMap((name) => {
    const path = new URL(`../../src/graph/${name}`, import.meta.url);
    const source = ts.createSourceFile(name, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    return [...methodsOf(source), ...functionsOf(source)];
  });
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups.flatMap((group) => all.filter((each) => each.group === group));
}

/** One table for each group, its columns as wide as they need to be. */
function tables(): string {
  const all = operations();
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = all
        .filter((each) => each.group === group)
        .map(({ call, text }) => [`\`${call}\``, text.replaceAll("|", "\\|")] as const);
      const wide = [0, 1].map((i) =>
        Math.max(3, i === 0 ? [...group].length : 0, ...rows.map((row) => [...row[i]!].length)),
      );
      const line = (cells: readonly string[]) =>
        `| ${cells.map((cell, i) => cell + " ".repeat(wide[i]! - [...cell].length)).join(" | ")} |`;
      const lines = [line([group, ""]), `| ${wide.map((n) => "-".repeat(n)).join(" | ")} |`, ...rows.map(line)];
      return lines.join("\n");
    })
    .join("\n\n");
}

test("every method of a node has a sentence and a group", () => {
  const all = operations();
  for (const each of all) expect(each, each.name).toMatchObject({ group: /./, text: /\.$|`$/ });
  const methods = new Set<string>();
  for (let at: object = Node.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) methods.add(name);
  const left = ["constructor", "is", "unary", "binary", "reduce", "size"];
  expect(
    all
      .filter(({ call }) => call.startsWith("x."))
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...methods].filter((name) => !left.includes(name)).sort());
});

// With `-u` it writes the section anew.
test("docs/models.md lists every operation", async () => {
  const page = readFileSync(PAGE, "utf8");
  const start = START.exec(page);
  expect(start).not.toBeNull();
  const before = page.slice(0, start!.index + start![0].length);
  const after = page.slice(page.indexOf(END));
  await expect(`${before}\n${tables()}\n\n${after}`).toMatchFileSnapshot("../../docs/models.md");
});
