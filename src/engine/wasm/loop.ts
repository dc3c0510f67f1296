import type { Node } from "../../graph/node.ts";
import { recordBody } from "./body.ts";
import type { Cursor, StepCode } from "./code.ts";
import { I32 } from "./encoder.ts";
import { type Accumulators, clear, emitPhase, finishAccumulators, startAccumulators } from "./map.ts";
import { cut, type Phase } from "./phases.ts";
import { emitProduct, emitTransposedProduct, type RowRange } from "./product.ts";
import { accumulates, type Stage } from "./schedule.ts";
import { BLOCK_ROWS } from "./storage.ts";

/** Vectors that a phase works on side by side: they hide each other's latency, and sixteen registers hold them. */
const VECTORS_AT_ONCE = 4;

/** One pass over an index: straight code where it is one element long, else blocks of rows. */
export function emitLoop(code: StepCode, length: number, stages: readonly Stage[]): void {
  const nodes = stages.flatMap((stage) => (stage.kind === "map" ? stage.nodes : [stage.node]));
  for (const node of nodes) if (accumulates(node)) clear(code, node);
  const [only] = stages;
  if (length === 0) return;
  if (length === 1 && stages.length === 1 && only?.kind === "map") {
    emitOnce(code, only.nodes);
    return;
  }
  const { f } = code;
  const total = length * code.storage.elementBytes;
  const block = BLOCK_ROWS * code.storage.elementBytes;
  code.count(total, block, (start) => {
    f.get(start);
    f.i32(block);
    f.add();
    const end = code.keepInteger();
    f.get(end);
    f.i32(total);
    f.get(end);
    f.i32(total);
    f.lessThan();
    f.select();
    f.set(end);
    for (const stage of stages) emitStage(code, stage, { start, end });
  });
}

function emitStage(code: StepCode, stage: Stage, range: RowRange): void {
  const { f } = code;
  const mark = f.mark();
  if (stage.kind === "product") emitProduct(code, stage.node, range);
  else if (stage.kind === "transposedProduct") emitTransposedProduct(code, stage.node, range);
  else emitMap(code, stage.nodes, range);
  f.release(mark);
}

/** A single element: one phase, since there is no next element to work on beside it. */
function emitOnce(code: StepCode, nodes: readonly Node[]): void {
  const accumulators = startAccumulators(code, nodes);
  const items = recordBody(nodes, code.plan, code.lanes.precision);
  const cursor: Cursor = { element: undefined, inBlock: undefined };
  emitPhase(code, [{ items, kept: new Map() }], 0, { cursor, rows: 1, accumulators });
  finishAccumulators(code, accumulators);
}

function emitMap(code: StepCode, nodes: readonly Node[], range: RowRange): void {
  const phases = cut(recordBody(nodes, code.plan, code.lanes.precision));
  const accumulators = startAccumulators(code, nodes);
  for (const index of phases.keys()) emitPhaseLoop(code, phases, index, range, accumulators);
  finishAccumulators(code, accumulators);
}

/** A phase for all rows of a range: a few at once, then one at a time. */
function emitPhaseLoop(
  code: StepCode,
  phases: readonly Phase[],
  index: number,
  range: RowRange,
  accumulators: Accumulators,
): void {
  const { f } = code;
  const mark = f.mark();
  const element = f.local(I32);
  const inBlock = f.local(I32);
  f.get(range.start);
  f.set(element);
  f.i32(0);
  f.set(inBlock);
  const cursor: Cursor = { element, inBlock };
  const { elementBytes, vectors } = code.storage;
  for (const rows of new Set([VECTORS_AT_ONCE / vectors, 1])) {
    f.while(
      () => {
        f.get(element);
        f.i32(rows * elementBytes);
        f.add();
        f.get(range.end);
        f.lessOrEqual();
      },
      () => {
        emitPhase(code, phases, index, { cursor, rows, accumulators });
        code.increase(element, rows * elementBytes);
        code.increase(inBlock, rows * elementBytes);
      },
    );
  }
  f.release(mark);
}
