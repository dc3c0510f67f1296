import { ModelError } from "../errors.ts";
import type { Node } from "./node.ts";
import { describe, infer } from "./ops.ts";
import { printNode } from "./print.ts";
import { dependencies, type Program, regionNodes } from "./program.ts";
import { sameShape, sizeOf } from "./shape.ts";
import type { ConstantData, DType } from "./types.ts";

type Fail = (node: Node, why: string) => never;

/**
 * Check that a program is well formed: each node after what it needs, with the type that its op infers; constants as
 * long as their shapes; inputs with names of their own; loops whose parameters fit what they carry. Runs after each
 * pass. Throws a ModelError that names the node as `print` shows it. Returns the program.
 */
export function verify(program: Program): Program {
  const fail: Fail = (node, why) => {
    throw new ModelError(`Program ${program.name} is not well formed: ${why}, at\n  ${printNode(node, program)}`);
  };
  checkInputs(program, fail);
  const known = new Set<Node>();
  checkNodes(program.nodes, known, new Set(), fail);
  for (const [name, output] of Object.entries(program.outputs))
    if (!known.has(output)) fail(output, `output ${name} is not among its nodes`);
  return program;
}

function checkInputs(program: Program, fail: Fail): void {
  for (const node of program.nodes) {
    if (!node.is("input")) continue;
    const { name } = node.attributes;
    if (program.inputs[name] !== node) fail(node, `input ${name} is another node in the table of inputs`);
  }
  for (const [name, node] of Object.entries(program.inputs))
    if (!node.is("input") || node.attributes.name !== name || !program.nodes.includes(node))
      fail(node, `the table of inputs has a node under ${name} that is no input of that name`);
}

/** Nodes that are well formed by themselves: they do not change, so that the next pass has only new ones to check. */
const sound = new WeakSet<Node>();

/** `known`: what has a value here. `owned`: parameters that already belong to a loop. */
function checkNodes(nodes: readonly Node[], known: Set<Node>, owned: Set<Node>, fail: Fail): void {
  for (const node of nodes) {
    for (const dependency of dependencies(node))
      if (!known.has(dependency)) fail(node, `it uses a ${dependency.op} that has no value here`);
    if (!sound.has(node)) checkNode(node, fail);
    sound.add(node);
    if (node.is("loop")) checkRegion(node, known, owned, fail);
    known.add(node);
  }
}

function checkNode(node: Node, fail: Fail): void {
  if (node.is("constant")) checkConstant(node, node.attributes.data, fail);
  if (node.is("gather")) checkIndices(node.inputs[1]!, node.inputs[0]!.shape[0]!, node, fail);
  if (node.is("scatterAdd")) checkIndices(node.inputs[1]!, node.attributes.size, node, fail);
  if (node.is("shiftLeft") || node.is("shiftRight")) {
    const { bits } = node.attributes;
    if (!(Number.isInteger(bits) && bits >= 0 && bits <= 32)) fail(node, "a shift takes 0 to 32 bits");
  }
  if (node.is("carried")) {
    const from = node.inputs[0]!;
    if (!from.is("loop") || from.inputs[node.attributes.index + 1] === undefined)
      fail(node, "it takes a value that no loop carries");
  }
  if (node.op === "input" || node.op === "constant" || node.op === "parameter") return;
  const type = infer(node.op, node.inputs, node.attributes);
  if (type.dtype !== node.dtype || !sameShape(type.shape, node.shape))
    fail(node, `its op gives ${type.dtype}[${type.shape}]`);
  if (node.shared !== isShared(node)) fail(node, `it must ${node.shared ? "not " : ""}be shared`);
}

function isShared(node: Node): boolean {
  if (node.is("carried")) return node.inputs[0]!.inputs[node.attributes.index + 1]!.shared;
  return node.op !== "perChain" && node.inputs.every((input) => input.shared);
}

const arrays: { readonly [D in DType]: new (...values: never[]) => ConstantData } = {
  float: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  bool: Uint8Array,
};

function checkConstant(node: Node, data: ConstantData, fail: Fail): void {
  if (!(data instanceof arrays[node.dtype])) fail(node, `its data is no ${arrays[node.dtype].name}`);
  if (data.length !== sizeOf(node.shape))
    fail(node, `its shape takes ${sizeOf(node.shape)} values, not ${data.length}`);
}

function checkIndices(indices: Node, length: number, node: Node, fail: Fail): void {
  if (!indices.is("constant")) return;
  const wrong = indices.attributes.data.find((index: number) => index < 0 || index >= length);
  if (wrong !== undefined) fail(node, `its index ${wrong} lies outside 0 to ${length - 1}`);
}

function checkRegion(node: Node, known: Set<Node>, owned: Set<Node>, fail: Fail): void {
  if (!node.is("loop")) return;
  const { region } = node.attributes;
  const types = ["shared int32[]", ...node.inputs.slice(1).map(describe)];
  if (region.parameters.length !== types.length || region.results.length !== types.length - 1)
    fail(node, `it carries ${types.length - 1} values but its body takes ${region.parameters.length - 1}`);
  region.parameters.forEach((parameter, i) => {
    if (!parameter.is("parameter") || parameter.attributes.index !== i || describe(parameter) !== types[i])
      fail(node, `parameter ${i} of its body must be ${types[i]}, not ${describe(parameter)}`);
    if (owned.has(parameter)) fail(node, `parameter ${i} of its body belongs to another loop too`);
    owned.add(parameter);
  });
  const inside = new Set([...known, ...region.parameters]);
  checkNodes(regionNodes(region).body, inside, owned, fail);
  for (const result of region.results) if (!inside.has(result)) fail(node, "its body gives a value that it lacks");
}
