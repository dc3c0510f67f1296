import type { Node } from "../../graph/node.ts";
import type { Cursor, StepCode } from "./code.ts";
import { emitElementwise } from "./elementwise.ts";
import { type Local, simd, V128 } from "./encoder.ts";
import type { Lane } from "./lanes.ts";
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
      code.store(total, cursor, u, combine(code, node, before, { local }));
    });
  }
}

export function combine(code: StepCode, node: Node, total: Lane, value: Lane): Lane {
  const { lanes } = code;
  if (node.op === "reduceMax")
    return node.dtype === "float" ? lanes.max(total, value) : lanes.integerMax("int32", total, value);
  return node.dtype === "float" ? lanes.add(total, value) : lanes.integer("Add", node.dtype, total, value);
}

/** The body of a map stage for the element at the cursor, one vector after the other. */
export function emitMapBody(code: StepCode, nodes: readonly Node[], cursor: Cursor, accumulators: Accumulators): void {
  for (let u = 0; u < code.storage.vectors; u++) {
    const mark = code.f.mark();
    new VectorBody(code, cursor, u).run(nodes, accumulators);
    code.f.release(mark);
  }
}

/** One vector of one element: remembers what it has loaded and computed. */
class VectorBody {
  private readonly code: StepCode;
  private readonly cursor: Cursor;
  private readonly u: number;
  private readonly known = new Map<Node, Lane>();

  constructor(code: StepCode, cursor: Cursor, u: number) {
    this.code = code;
    this.cursor = cursor;
    this.u = u;
  }

  run(nodes: readonly Node[], accumulators: Accumulators): void {
    const { code, u } = this;
    for (const node of nodes) {
      const sums = accumulators.get(node);
      if (sums !== undefined) {
        code.lanes.push(combine(code, node, { local: sums[u]! }, this.value(node.inputs[0]!)));
        code.f.set(sums[u]!);
      } else if (node.op === "scatterAdd") {
        this.scatter(node);
      } else {
        const lane =
          node.op === "gather"
            ? this.gather(node)
            : emitElementwise(
                code.lanes,
                node,
                node.inputs.map((x) => this.value(x)),
              );
        this.known.set(node, lane);
        if (code.plan.lifetime.get(node) !== undefined && code.plan.lifetime.get(node) !== "stage") {
          code.store(code.storage.of(node), this.cursor, u, lane);
        }
      }
    }
  }

  private value(node: Node): Lane {
    const access = this.code.access(node);
    const computed = isIdentity(access) && !accumulates(access.base) ? this.known.get(access.base) : undefined;
    if (computed !== undefined) return computed;
    const loaded = this.known.get(node);
    if (loaded !== undefined) return loaded;
    const lane = this.code.load(access, this.code.storage.of(access.base), this.cursor, this.u);
    this.known.set(node, lane);
    return lane;
  }

  /** The byte offset, in lanes, of the element that the index at the cursor names. */
  private pushIndexed(indices: Node): void {
    const { code, cursor } = this;
    pushIndex(code, indices, cursor);
    code.f.i32(code.storage.elementBytes);
    code.f.mul();
  }

  private gather(node: Node): Lane {
    const { code, u } = this;
    const access = code.access(node.inputs[0]!);
    const storage = code.storage.of(access.base);
    if (storage.kind === "constant") return { address: storage.address };
    this.pushIndexed(node.inputs[1]!);
    const element = code.keepInteger();
    return code.load(access, storage, { element, inBlock: undefined }, u);
  }

  private scatter(node: Node): void {
    const { code, u } = this;
    const value = this.value(node.inputs[0]!);
    this.pushIndexed(node.inputs[1]!);
    const cursor: Cursor = { element: code.keepInteger(), inBlock: undefined };
    const storage = code.storage.of(node);
    const before = code.load({ base: node, offset: 0, stride: 1 }, storage, cursor, u);
    code.store(storage, cursor, u, code.lanes.add(before, value));
  }
}

/** Push element i of a vector of indices, where i is the cursor's. */
export function pushIndex(code: StepCode, indices: Node, cursor: Cursor): void {
  const access = code.access(indices);
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
