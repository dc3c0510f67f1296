import { log } from "../../elementary/index.ts";
import type { Node } from "../../graph/node.ts";
import { type Computed, isEffect, type Value } from "./body.ts";
import type { Cursor, StepCode } from "./code.ts";
import { type Local, V128 } from "./encoder.ts";
import { type Lane, vectorOf } from "./lanes.ts";
import type { Kept, Phase } from "./phases.ts";
import { isReduction } from "./schedule.ts";
import type { Storage } from "./storage.ts";

/** Running sums (or maxima, or products) of one map stage: a local for each vector. */
export type Accumulators = ReadonlyMap<Node, readonly Local[]>;

/** Set the accumulators' locals to where a block starts. */
export function startAccumulators(code: StepCode, nodes: readonly Node[]): Accumulators {
  const { f, lanes } = code;
  const accumulators = new Map<Node, Local[]>();
  for (const node of nodes) {
    if (!isReduction(node)) continue;
    const locals = Array.from({ length: code.storage.vectors }, () => f.local(V128));
    for (const local of locals) {
      lanes.push(node.op === "logProduct" ? lanes.constant(1) : neutral(code, node));
      f.set(local);
    }
    accumulators.set(node, locals);
  }
  return accumulators;
}

/** A total of nothing: 0 for a sum, −∞ (or the least integer) for a maximum. */
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
    const before = code.loadAll({ offset: 0, stride: 0 }, total, cursor);
    const after = before.map((lane, u) => addBlock(code, node, lane, { locals: [locals[u]!] }));
    code.storeAll(total, cursor, after);
  }
}

/** A total with a block's accumulator. */
function addBlock(code: StepCode, node: Node, total: Lane, block: Lane): Lane {
  if (node.op === "logProduct") return code.lanes.add(total, log(code.lanes, block));
  return combine(code, node, total, block);
}

/** An accumulator (or where there are no blocks, a total) with one element more. */
export function combine(code: StepCode, node: Node, total: Lane, value: Lane): Lane {
  const { lanes } = code;
  if (node.op === "logProduct") return lanes.mul(total, value);
  if (node.op === "reduceMax")
    return node.dtype === "float" ? lanes.max(total, value) : lanes.integerMax("int32", total, value);
  return node.dtype === "float" ? lanes.add(total, value) : lanes.integer("Add", node.dtype, total, value);
}

/** Where a phase stands: `left` is what earlier ones left. */
export interface PhasePlace {
  readonly left: ReadonlyMap<Computed, Kept>;
  readonly cursor: Cursor;
  readonly rows: number;
  readonly accumulators: Accumulators;
}

/** One phase of a map stage, for the `rows` elements from the cursor's on. */
export function emitPhase(code: StepCode, phase: Phase, place: PhasePlace): void {
  const mark = code.f.mark();
  new PhaseCode(code, place).run(phase, place.accumulators);
  code.f.release(mark);
}

/** A few elements of a phase, side by side: remembers what it has loaded and computed. */
class PhaseCode {
  private readonly code: StepCode;
  private readonly cursor: Cursor;
  private readonly rows: number;
  private readonly known = new Map<Value, Lane>();
  /** Where earlier phases left their values. */
  private readonly left: ReadonlyMap<Computed, Kept>;

  constructor(code: StepCode, { left, cursor, rows }: PhasePlace) {
    this.code = code;
    this.cursor = cursor;
    this.rows = rows;
    this.left = left;
  }

  private get width(): number {
    return this.code.vectorsOf(this.rows);
  }

  run(phase: Phase, accumulators: Accumulators): void {
    for (const item of phase.items) {
      if (!isEffect(item)) this.compute(item, phase.kept.get(item));
      else if (item.kind === "store") this.store(this.code.storage.of(item.node), this.lane(item.value));
      else if (item.kind === "accumulate") this.accumulate(item.node, item.value, accumulators.get(item.node));
      else this.scatter(item.node, item.value);
    }
  }

  private compute(item: Computed, kept: Kept | undefined): void {
    const lane =
      item.kind === "gather"
        ? this.gather(item.node)
        : this.code.lanes.apply(
            item.op,
            item.inputs.map((input) => this.lane(input)),
            item.shift,
          );
    this.known.set(item, lane);
    if (kept !== undefined && "slot" in kept) this.store(this.code.scratch(kept.slot, this.cursor), lane);
  }

  private store(storage: Storage, lane: Lane): void {
    const vectors = Array.from({ length: this.width }, (_, k) => vectorOf(lane, k));
    this.code.storeAll(storage, this.cursor, vectors);
  }

  private lane(value: Value): Lane {
    if (value.kind === "constant") return this.code.lanes.bits(value.pattern);
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const lane = value.kind === "load" ? this.load(value.node) : this.reload(this.left.get(value)!);
    this.known.set(value, lane);
    return lane;
  }

  private load(node: Node): Lane {
    const access = this.code.access(node);
    return this.code.loadRows(access, this.code.storageOf(access.base), this.cursor, this.rows);
  }

  /** What an earlier phase left. */
  private reload(kept: Kept): Lane {
    const where = "slot" in kept ? this.code.scratch(kept.slot, this.cursor) : this.code.storage.of(kept.node);
    return this.code.loadRows({ offset: 0, stride: 1 }, where, this.cursor, this.rows);
  }

  /** Add to a node's sums; where it has none, leave the terms to be added later. */
  private accumulate(node: Node, value: Value, sums: readonly Local[] | undefined): void {
    const { code } = this;
    const lane = this.lane(value);
    if (sums === undefined) {
      this.store(code.storage.termsOf(node), lane);
      return;
    }
    for (let k = 0; k < this.width; k++) {
      const sum = sums[k % sums.length]!;
      code.lanes.push(combine(code, node, { locals: [sum] }, vectorOf(lane, k)));
      code.f.set(sum);
    }
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

  private scatter(node: Node, value: Value): void {
    const { code } = this;
    const { vectors } = code.storage;
    const lane = this.lane(value);
    const storage = code.storage.of(node);
    this.indexed(node.inputs[1]!).forEach((cursor, row) => {
      const before = code.loadRows({ offset: 0, stride: 1 }, storage, cursor, 1);
      const after = Array.from({ length: vectors }, (_, u) =>
        code.lanes.add(vectorOf(before, u), vectorOf(lane, row * vectors + u)),
      );
      code.storeAll(storage, cursor, after);
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
    if (storage.kind !== "lanes") throw new Error(`indices cannot be read from ${storage.kind}`);
    code.pushBase(storage.place, access.stride === 0 ? undefined : cursor.element);
    f.i32Load(storage.place.offset + access.offset * code.storage.elementBytes);
  }
}

/** Zero a node's whole storage (or set it to −∞ for a maximum). */
export function clear(code: StepCode, node: Node): void {
  const storage = code.storage.of(node);
  if (storage.kind !== "lanes") throw new Error(`cannot clear ${storage.kind}`);
  if (node.size === 0) return;
  const start = neutral(code, node);
  code.count(node.size * code.storage.elementBytes, code.storage.elementBytes, (at) => {
    const vectors = Array.from({ length: code.storage.vectors }, () => start);
    code.storeAll(storage, { element: at, inBlock: undefined }, vectors);
  });
}
