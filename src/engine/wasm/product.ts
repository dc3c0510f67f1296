import type { Node } from "../../graph/node.ts";
import type { Cursor, StepCode } from "./code.ts";
import { type Local, simd, V128 } from "./encoder.ts";
import type { Lane } from "./lanes.ts";
import type { Place } from "./memory.ts";
import type { Storage } from "./storage.ts";

/**
 * Rows of a product, or columns of a transposed one, that are worked on side by side: V8 loads all operands first, so that
 * more would not fit fifteen registers. A fused sum needs no register for the product before it; one vector a row (or two
 * of which V8 makes one, or one of which it makes half) leaves room for more rows, whose sums hide each other's latency. Never
 * changes a bit.
 */
function sideBySide({ fused, storage }: StepCode): number {
  if (storage.inPairs) return 16;
  if (storage.wide && storage.vectors === 2) return 8;
  return fused && storage.vectors === 1 ? 6 : 4;
}

/** A range of rows of a block, as byte offsets in lanes. */
export interface RowRange {
  /** Offset of the block's first row. */
  readonly start: Local;
  /** Offset after its last row. */
  readonly end: Local;
  /** How many rows the last block has; the others have `BLOCK_ROWS`. */
  readonly lastRows: number;
}

/** How a matrix's elements lie: row-major, `stride` bytes apart; a single constant element has stride 0. */
type Matrix = { readonly columns: number; readonly stride: number } & (
  | { readonly kind: "memory"; readonly place: Place; readonly offset: number }
  | { readonly kind: "constant"; readonly address: number }
);

function matrixOf(code: StepCode, node: Node): Matrix {
  const access = code.access(node);
  const storage = code.storage.of(access.base);
  const columns = node.shape[1]!;
  if (storage.kind === "constant") return { kind: "constant", address: storage.address, columns, stride: 0 };
  const stride = storage.kind === "scalars" ? code.storage.laneBytes : code.storage.elementBytes;
  return {
    kind: "memory",
    place: storage.place,
    offset: storage.place.offset + access.offset * stride,
    stride,
    columns,
  };
}

/** Push the address of a matrix's row, without the fixed part that goes into the loads' offsets. */
function pushRow(code: StepCode, matrix: Matrix, element: Local): void {
  const { f } = code;
  code.pushBytesBefore(element, matrix.columns * matrix.stride);
  if (matrix.kind === "memory" && matrix.place.space === "group") {
    code.pushBase(matrix.place, undefined);
    f.add();
  }
}

/** Rows start … end of matrix · vector: several rows at once, one column after the other. */
export function emitProduct(code: StepCode, node: Node, range: RowRange): void {
  const element = code.sum(range.start);
  for (const rows of [sideBySide(code), 1])
    code.whileWhole(element, rows, range.end, () => emitProductRows(code, node, range, element, rows));
}

function emitProductRows(code: StepCode, node: Node, range: RowRange, element: Local, rows: number): void {
  const { f, storage } = code;
  const mark = f.mark();
  const sums = Array.from({ length: rows * storage.vectors }, () => f.local(V128));
  for (const sum of sums) {
    code.lanes.push(code.lanes.bits(0n));
    f.set(sum);
  }
  const at = (r: number, u: number): Local => sums[r * storage.vectors + u]!;
  emitColumns(code, node, element, rows, at);
  f.get(element);
  f.get(range.start);
  f.sub();
  const cursor: Cursor = { element, inBlock: code.keepInteger() };
  const out = code.storage.of(node);
  const lanes = sums.map((local): Lane => ({ locals: [local] }));
  code.storeAll(out, cursor, lanes);
  f.release(mark);
}

/**
 * The loop over columns: `at(r, u) += matrix[row + r, column] · vector[column, u]`. Its body is one column: V8 unrolls
 * it as far as registers allow, and spills where it is written out here.
 */
function emitColumns(
  code: StepCode,
  node: Node,
  element: Local,
  rows: number,
  at: (r: number, u: number) => Local,
): void {
  const { f, storage } = code;
  const matrix = matrixOf(code, node.inputs[0]!);
  if (matrix.columns === 0) return;
  pushRow(code, matrix, element);
  const m = code.keepInteger();
  const v = vectorStart(code, node);
  const end = code.sum(v, { bytes: node.inputs[1]!.size * storage.elementBytes });
  f.doWhile(
    () => {
      const mark = f.mark();
      const vs = loadVectors(code, v);
      for (let r = 0; r < rows; r++) {
        const x = loadElement(code, matrix, m, r * matrix.columns * matrix.stride);
        accumulate(code, x, vs, (u) => at(r, u));
      }
      code.increase(m, matrix.stride);
      code.increase(v, storage.elementBytes);
      f.release(mark);
    },
    () => {
      f.get(v);
      f.get(end);
      f.lessThan();
    },
  );
}

/** The vectors of the element that a pointer names. */
function loadVectors(code: StepCode, pointer: Local): Lane[] {
  return Array.from({ length: code.storage.vectors }, (_, u) => {
    code.f.get(pointer);
    code.f.memory(simd.load, 16 * u);
    return code.lanes.keep();
  });
}

/** A matrix's element in every lane, `bytes` after a pointer. */
function loadElement(code: StepCode, matrix: Matrix, pointer: Local, bytes: number): Lane {
  if (matrix.kind === "constant") return { address: matrix.address };
  code.f.get(pointer);
  // Where it lies in every lane, so that V8 can load two neighbours at once.
  code.f.memory(matrix.stride === 16 ? simd.load : code.splat, matrix.offset + bytes);
  return code.lanes.keep();
}

