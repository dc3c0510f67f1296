import type { Node } from "../../graph/node.ts";
import type { MemoryLayout } from "./memory.ts";
import { scalarBytes } from "./numbers.ts";
import { BLOCK_ROWS } from "./schedule.ts";

/** A matrix of data that was laid out anew. */
export interface LaidOut {
  readonly address: number;
  /** Numbers from one row to the next, or, in a block of rows, from one column to the next. */
  readonly stride: number;
}

/** Where the number of a row and a column goes. */
type Target = (row: number, column: number) => number;

/** Lays out matrices of data so that neighbours of a row, or of a column, make a vector (`outputLanes.ts`); each once. */
export class Matrices {
  private readonly layout: MemoryLayout;
  private readonly laneBytes: number;
  private readonly known = { columns: new Map<Node, LaidOut>(), rows: new Map<Node, LaidOut>() };

  constructor(layout: MemoryLayout, laneBytes: number) {
    this.layout = layout;
    this.laneBytes = laneBytes;
  }

  /** Whether any matrix was laid out. */
  get isUsed(): boolean {
    return this.known.columns.size + this.known.rows.size > 0;
  }

  /** Block of rows after block of rows, each `[column][row of the block]`; the last is filled up with zeros. */
  byColumns(data: ArrayLike<number>, matrix: Node): LaidOut {
    const [rows, columns] = matrix.shape as readonly [number, number];
    const target: Target = (i, j) => (Math.floor(i / BLOCK_ROWS) * columns + j) * BLOCK_ROWS + (i % BLOCK_ROWS);
    const size = Math.ceil(rows / BLOCK_ROWS) * BLOCK_ROWS * columns;
    return this.once(this.known.columns, matrix, BLOCK_ROWS, () =>
      moved(data, columns, new Float64Array(size), target),
    );
  }

  /** Row after row, each filled up with zeros to a multiple of `numbers`. */
  byRows(data: ArrayLike<number>, matrix: Node, numbers: number): LaidOut {
    const [rows, columns] = matrix.shape as readonly [number, number];
    const stride = Math.ceil(columns / numbers) * numbers;
    const target: Target = (i, j) => i * stride + j;
    return this.once(this.known.rows, matrix, stride, () =>
      moved(data, columns, new Float64Array(rows * stride), target),
    );
  }

  private once(known: Map<Node, LaidOut>, matrix: Node, stride: number, numbers: () => Float64Array): LaidOut {
    const found = known.get(matrix);
    if (found !== undefined) return found;
    const { offset } = this.layout.data(scalarBytes("float", numbers(), this.laneBytes));
    const made = { address: offset, stride };
    known.set(matrix, made);
    return made;
  }
}

function moved(data: ArrayLike<number>, columns: number, to: Float64Array, target: Target): Float64Array {
  for (let k = 0; k < data.length; k++) to[target(Math.floor(k / columns), k % columns)] = data[k]!;
  return to;
}
