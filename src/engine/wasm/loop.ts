import { EngineError } from "../../errors.ts";
import type { Node } from "../../graph/node.ts";
import type { Cursor, StepCode } from "./code.ts";
import { I32, type Local } from "./encoder.ts";
import { type Accumulators, clear, emitPhase, finishAccumulators, type PhasePlace, startAccumulators } from "./map.ts";
import { emitProductByOutputs, emitTransposedProductByOutputs, suitsOutputLanes } from "./outputLanes.ts";
import { cut, cutInFew, leftBy, type Phase, VECTORS_AT_ONCE } from "./phases.ts";
import { emitParts, emitPieces, type Piece, PRODUCT_ITEMS } from "./pieces.ts";
import { emitProduct, emitTransposedProduct, type RowRange } from "./product.ts";
import { emitMapOfRows, packBlocks, suitsRowLanes } from "./rowLanes.ts";
import { accumulates, BLOCK_ROWS, type Stage } from "./schedule.ts";

/** Rows at once also where one has as many vectors as a phase takes, of which V8 makes half as many of twice the width. */
const LEAST_ROWS_AT_ONCE = 2;

/** One pass over an index: straight code where it is one element long, else blocks of rows. */
export function emitLoop(code: StepCode, length: number, stages: readonly Stage[]): void {
  const nodes = stages.flatMap((stage) => (stage.kind === "map" ? stage.nodes : [stage.node]));
  emitParts(code, nodes.filter(accumulates), clear);
  const [only] = stages;
  if (length === 0) return;
  if (length === 1 && stages.length === 1 && only?.kind === "map") {
    emitOnce(code, only.nodes);
    return;
  }
  const isLong = lengthOf(code, stages) > code.longest.items;
  if (!isLong && suitsRowLanes(code, stages)) packBlocks(code, stages);
  checkLength(code, length);
  const { f } = code;
  const total = length * code.storage.elementBytes;
  const block = BLOCK_ROWS * code.storage.elementBytes;
  const lastRows = length % BLOCK_ROWS || BLOCK_ROWS;
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
    if (isLong) emitLongStages(code, stages, { start, end, lastRows });
    else for (const stage of stages) emitStage(code, stage, { start, end, lastRows });
  });
}

/** Offsets of elements in lanes are 32 bits wide, also those of data that is stored as numbers. */
function checkLength(code: StepCode, length: number): void {
  const most = 2 ** 32 / code.storage.elementBytes - BLOCK_ROWS;
  if (length <= most) return;
  throw new EngineError(
    `The wasm engine goes over at most ${most} elements at once in ${code.lanes.precision} with this many chains; the ` +
      `model goes over ${length}. Use batches of fewer chains, or the engine xla.`,
  );
}

/** Products with chains in lanes, or outputs. */
const byChains = { product: emitProduct, transposedProduct: emitTransposedProduct } as const;
const byOutputs = { product: emitProductByOutputs, transposedProduct: emitTransposedProductByOutputs } as const;

function emitStage(code: StepCode, stage: Stage, range: RowRange): void {
  const { f } = code;
  const mark = f.mark();
  if (stage.kind === "map") (code.lanesHold === "rows" ? emitMapOfRows : emitMap)(code, stage.nodes, range);
  else (suitsOutputLanes(code, stage.node) ? byOutputs : byChains)[stage.kind](code, stage.node, range);
  f.release(mark);
}

/** A single element: one phase, since there is no next element to work on beside it. */
function emitOnce(code: StepCode, nodes: readonly Node[]): void {
  const items = code.body(nodes);
  const cursor: Cursor = { element: undefined, inBlock: undefined };
  const emit = (code: StepCode, phase: Phase, left: PhasePlace["left"], nodes: readonly Node[]): void => {
    const accumulators = startAccumulators(code, nodes);
    emitPhase(code, phase, { left, cursor, rows: 1, accumulators });
    finishAccumulators(code, accumulators);
  };
  if (items.length <= code.longest.items) {
    emit(code, { items, kept: new Map() }, new Map(), nodes);
    return;
  }
  const phases = cutInFew(items, code.longest.items);
  const left = leftBy(phases);
  for (const phase of phases) code.outline([], (inner) => emit(inner, phase, left, summedIn(phase)));
}

