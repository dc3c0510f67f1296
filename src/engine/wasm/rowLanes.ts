import type { Node } from "../../graph/node.ts";
import type { StepCode } from "./code.ts";
import { I32, type Local } from "./encoder.ts";
import { combine, emitPhase, finishAccumulators, startAccumulators } from "./map.ts";
import { suitsOutputLanes } from "./outputLanes.ts";
import { cut, leftBy, VECTORS_AT_ONCE } from "./phases.ts";
import type { RowRange } from "./product.ts";
import { accumulates, type Stage } from "./schedule.ts";
import { isIdentity } from "./views.ts";

/*
 * Maps between products of data (`outputLanes.ts`) where a group is one chain. Lanes hold neighbouring rows, and not chains, of
 * which all but one would be empty: sums come from a product like that, and need not be transposed. What is added up over
 * rows is kept for a block, and then added row by row: in the same order, so that no bit differs.
 */

/** Whether the lanes of a loop's maps can hold rows: all that its stages hand on lives for a block. */
export function suitsRowLanes(code: StepCode, stages: readonly Stage[]): boolean {
  const { chains, vectors } = code.storage;
  if (chains > 1 || vectors > 1 || !stages.some(({ kind }) => kind === "product")) return false;
  const made = new Set(stages.flatMap((stage) => (stage.kind === "map" ? stage.nodes : [stage.node])));
  return stages.every((stage) => {
    if (stage.kind === "map") return stage.nodes.every((node) => suitsMap(code, node, made));
    return (
      suitsOutputLanes(code, stage.node) && (stage.kind === "transposedProduct" || livesForBlock(code, stage.node))
    );
  });
}

function livesForBlock(code: StepCode, node: Node): boolean {
  return code.plan.lifetime.get(node) === "block";
}

function suitsMap(code: StepCode, node: Node, made: ReadonlySet<Node>): boolean {
  if (node.op === "gather" || node.op === "scatterAdd") return false;
  if (!accumulates(node) && code.plan.lifetime.get(node) === "step") return false;
  return node.inputs.every((input) => {
    const access = code.access(input);
    const { base, stride } = access;
    if (stride === 0 || base.is("constant")) return true;
    if (made.has(base)) return isIdentity(access) && !accumulates(base);
    return code.storage.of(base).kind === "scalars";
  });
}

/** Lets what lives for a block lie there packed, before any stage is emitted. */
export function packBlocks(code: StepCode, stages: readonly Stage[]): void {
  code.lanesHold = "rows";
  for (const stage of stages)
    for (const node of stage.kind === "map" ? stage.nodes : [stage.node])
      if (livesForBlock(code, node)) code.storage.pack(node);
}

/** Terms of sums that are loaded before they are added. */
const TERMS_AT_ONCE = 4;

/** A map's phases, in vectors of rows: the last may be of rows that there are not, which nobody asks for. */
export function emitMapOfRows(code: StepCode, nodes: readonly Node[], range: RowRange): void {
  const phases = cut(code.body(nodes));
  const rows = VECTORS_AT_ONCE * code.storage.lanesPerVector;
  const { f } = code;
  const left = leftBy(phases);
  for (const phase of phases) {
    const mark = f.mark();
    const element = code.sum(range.start);
    const inBlock = zero(code);
    f.doWhile(
      () => {
        emitPhase(code, phase, { left, cursor: { element, inBlock }, rows, accumulators: new Map() });
        for (const local of [element, inBlock]) code.increase(local, rows * code.storage.elementBytes);
      },
      () => {
        f.get(element);
        f.get(range.end);
        f.lessThan();
      },
    );
    f.release(mark);
  }
  addTerms(code, nodes, range);
}

/** Row after row, what a block has for each sum. */
function addTerms(code: StepCode, nodes: readonly Node[], range: RowRange): void {
  const { f, lanes } = code;
  const accumulators = startAccumulators(code, nodes);
  if (accumulators.size === 0) return;
  const element = code.sum(range.start);
  const inBlock = zero(code);
  for (const rows of [TERMS_AT_ONCE, 1])
    code.whileWhole(element, rows, range.end, (bytes) => {
      for (const [node, [sum]] of accumulators)
        for (let row = 0; row < rows; row++) {
          lanes.push(
            combine(code, node, { locals: [sum!] }, code.loadNumber(code.storage.termsOf(node), inBlock, row)),
          );
          f.set(sum!);
        }
      code.increase(inBlock, bytes);
    });
  finishAccumulators(code, accumulators);
}

function zero(code: StepCode): Local {
  const local = code.f.local(I32);
  code.f.i32(0);
  code.f.set(local);
  return local;
}
