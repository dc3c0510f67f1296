import type { Node } from "../../graph/node.ts";
import type { Cursor, StepCode } from "./code.ts";
import { emitElementwise } from "./elementwise.ts";
import { type Local, simd, V128 } from "./encoder.ts";
import { type Lane, vectorOf } from "./lanes.ts";
import { accumulates } from "./schedule.ts";
import { isIdentity } from "./views.ts";

/** Running sums (or maxima) of one map stage: a local for each vector. */
type Accumulators = ReadonlyMap<Node, readonly Local[]>;

/** Set the accumulators' locals to the start of a sum or a maximum. */
export function startAccumulators(code: StepCode, nodes: readonly Node[]): Accumulators {
  const { f, lanes } = code;
  const accumulators = new Map<Node, Local[]>();
  for (const node of nodes) {
    if (node.op !== "sum" && node.op !== "reduceMax") continue;
    const locals = Array.from({ length: code.storage.vectors }, () => f.local(V128));
    for (const local of locals) {
      lanes.push(neutral(code, node));
      f.set(local);
    }
    accumulators.set(node, locals);
  }
  return accumulators;
}

/** 0 for a sum, −∞ (or the least integer) for a maximum. */
export function neutral(code: StepCode, node: Node): Lane {
  if (node.op !== "reduceMax") return code.lanes.bits(0n);
  if (node.dtype === "float") return code.lanes.constant(Number.NEGATIVE_INFINITY);
  return code.lanes.bits(code.storage.laneBytes === 4 ? 0x80000000n : 0xffffffff80000000n);
}

/** Add a block's accumulators to the totals in memory. Adding block by block keeps rounding errors small. */
export function finishAccumulators(code: StepCode, accumulators: Accumulators): void {
  for (const [node, locals] of accumulators) {
    const total = code.storage.of(node);
    const cursor: Cursor = { element: undefined, inBlock: undefined };
    locals.forEach((local, u) => {
      const before = code.load({ base: node, offset: 0, stride: 0 }, total, cursor, u);
      code.store(total, cursor, u, combine(code, node, before, { locals: [local] }));
    });
  }
}

export function combine(code: StepCode, node: Node, total: Lane, value: Lane): Lane {
  const { lanes } = code;
  if (node.op === "reduceMax")
    return node.dtype === "float" ? lanes.max(total, value) : lanes.integerMax("int32", total, value);
  return node.dtype === "float" ? lanes.add(total, value) : lanes.integer("Add", node.dtype, total, value);
}

/** The body of a map stage for the `rows` elements from the cursor's on. */
export function emitMapBody(
  code: StepCode,
  nodes: readonly Node[],
  cursor: Cursor,
  accumulators: Accumulators,
  rows: number,
): void {
  const mark = code.f.mark();
  new MapBody(code, cursor, rows).run(nodes, accumulators);
  code.f.release(mark);
}

/** A few elements of a map stage, side by side: remembers what it has loaded and computed. */
class MapBody {
  private readonly code: StepCode;
  private readonly cursor: Cursor;
  private readonly rows: number;
  private readonly known = new Map<Node, Lane>();

  constructor(code: StepCode, cursor: Cursor, rows: number) {
    this.code = code;
    this.cursor = cursor;
    this.rows = rows;
  }

  private get width(): number {
    return this.rows * this.code.storage.vectors;
  }

  run(nodes: readonly Node[], accumulators: Accumulators): void {
    for (const node of nodes) {
      const sums = accumulators.get(node);
      if (sums !== undefined) this.accumulate(node, sums);
      else if (node.op === "scatterAdd") this.scatter(node);
      else this.compute(node);
    }
  }

  private accumulate(node: Node, sums: readonly Local[]): void {
    const { code } = this;
    const value = this.value(node.inputs[0]!);
    for (let k = 0; k < this.width; k++) {
      const sum = sums[k % sums.length]!;
      code.lanes.push(combine(code, node, { locals: [sum] }, vectorOf(value, k)));
      code.f.set(sum);
    }
  }

