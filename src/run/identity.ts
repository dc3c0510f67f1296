/**
 * Which model and which data a run is of: SHA-256 of the model as it was bound, and of the data as they were given to it.
 * Threads are compared by them, and what goes on with a run or repeats it is held to them.
 *
 * A node's hash is that of the text `op dtype [shape] shared attributes` and the hashes of its inputs: it says what is computed,
 * however often a part is used and in whatever order it was built. Attributes stand as `name=value`, sorted; the elements of
 * a constant follow as bytes (float64, int32, uint32 or 0 and 1, little-endian). What the graph begins with has a name in place
 * of a content: `z of mu`, `data y`. A parameter of a loop is its number and the loop's depth. The program's hash is that of one
 * line a part: each parameter with its transform and dimensions, each variable, each term of the log density. The graph is
 * taken before anything simplifies it, so that a release that simplifies better does not change the hash.
 *
 * The hash of the data is that of one line a data array (name, type, dimensions, shape) with its elements, and one line a
 * dimension with its labels.
 */
import { createHash, type Hash } from "node:crypto";
import { ModelError } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import { inEvaluationOrder, regionNodes } from "../graph/program.ts";
import type { BoundGraph, BoundModel } from "../model/boundModel.ts";

/** What is compared. All of it are SHA-256, hexadecimal. Structured-cloneable. */
export interface Identity {
  readonly program: string;
  readonly data: string;
  /** Of each part of the program, by what it is: `prior of mu`, `derived twice`. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Bytes that are hashed at once; larger arrays are hashed piece by piece. */
const PIECE = 2 ** 26;

/** The identity of a bound model. */
export function identityOf(model: BoundModel): Identity {
  const parts = partsOf(model, model.graph("bound"));
  return { program: programHash(parts), data: dataHash(model), parts };
}

/**
 * Builds the model once more, as engines will.
 * @throws ModelError where its functions give something else than when it was bound
 */
export function checkPure(model: BoundModel, { program, parts }: Identity): void {
  const now = partsOf(model, model.graph("now"));
  if (programHash(now) === program) return;
  throw new ModelError(
    `model ${model.name} is another one each time that it is built: ${named(differingParts(parts, now))}. ${PURE}`,
  );
}

/**
 * Compares a thread's model and data with those of the main thread.
 * @param model the model's file or name
 * @returns the error where they differ
 */
export function otherThread(model: string, main: Identity, thread: Identity): ModelError | undefined {
  if (main.program !== thread.program) {
    const parts = named(differingParts(main.parts, thread.parts));
    return new ModelError(`${model} is another model in this thread than in the main one: ${parts}. ${PURE}`);
  }
  if (main.data === thread.data) return undefined;
  return new ModelError(
    `${model} has other data, or other labels of them, in this thread than in the main one. ${PURE}`,
  );
}

/** What a model must be; said where it is not. */
const PURE =
  "A model must be the same at any time and in every thread: take Math.random(), the clock, counters, the environment and " +
  "thread ids out of its code, and give it such numbers as data or options.";

/** What two programs have not in common, by name. */
function differingParts(before: Identity["parts"], now: Identity["parts"]): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]);
}

/** `prior of mu, derived x and 3 more differ`. */
function named(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(", ");
  const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
  return `${shown || "the order of its parts"}${more} ${names.length > 1 ? "differ" : "differs"}`;
}

function programHash(parts: Identity["parts"]): string {
  const lines = Object.entries(parts).map(([name, hash]) => `${JSON.stringify(name)} ${hash}\n`);
  return sha256(lines.join(""));
}

function partsOf(model: BoundModel, { terms, values, leaves }: BoundGraph): Record<string, string> {
  const hashes = nodeHashes([...Object.values(terms), ...Object.values(values)], leaves);
  const of = (node: Node | undefined): string => (node === undefined ? "" : hashes.get(node)!);
  const slots = model.parameters.map(
    ({ name, transform, dims, shape, offset }) =>
      [`parameter ${name}`, sha256(JSON.stringify([transform, dims, shape, offset]))] as const,
  );
  const variables = model.variables.map(
    ({ name, dtype, dims, shape }) =>
      [`variable ${name}`, sha256(JSON.stringify([dtype, dims, shape, of(values[name])]))] as const,
  );
  const named = Object.entries(terms).map(([name, node]) => [name, of(node)] as const);
  const observed = sha256(JSON.stringify(Object.keys(model.observed)));
  return Object.fromEntries([...slots, ...variables, ...named, ["what is observed", observed]]);
}

/** The hash of every node that `roots` need. */
function nodeHashes(roots: readonly Node[], leaves: ReadonlyMap<Node, string>): ReadonlyMap<Node, string> {
  const hashes = new Map<Node, string>();
  const visit = (node: Node, depth: number): void => {
    const inputs = node.inputs.map((input) => hashes.get(input)!);
    hashes.set(node, nodeHash(node, leaves.get(node), [...inputs, ...results(node, depth)]));
  };
  const results = (node: Node, depth: number): string[] => {
    if (!node.is("loop")) return [];
    const { region } = node.attributes;
    for (const [index, parameter] of region.parameters.entries())
      hashes.set(parameter, nodeHash(parameter, `parameter ${index} at ${depth}`, []));
    for (const inner of regionNodes(region).body) visit(inner, depth + 1);
    return region.results.map((result) => hashes.get(result)!);
  };
  for (const node of inEvaluationOrder(roots)) visit(node, 0);
  return hashes;
}

function nodeHash(node: Node, leaf: string | undefined, inputs: readonly string[]): string {
  const { op, dtype, shape, shared } = node;
  const head = `${leaf === undefined ? op : JSON.stringify(leaf)} ${dtype} [${shape}] ${shared}`;
  if (leaf === undefined && node.is("constant")) {
    const hash = createHash("sha256").update(`${head}\n`);
    return addElements(hash, plainNaN(node.attributes.data)).digest("hex");
  }
  const attributes = leaf === undefined ? attributeWords(node) : [];
  return sha256([head, ...attributes, ...inputs].join("\n"));
}

/** What an op needs to know besides its inputs; a loop's region is among its inputs. */
function attributeWords(node: Node): string[] {
  if (node.is("loop")) return [];
  return Object.entries(node.attributes)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort();
}

function dataHash({ observed, constants, coordinates }: BoundModel): string {
  const hash = createHash("sha256");
  const arrays = Object.values({ ...observed, ...constants }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, dtype, dims, shape, data } of arrays)
    addElements(hash.update(`${JSON.stringify([name, dtype, dims, shape])}\n`), data);
  for (const [dimension, labels] of Object.entries(coordinates).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isCount = labels.every((label, index) => label === index);
    hash.update(`\n${JSON.stringify([dimension, isCount ? labels.length : labels])}`);
  }
  return hash.digest("hex");
}

type Elements = Float64Array | Int32Array | Uint32Array | Uint8Array;

function addElements(hash: Hash, { buffer, byteOffset, byteLength }: Elements): Hash {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  for (let from = 0; from < byteLength; from += PIECE) hash.update(bytes.subarray(from, from + PIECE));
  return hash;
}

/** What is not a number has many bit patterns: all are taken for one. */
function plainNaN(elements: Elements): Elements {
  if (!(elements instanceof Float64Array) || !elements.includes(Number.NaN)) return elements;
  const copy = elements.slice();
  const words = new BigUint64Array(copy.buffer);
  for (const [index, value] of copy.entries()) if (Number.isNaN(value)) words[index] = 0x7ff8000000000000n;
  return copy;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