/** total[u] += x · vector[u]. */
function accumulate(code: StepCode, x: Lane, vectors: readonly Lane[], total: (u: number) => Local): void {
  const { f, lanes } = code;
  vectors.forEach((vector, u) => {
    lanes.push(code.addProduct({ locals: [total(u)] }, x, vector));
    f.set(total(u));
  });
}

/** Rows start … end of the matrix, each times its element of the vector, added to the node's totals. */
export function emitTransposedProduct(code: StepCode, node: Node, range: RowRange): void {
  const columns = node.size;
  const many = sideBySide(code);
  const whole = Math.floor(columns / many);
  if (whole > 0) {
    const { elementBytes } = code.storage;
    const { stride } = matrixOf(code, node.inputs[0]!);
    code.count(whole * many * elementBytes, many * elementBytes, (out) => {
      code.f.get(out);
      code.f.i32(Math.log2(elementBytes));
      code.f.shiftRight();
      code.f.i32(stride);
      code.f.mul();
      emitTransposedColumns(code, node, range, many, { out, column: code.keepInteger(), first: 0 });
    });
  }
  const rest = columns - whole * many;
  if (rest > 0) emitTransposedColumns(code, node, range, rest, { first: columns - rest });
}

/** Which columns: from `first` on, moved by offsets that a loop holds. */
interface Columns {
  readonly first: number;
  /** Offset of the first column's total, in lanes. */
  readonly out?: Local;
  /** Offset of the first column in a row of the matrix. */
  readonly column?: Local;
}

function emitTransposedColumns(code: StepCode, node: Node, range: RowRange, count: number, columns: Columns): void {
  const { f, storage, lanes } = code;
  const mark = f.mark();
  const sums = Array.from({ length: count * storage.vectors }, () => f.local(V128));
  for (const sum of sums) {
    lanes.push(lanes.bits(0n));
    f.set(sum);
  }
  emitRows(code, node, range, columns, (c, u) => sums[c * storage.vectors + u]!, count);
  const total = storage.of(node);
  const cursor: Cursor = { element: columns.out, inBlock: undefined };
  const place = { base: node, offset: columns.first, stride: 1 } as const;
  const first = columns.first * storage.vectors;
  const before = sums.map((_, i) => code.load({ ...place, offset: 0 }, total, cursor, first + i));
  const after = before.map((lane, i) => lanes.add(lane, { locals: [sums[i]!] }));
  code.storeAll(total, cursor, after, first);
  f.release(mark);
}

/** The loop over rows: `at(c, u) += matrix[row, column + c] · vector[row, u]`. */
function emitRows(
  code: StepCode,
  node: Node,
  range: RowRange,
  columns: Columns,
  at: (c: number, u: number) => Local,
  count: number,
): void {
  const { f, storage } = code;
  const matrix = matrixOf(code, node.inputs[0]!);
  const { m, v, end } = rowPointers(code, node, matrix, range, columns);
  f.doWhile(
    () => {
      const mark = f.mark();
      const vs = loadVectors(code, v);
      for (let c = 0; c < count; c++) {
        const x = loadElement(code, matrix, m, (columns.first + c) * matrix.stride);
        accumulate(code, x, vs, (u) => at(c, u));
      }
      code.increase(m, matrix.columns * matrix.stride);
      code.increase(v, storage.elementBytes);
      f.release(mark);
    },
    () => {
      f.get(v);
      f.get(end);
      f.lessThan();
    },
  );
}

/** Pointers to the matrix's first row and column of a range, to the vector's first element, and to its end. */
function rowPointers(
  code: StepCode,
  node: Node,
  matrix: Matrix,
  range: RowRange,
  columns: Columns,
): { readonly m: Local; readonly v: Local; readonly end: Local } {
  const { f } = code;
  pushRow(code, matrix, range.start);
  if (columns.column !== undefined) {
    f.get(columns.column);
    f.add();
  }
  return { m: code.keepInteger(), ...vectorRange(code, node, range) };
}

/** A pointer to the first element of a product's vector. */
export function vectorStart(code: StepCode, node: Node): Local {
  const { offset } = code.access(node.inputs[1]!);
  code.pushAddress(storageOfVector(code, node).place, offset * code.storage.elementBytes);
  return code.keepInteger();
}

/** Pointers to the elements of a transposed product's vector for a range of rows, and to their end, and bytes an element. */
export function vectorRange(
  code: StepCode,
  node: Node,
  range: RowRange,
): { readonly v: Local; readonly end: Local; readonly apart: number } {
  const { f } = code;
  const first = vectorStart(code, node);
  const { kind } = storageOfVector(code, node);
  const v = kind === "lanes" ? code.sum(first, range.start) : first;
  f.get(range.end);
  f.get(range.start);
  f.sub();
  const rows = code.keepInteger();
  if (kind === "packed") code.pushScalarOffset(rows);
  else f.get(rows);
  f.get(v);
  f.add();
  const { laneBytes, elementBytes } = code.storage;
  return { v, end: code.keepInteger(), apart: kind === "packed" ? laneBytes : elementBytes };
}

function storageOfVector(
  code: StepCode,
  node: Node,
): Extract<Storage, { readonly kind: "lanes" | "block" | "packed" }> {
  const storage = code.storage.of(code.access(node.inputs[1]!).base);
  if (storage.kind === "constant" || storage.kind === "scalars")
    throw new Error("a product's vector must lie in lanes");
  return storage;
}