/** Items of all stages. */
function lengthOf(code: StepCode, stages: readonly Stage[]): number {
  return stages.reduce((n, stage) => n + (stage.kind === "map" ? code.body(stage.nodes).length : PRODUCT_ITEMS), 0);
}

/** As `emitStage` of one stage after the other, in functions of some phases and products each. */
function emitLongStages(code: StepCode, stages: readonly Stage[], range: RowRange): void {
  const pieces = stages.flatMap((stage) =>
    stage.kind === "map" ? mapPieces(code, stage.nodes, range) : [productPiece(stage, range)],
  );
  emitPieces(code, pieces, [range.start, range.end], code.longest.items);
}

/** The phases of a map, each with the sums of its own. */
function mapPieces(code: StepCode, nodes: readonly Node[], { lastRows }: RowRange): Piece[] {
  const phases = cut(code.body(nodes));
  const left = leftBy(phases);
  return phases.map((phase) => ({
    items: phase.items.length,
    emit: (inner, [start, end]) => {
      const mark = inner.f.mark();
      const accumulators = startAccumulators(inner, summedIn(phase));
      emitPhaseLoop(inner, phase, left, { start: start!, end: end!, lastRows }, accumulators);
      finishAccumulators(inner, accumulators);
      inner.f.release(mark);
    },
  }));
}

function productPiece(stage: Stage, { lastRows }: RowRange): Piece {
  return {
    items: PRODUCT_ITEMS,
    emit: (inner, [start, end]) => emitStage(inner, stage, { start: start!, end: end!, lastRows }),
  };
}

/** The nodes that a phase adds up. */
function summedIn(phase: Phase): Node[] {
  return phase.items.flatMap((item) => (item.kind === "accumulate" ? [item.node] : []));
}

function emitMap(code: StepCode, nodes: readonly Node[], range: RowRange): void {
  const phases = cut(code.body(nodes));
  const left = leftBy(phases);
  const accumulators = startAccumulators(code, nodes);
  for (const phase of phases) emitPhaseLoop(code, phase, left, range, accumulators);
  finishAccumulators(code, accumulators);
}

/** A phase for all rows of a range, a few at once. What is left over is done with some rows before it, once more. */
function emitPhaseLoop(
  code: StepCode,
  phase: Phase,
  left: PhasePlace["left"],
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
  const loop = (rows: number): void =>
    code.whileWhole(element, rows, range.end, (bytes) => {
      emitPhase(code, phase, { left, cursor: { element, inBlock }, rows, accumulators });
      code.increase(inBlock, bytes);
    });
  const many = Math.max(LEAST_ROWS_AT_ONCE, VECTORS_AT_ONCE / code.storage.vectors);
  // Adding to a total twice would count twice; all else gives the same again.
  const repeatable = phase.items.every(({ kind }) => kind !== "accumulate" && kind !== "scatter");
  if (range.lastRows % many === 0) loop(many);
  else if (repeatable && range.lastRows > many) emitTwice(code, many, range, { element, inBlock }, () => loop(many));
  else for (const rows of new Set([many, 1])) loop(rows);
  f.release(mark);
}

/** Where a loop over a range stands: see `Cursor`. */
type Position = { readonly [key in keyof Cursor]: Local };

/** `loop`, and where rows are left the same code again, for as many as it takes at once: the last of the range. */
function emitTwice(code: StepCode, rows: number, range: RowRange, at: Position, loop: () => void): void {
  const { f } = code;
  const back = f.local(I32);
  f.doWhile(
    () => {
      loop();
      // 0 at the range's end, else so far that the loop's turn ends there.
      f.get(range.end);
      f.get(at.element);
      f.sub();
      f.i32(rows * code.storage.elementBytes);
      f.sub();
      f.i32(0);
      f.get(at.element);
      f.get(range.end);
      f.lessThan();
      f.select();
      f.set(back);
      for (const local of [at.element, at.inBlock]) {
        f.get(local);
        f.get(back);
        f.add();
        f.set(local);
      }
    },
    () => f.get(back),
  );
}