  private compute(node: Node): void {
    const { code } = this;
    const inputs = (): Lane[] => node.inputs.map((x) => this.value(x));
    const lane = node.op === "gather" ? this.gather(node) : emitElementwise(code.lanes, node, inputs());
    this.known.set(node, lane);
    const lifetime = code.plan.lifetime.get(node);
    if (lifetime === undefined || lifetime === "stage") return;
    const storage = code.storage.of(node);
    for (let k = 0; k < this.width; k++) code.store(storage, this.cursor, k, vectorOf(lane, k));
  }

  private value(node: Node): Lane {
    const access = this.code.access(node);
    const computed = isIdentity(access) && !accumulates(access.base) ? this.known.get(access.base) : undefined;
    if (computed !== undefined) return computed;
    const loaded = this.known.get(node);
    if (loaded !== undefined) return loaded;
    const lane = this.code.loadRows(access, this.code.storage.of(access.base), this.cursor, this.rows);
    this.known.set(node, lane);
    return lane;
  }

  /** For each of the rows: a cursor at the element that its index names. */
  private indexed(indices: Node): Cursor[] {
    const { code, cursor } = this;
    const { f } = code;
    return Array.from({ length: this.rows }, (_, row) => {
      pushIndex(code, indices, cursor, row);
      f.i32(code.storage.elementBytes);
      f.mul();
      return { element: code.keepInteger(), inBlock: undefined };
    });
  }

  private gather(node: Node): Lane {
    const { code } = this;
    const access = code.access(node.inputs[0]!);
    const storage = code.storage.of(access.base);
    if (storage.kind === "constant") return { address: storage.address };
    const rows = this.indexed(node.inputs[1]!).map((cursor) => code.loadRows(access, storage, cursor, 1));
    return { locals: rows.flatMap((row) => ("locals" in row ? row.locals : [])) };
  }

  private scatter(node: Node): void {
    const { code } = this;
    const { vectors } = code.storage;
    const value = this.value(node.inputs[0]!);
    const storage = code.storage.of(node);
    this.indexed(node.inputs[1]!).forEach((cursor, row) => {
      for (let u = 0; u < vectors; u++) {
        const before = code.load({ base: node, offset: 0, stride: 1 }, storage, cursor, u);
        code.store(storage, cursor, u, code.lanes.add(before, vectorOf(value, row * vectors + u)));
      }
    });
  }
}

/** Push element i + `row` of a vector of indices, where i is the cursor's. */
export function pushIndex(code: StepCode, indices: Node, cursor: Cursor, row = 0): void {
  const resolved = code.access(indices);
  const access = { ...resolved, offset: resolved.offset + row * resolved.stride };
  const storage = code.storage.of(access.base);
  const { f } = code;
  if (storage.kind === "constant") {
    f.i32(0);
    f.i32Load(storage.address);
  } else if (storage.kind === "scalars") {
    if (cursor.element === undefined || access.stride === 0) f.i32(0);
    else code.pushScalarOffset(cursor.element);
    f.i32Load(storage.place.offset + access.offset * code.storage.laneBytes);
  } else {
    code.pushBase(storage.place, access.stride === 0 ? undefined : cursor.element);
    f.i32Load(storage.place.offset + access.offset * code.storage.elementBytes);
  }
}

/** Zero a node's whole storage (or set it to −∞ for a maximum). */
export function clear(code: StepCode, node: Node): void {
  const storage = code.storage.of(node);
  if (storage.kind !== "lanes") throw new Error(`cannot clear ${storage.kind}`);
  code.count(node.size * code.storage.elementBytes, 16, (at) => {
    code.pushBase(storage.place, at);
    code.lanes.push(neutral(code, node));
    code.f.memory(simd.store, storage.place.offset);
  });
}
