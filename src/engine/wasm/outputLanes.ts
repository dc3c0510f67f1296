import type { Node } from "../../graph/node.ts";
import type { Cursor, StepCode } from "./code.ts";
import { I32, type Local } from "./encoder.ts";
import { emitSums, inPair, loadSums, placeOfSums, storeSums, vectorsAtOnce } from "./outputSums.ts";
import { type RowRange, vectorRange, vectorStart } from "./product.ts";
import { isIdentity } from "./views.ts";

/*
 * Products of a matrix of data where chains fill no more than one vector. Lanes hold neighbouring outputs of one chain, and
 * not chains: a vector of the matrix serves all chains, each with its own number in every lane. Were lanes chains, each number
 * of the matrix would be loaded for one multiplication, and lanes without a chain would multiply for nothing. Each output
 * adds up the same terms in the same order: no bit differs. The sums are transposed in the end.
 */

/** How many times as many multiplications there may be as with chains in lanes, which take more loads. */
const MOST = 1.25;

/** Bytes of a matrix of which there may be a copy for each product: more are not read faster than they are worked on. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Whether lanes can hold the outputs of a product, and are filled well enough. */
export function suitsOutputLanes(code: StepCode, node: Node): boolean {
  const { storage } = code;
  const data = matrixData(code, node);
  if (storage.vectors > 1 || data === undefined || data.length * storage.laneBytes > MOST_BYTES) return false;
  const pair = inPair(storage);
  const byOutputs = storage.chains * pair * Math.ceil(node.size / (pair * storage.lanesPerVector));
  const byChains = pair * Math.ceil(node.size / pair);
  return byOutputs <= MOST * byChains;
}

/** The numbers of a product's matrix, row after row, where it is data. */
function matrixData(code: StepCode, node: Node): ArrayLike<number> | undefined {
  const access = code.access(node.inputs[0]!);
  if (!access.base.is("constant") || !isIdentity(access)) return undefined;
  const { data } = access.base.attributes;
  return data.length === node.inputs[0]!.size && data.length > 1 ? data : undefined;
}

/** Rows start … end of matrix · vector. */
export function emitProductByOutputs(code: StepCode, node: Node, range: RowRange): void {
  const { f, storage } = code;
  const [matrix] = node.inputs as readonly [Node, Node];
  const columns = matrix.shape[1]!;
  const { address, stride } = storage.matrices.byColumns(matrixData(code, node)!, matrix);
  const vectors = vectorsAtOnce(code);
  const out = storage.of(node);
  const first = vectorStart(code, node);
  code.pushBytesBefore(range.start, columns * storage.laneBytes);
  const block = code.keepInteger();
  f.get(range.end);
  f.get(range.start);
  f.sub();
  code.pushScalarOffset(code.keepInteger());
  const rows = code.keepInteger();
  const row = f.local(I32);
  f.i32(0);
  f.set(row);
  f.doWhile(
    () => {
      const mark = f.mark();
      const terms = {
        ...{ matrix: code.sum(block, row), address, step: stride * storage.laneBytes },
        ...{ vector: code.sum(first), end: code.sum(first, { bytes: columns * storage.elementBytes }) },
        apart: storage.elementBytes,
      };
      // The one chain's sums already lie as packed rows do.
      storeSums(code, emitSums(code, vectors, terms), out.kind === "packed" ? out.place : placeOfSums(code), row);
      f.release(mark);
      code.increase(row, 16 * vectors);
    },
    () => {
      f.get(row);
      f.get(rows);
      f.lessThan();
    },
  );
  if (out.kind !== "packed") emitRows(code, node, range);
}

/** The block's sums become the node's rows. */
function emitRows(code: StepCode, node: Node, range: RowRange): void {
  const { f, storage } = code;
  const out = storage.of(node);
  const lanes = storage.lanesPerVector;
  const element = code.sum(range.start);
  const inBlock = f.local(I32);
  f.i32(0);
  f.set(inBlock);
  for (const rows of range.lastRows % lanes === 0 ? [lanes] : [lanes, 1])
    code.whileWhole(element, rows, range.end, (bytes) => {
      const mark = f.mark();
      code.pushScalarOffset(inBlock);
      code.storeAll(out, { element, inBlock }, loadSums(code, code.keepInteger()).slice(0, rows));
      f.release(mark);
      code.increase(inBlock, bytes);
    });
}

/** Rows start … end of the matrix, each times its element of the vector, added to the node's totals. */
export function emitTransposedProductByOutputs(code: StepCode, node: Node, range: RowRange): void {
  const { storage } = code;
  const lanes = storage.lanesPerVector;
  const many = vectorsAtOnce(code);
  const whole = Math.floor(node.size / (many * lanes));
  if (whole > 0) {
    code.count(whole * many * 16, many * 16, (column) => {
      emitColumns(code, node, range, { first: 0, count: many * lanes, vectors: many, column });
    });
  }
  const first = whole * many * lanes;
  const count = node.size - first;
  const pair = inPair(storage);
  if (count > 0) emitColumns(code, node, range, { first, count, vectors: pair * Math.ceil(count / (pair * lanes)) });
}

/** `count` columns from `first` on, in that many vectors. */
interface Columns {
  readonly first: number;
  readonly count: number;
  readonly vectors: number;
  /** Bytes of columns before `first`, where a loop goes through them. */
  readonly column?: Local;
}

function emitColumns(code: StepCode, node: Node, range: RowRange, columns: Columns): void {
  const { f, storage } = code;
  const { laneBytes } = storage;
  const mark = f.mark();
  const perRow = inPair(storage) * storage.lanesPerVector;
  const { address, stride } = storage.matrices.byRows(matrixData(code, node)!, node.inputs[0]!, perRow);
  code.pushBytesBefore(range.start, stride * laneBytes);
  if (columns.column !== undefined) {
    f.get(columns.column);
    f.add();
  }
  const matrix = code.keepInteger();
  const { v: vector, end, apart } = vectorRange(code, node, range);
  const terms = { matrix, address: address + columns.first * laneBytes, step: stride * laneBytes, vector, end, apart };
  storeSums(code, emitSums(code, columns.vectors, terms), placeOfSums(code));
  addSums(code, node, columns);
  f.release(mark);
}

/** Add the sums of some columns to their totals. */
function addSums(code: StepCode, node: Node, { first, count, column }: Columns): void {
  const { f, storage, lanes } = code;
  const total = storage.of(node);
  if (column !== undefined) {
    f.get(column);
    f.i32(storage.elementBytes / storage.laneBytes);
    f.mul();
  }
  const cursor: Cursor = { element: column === undefined ? undefined : code.keepInteger(), inBlock: undefined };
  for (let k = 0; k < count; k += storage.lanesPerVector) {
    const sums = loadSums(code, undefined, k).slice(0, count - k);
    const before = sums.map((_, i) => code.load({ offset: first + k + i, stride: 1 }, total, cursor, 0));
    const after = before.map((lane, i) => lanes.add(lane, sums[i]!));
    code.storeAll(total, cursor, after, first + k);
  }
}
