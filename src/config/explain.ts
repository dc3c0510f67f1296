import type { z } from "zod";
import { alternatives, contradicts, nodesAt, type SchemaNode } from "./describe.ts";
import { type Located, nodeAt, type Path, pathText, plain, spanAt } from "./located.ts";
import { type Problem, printable, show } from "./problems.ts";
import { didYouMean, suggestion } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/** Of the wrong elements of one list, this many are looked at: ten are shown. */
const ENOUGH = 100;

/** A problem with what is needed to drop a "missing key" that an "unknown key" already explains. */
interface Finding extends Problem {
  readonly missing?: string;
  readonly meant?: string | undefined;
}

/** What zod found, in our words: each problem with where it was written, what was expected and what was found. */
export function explain(issues: readonly Issue[], value: unknown, root: Located): Problem[] {
  const findings = issues.flatMap((issue) => explainIssue(issue, [], value, root));
  const meant = new Set(findings.map((finding) => finding.meant).filter((path) => path !== undefined));
  const kept = findings.filter((finding) => finding.missing === undefined || !meant.has(finding.missing));
  // In the order of the text, source by source.
  const sources = [...new Set(kept.map((finding) => finding.span?.source))];
  const order = (finding: Finding): number => sources.indexOf(finding.span?.source);
  return kept.sort((a, b) => order(a) - order(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, key) => {
    const holds = typeof current === "object" && current !== null && Object.hasOwn(current, key);
    return holds ? (current as Record<string | number, unknown>)[key] : undefined;
  }, value);
}

function explainIssue(issue: Issue, base: Path, value: unknown, root: Located): Finding[] {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, path, value, root));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = chooseBranch(issue.errors);
    if (branch !== undefined) return branch.slice(0, ENOUGH).flatMap((inner) => explainIssue(inner, path, value, root));
  }
  const parent = path.slice(0, -1);
  const name = path.at(-1);
  if (typeof name === "string" && at(value, path) === undefined && nodeAt(root, path) === undefined) {
    const where = parent.length === 0 ? "" : ` in ${pathText(parent)}`;
    const text = `missing key "${name}"${where}: expected ${expected(path, value)}`;
    return [{ text, span: spanAt(root, parent, "key"), missing: pathText(path) }];
  }
  return [wrongValue(path, value, root)];
}

function wrongValue(path: Path, value: unknown, root: Located): Finding {
  // As it was written, where it was (a seed is checked as text).
  const written = nodeAt(root, path);
  const found = written === undefined ? at(value, path) : plain(written, path);
  const where = path.length === 0 ? "" : `${printable(pathText(path))}: `;
  const close = typeof found === "string" ? suggestion(found, constants(nodesAt(path, value))) : "";
  const text = `${where}expected ${expected(path, value)}, found ${show(found)}${close}`;
  return { text, span: spanAt(root, path) };
}

function unknownKey(key: string, path: Path, value: unknown, root: Located): Finding {
  const holder = at(value, path);
  const all = nodesAt(path, value)
    .flatMap(alternatives)
    .filter((node) => !contradicts(node, holder));
  const variant = path.length === 1 && path[0] === "sampler" ? ` ${String(at(holder, ["name"]))}` : "";
  const where = path.length === 0 ? "" : ` in ${printable(pathText(path) + variant)}`;
  const known = [...new Set(all.flatMap((node) => Object.keys(node.properties ?? {})))];
  const span = spanAt(root, [...path, key], "key");
  const quoted = printable(JSON.stringify(key));
  // Known to another alternative: the keys around it are what it does not go with.
  if (known.includes(key)) {
    return { text: `key ${quoted} does not fit the other keys${where}: expected ${expected(path, value)}`, span };
  }
  const meant = didYouMean(key, known);
  const help = meant === undefined ? `; expected one of ${known.join(", ")}` : `; did you mean "${meant}"?`;
  const text = `unknown key ${quoted}${where}${help}`;
  return { text, span, meant: meant === undefined ? undefined : pathText([...path, meant]) };
}

/** The alternative of a union that the value comes nearest to; none, if the value is of no alternative's kind. */
function chooseBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const cost = (branch: readonly Issue[]): number => {
    return branch.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
  };
  const depth = (branch: readonly Issue[]): number => {
    return branch.reduce((deepest, issue) => Math.max(deepest, issue.path.length), 0);
  };
  const right = branches.filter((branch) => {
    return branch.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys");
  });
  return [...right].sort((a, b) => cost(a) - cost(b) || depth(b) - depth(a))[0];
}

function constants(nodes: readonly SchemaNode[]): string[] {
  const values = nodes
    .flatMap(alternatives)
    .flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]));
  return values.filter((each) => typeof each === "string");
}

/** What an option's own words say is allowed; its type where it has none. */
function expected(path: Path, value: unknown): string {
  const nodes = nodesAt(path, value);
  const names = constants(nodes);
  const range = nodes.find((node) => node.range !== undefined)?.range;
  if (range !== undefined) return range;
  if (names.length > 0) return names.length === 1 ? names[0]! : `one of ${names.join(", ")}`;
  const type = nodes.flatMap(alternatives).find((node) => node.type !== undefined)?.type;
  const words: Record<string, string> = {
    object: "a mapping (key: value)",
    array: "a list",
    number: "a finite number",
    string: "text",
  };
  return words[String(type)] ?? "another value";
}
