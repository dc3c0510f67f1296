import type { Node } from "./node.ts";
import { describe } from "./ops.ts";
import { type Program, regionNodes } from "./program.ts";
import type { ConstantData } from "./types.ts";

/**
 * A readable listing of a program: one node a line, numbered in evaluation order, loops with their bodies indented.
 * The same for equal programs, so that listings can be kept in files and compared.
 *
 *     program square(x: float[3])
 *       %0 = input x : float[3]
 *       %1 = mul %0 %0 : float[3]
 *     gives y = %1
 */
export function print(program: Program): string {
  const parameters = Object.entries(program.inputs).map(([name, node]) => `${name}: ${describe(node)}`);
  const numbers = numberNodes(program);
  const outputs = Object.entries(program.outputs).map(([name, node]) => `${name} = ${label(node, numbers)}`);
  return [
    `program ${program.name}(${parameters.join(", ")})`,
    ...printNodes(program.nodes, numbers, "  "),
    `gives ${outputs.join(", ")}`,
    "",
  ].join("\n");
}

/** The line that `print` shows for a node of a program (for a loop, its first). */
export function printNode(node: Node, program: Program): string {
  return lister(program)(node);
}

/** `printNode` for many nodes of one program. */
export function lister(program: Program): (node: Node) => string {
  const numbers = numberNodes(program);
  return (node) => lineOf(node, numbers);
}

type Numbers = ReadonlyMap<Node, number>;

function numberNodes(program: Program): Numbers {
  const numbers = new Map<Node, number>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      numbers.set(node, numbers.size);
      if (!node.is("loop")) continue;
      for (const parameter of node.attributes.region.parameters) numbers.set(parameter, numbers.size);
      visit(regionNodes(node.attributes.region).body);
    }
  };
  visit(program.nodes);
  return numbers;
}

function printNodes(nodes: readonly Node[], numbers: Numbers, indent: string): string[] {
  return nodes.flatMap((node) => {
    const line = indent + lineOf(node, numbers);
    if (!node.is("loop")) return [line];
    const { region } = node.attributes;
    const parameters = region.parameters.map((parameter) => `${label(parameter, numbers)}: ${describe(parameter)}`);
    const results = region.results.map((result) => label(result, numbers));
    return [
      `${line} {`,
      `${indent}  turn (${parameters.join(", ")})`,
      ...printNodes(regionNodes(region).body, numbers, `${indent}  `),
      `${indent}  next (${results.join(", ")})`,
      `${indent}}`,
    ];
  });
}

function lineOf(node: Node, numbers: Numbers): string {
  const words = [node.op, ...node.inputs.map((input) => label(input, numbers)), ...attributeWords(node)];
  return `${label(node, numbers)} = ${words.join(" ")} : ${describe(node)}`;
}

function label(node: Node, numbers: Numbers): string {
  return `%${numbers.get(node) ?? "?"}`;
}

/** What an op needs to know besides its inputs, as words. */
function attributeWords(node: Node): string[] {
  if (node.is("input")) return [node.attributes.name];
  if (node.is("constant")) return [printData(node.attributes.data)];
  if (node.is("loop")) return [];
  return Object.entries(node.attributes).map(([name, value]) =>
    Array.isArray(value) ? `${name}=[${value}]` : `${name}=${value}`,
  );
}

/** Up to eight elements; of more, the first three, the last and a hash of all. */
function printData(data: ConstantData): string {
  const element = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));
  const elements = Array.from(data.length > 8 ? data.subarray(0, 3) : data, element);
  if (data.length <= 8) return elements.length === 1 ? elements[0]! : `[${elements.join(" ")}]`;
  const last = element(data[data.length - 1]!);
  return `[${elements.join(" ")} … ${last}] (${data.length} values, ${hashData(data).toString(16).padStart(8, "0")})`;
}

/** FNV-1a over the bytes, low byte first on every machine that Node runs on. */
export function hashData(data: ConstantData): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
