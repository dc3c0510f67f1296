import type { Node } from "../../graph/node.ts";
import { type Item, recordBody } from "./body.ts";
import { FunctionBuilder, I32, type Local, ModuleBuilder, simd } from "./encoder.ts";
import { fuse } from "./fuse.ts";
import { type Lane, Lanes } from "./lanes.ts";
import type { Place } from "./memory.ts";
import { LONGEST, type Longest } from "./pieces.ts";
import type { Plan } from "./schedule.ts";
import type { Storage, StorageMap } from "./storage.ts";
import { type Access, resolve, type Span } from "./views.ts";

/** Where a loop over elements stands: byte offsets of element i in lanes, from the value's start and from the block's. */
export interface Cursor {
  /** 16 · vectors · i; undefined where the loop has one turn. */
  readonly element: Local | undefined;
  /** The same, counted from the block's first row; undefined outside of a block. */
  readonly inBlock: Local | undefined;
}

/** How the code of steps is made. */
export interface CodeOptions {
  /** Multiplications are fused with the additions after them (`fuse.ts`). Default: false. */
  readonly fused?: boolean;
  /** Where functions go that this one calls (`pieces.ts`). Default: one of its own. */
  readonly module?: ModuleBuilder;
  readonly longest?: Longest;
  /** Arguments after the first. Default: 0. */
  readonly more?: number;
}

/** The function of one step: its first argument is the address of the running group's area. */
export class StepCode {
  readonly f: FunctionBuilder;
  readonly lanes: Lanes;
  readonly storage: StorageMap;
  readonly plan: Plan;
  readonly fused: boolean;
  readonly longest: Longest;
  /** What the lanes of maps hold: an element of each chain, or neighbouring elements of the only one (`rowLanes.ts`). */
  lanesHold: "chains" | "rows" = "chains";
  private readonly group: Local = 0;
  private readonly module: ModuleBuilder;
  private readonly bodies = new Map<readonly Node[], readonly Item[]>();

  constructor(storage: StorageMap, plan: Plan, options: CodeOptions = {}) {
    this.storage = storage;
    this.plan = plan;
    this.fused = options.fused ?? false;
    this.longest = options.longest ?? LONGEST;
    this.module = options.module ?? new ModuleBuilder();
    this.f = new FunctionBuilder(1 + (options.more ?? 0));
    this.lanes = new Lanes(storage.layout.precision, this.f, storage.layout);
  }

  /** The straight-line code of a map stage, for one element. */
  body(nodes: readonly Node[]): readonly Item[] {
    const known = this.bodies.get(nodes);
    if (known !== undefined) return known;
    const { precision } = this.lanes;
    const items = recordBody(nodes, this.plan, precision);
    const body = this.fused ? fuse(items, precision) : items;
    this.bodies.set(nodes, body);
    return body;
  }

  /** Call a function of its own for what `emit` does, with the values of some locals, which it knows by other names. */
  outline(locals: readonly Local[], emit: (code: StepCode, locals: readonly Local[]) => void): void {
    const { storage, plan, fused, longest, module } = this;
    const inner = new StepCode(storage, plan, { fused, longest, module, more: locals.length });
    emit(
      inner,
      locals.map((_, i) => i + 1),
    );
    for (const local of [this.group, ...locals]) this.f.get(local);
    this.f.call(module.add(inner.f));
  }

  /** total + a·b. */
  addProduct(total: Lane, a: Lane, b: Lane): Lane {
    const { lanes } = this;
    return this.fused ? lanes.fusedMultiplyAdd(a, b, total) : lanes.add(total, lanes.mul(a, b));
  }

  /** Push the part of an address that is not known when compiling; the rest goes into the access's own offset. */
  pushBase(place: Place, index: Local | undefined): void {
    const { f } = this;
    if (place.space === "group") f.get(this.group);
    if (index !== undefined) f.get(index);
    if (place.space === "group" && index !== undefined) f.add();
    if (place.space === "fixed" && index === undefined) f.i32(0);
  }

  /** Push the whole address of a place. */
  pushAddress(place: Place, bytes = 0): void {
    if (place.space === "group") {
      this.f.get(this.group);
      this.f.i32(place.offset + bytes);
      this.f.add();
    } else {
      this.f.i32(place.offset + bytes);
    }
  }

  /** Load vector `u` of the element that the cursor points at, seen through `access`. */
  load(access: Span, storage: Storage, cursor: Cursor, u: number): Lane {
    const { f } = this;
    if (storage.kind === "constant") return { address: storage.address };
    const moving = access.stride === 1 ? cursor.element : undefined;
    if (storage.kind === "scalars") {
      const offset = storage.place.offset + access.offset * this.storage.laneBytes;
      if (moving === undefined) f.i32(0);
      else this.pushScalarOffset(moving);
      f.memory(this.splat, offset);
      return this.lanes.keep();
    }
    const index = storage.kind === "block" ? cursor.inBlock : moving;
    this.pushBase(storage.place, index);
    f.memory(simd.load, storage.place.offset + access.offset * this.storage.elementBytes + 16 * u);
    return this.lanes.keep();
  }

  /** Load all vectors of the `rows` elements from the cursor's on; of one element where there is no more to see. */
  loadRows(access: Span, storage: Storage, cursor: Cursor, rows: number): Lane {
    if (storage.kind === "constant") return { address: storage.address };
    const fixed = access.stride === 0;
    if (this.lanesHold === "rows" && !fixed) return this.loadNeighbours(access, storage, cursor, rows);
    const { vectors } = this.storage;
    const parts: Lane[] = [];
    for (let row = 0; row < (fixed ? 1 : rows); row++) {
      const at: Span = { ...access, offset: access.offset + row };
      if (storage.kind === "scalars") {
        const splat = this.load(at, storage, cursor, 0);
        for (let u = 0; u < vectors; u++) parts.push(splat);
      } else {
        for (let u = 0; u < vectors; u++) parts.push(this.load(at, storage, cursor, u));
      }
    }
    return { locals: parts.flatMap((part) => ("locals" in part ? part.locals : [])) };
  }

  /** Load `rows` elements from the cursor's on, a vector of them at a time. */
  private loadNeighbours({ offset }: Span, storage: Storage, cursor: Cursor, rows: number): Lane {
    if (storage.kind !== "packed" && storage.kind !== "scalars")
      throw new Error(`no neighbours lie in ${storage.kind}`);
    const parts = Array.from({ length: this.vectorsOf(rows) }, (_, u) => {
      this.pushScalarOffset((storage.kind === "packed" ? cursor.inBlock : cursor.element)!);
      this.f.memory(simd.load, storage.place.offset + offset * this.storage.laneBytes + 16 * u);
      return this.lanes.keep();
    });
    return { locals: parts.flatMap((part) => ("locals" in part ? part.locals : [])) };
  }

  /** Load a packed element in every lane: that `row` rows after an offset in the block. */
  loadNumber(storage: Storage, inBlock: Local, row: number): Lane {
    if (storage.kind !== "packed") throw new Error(`no numbers are packed in ${storage.kind}`);
    this.pushScalarOffset(inBlock);
    this.f.memory(this.splat, storage.place.offset + row * this.storage.laneBytes);
    return this.lanes.keep();
  }

  /** Vectors that hold that many elements. */
  vectorsOf(rows: number): number {
    return this.lanesHold === "rows" ? rows / this.storage.lanesPerVector : rows * this.storage.vectors;
  }

  /** Storage of a base that maps load from. */
  storageOf(base: Node): Storage {
    return this.lanesHold === "rows" ? this.storage.ofNeighbours(base) : this.storage.of(base);
  }

  /** A numbered block that one phase of a map leaves to the next; of a map of one element, room for that. */
  scratch(slot: number, cursor: Cursor): Storage {
    if (cursor.inBlock === undefined) return { kind: "block", place: this.storage.scratchElement(slot) };
    return { kind: this.lanesHold === "rows" ? "packed" : "block", place: this.storage.scratch(slot) };
  }

  /** Store a lane as vector `u` of the element that the cursor points at. */
  store(storage: Storage, cursor: Cursor, u: number, lane: Lane): void {
    if (storage.kind === "packed") this.pushScalarOffset(cursor.inBlock!);
    else if (storage.kind === "block") this.pushBase(storage.place, cursor.inBlock);
    else if (storage.kind === "lanes") this.pushBase(storage.place, cursor.element);
    else throw new Error(`cannot store to ${storage.kind}`);
    this.lanes.push(lane);
    this.f.memory(simd.store, storage.place.offset + 16 * u);
  }

  /** Load each vector of the element that the cursor points at. */
  loadAll(access: Span, storage: Storage, cursor: Cursor): Lane[] {
    return Array.from({ length: this.storage.vectors }, (_, u) => this.load(access, storage, cursor, u));
  }

  /**
   * Store all vectors of the element that the cursor points at, or of several elements from it on. Nothing is loaded in between,
   * and the last goes first: so V8 can make one store of two (`wide.ts`), without another for the first of them alone.
   */
  storeAll(storage: Storage, cursor: Cursor, vectors: readonly Lane[], first = 0): void {
    for (const [k, lane] of [...vectors.entries()].reverse()) this.store(storage, cursor, first + k, lane);
  }

  access(node: Node): Access {
    return resolve(node, this.plan.copied);
  }

  get splat(): typeof simd.load32Splat | typeof simd.load64Splat {
    return this.storage.laneBytes === 4 ? simd.load32Splat : simd.load64Splat;
  }

  /** Push the bytes of what is `each` bytes an element, for the elements before an offset in lanes. */
  pushBytesBefore(element: Local, each: number): void {
    this.f.get(element);
    this.f.i32(Math.log2(this.storage.elementBytes));
    this.f.shiftRight();
    this.f.i32(each);
    this.f.mul();
  }

  /** From an element's offset in lanes to its offset among scalars. */
  pushScalarOffset(element: Local): void {
    this.f.get(element);
    this.f.i32(Math.log2(this.storage.elementBytes / this.storage.laneBytes));
    this.f.shiftRight();
  }

  /** A new i32 local with the value on the stack. */
  keepInteger(): Local {
    const local = this.f.local(I32);
    this.f.set(local);
    return local;
  }

  /** A new i32 local: another's value, or that and something more. */
  sum(local: Local, more?: Local | { readonly bytes: number }): Local {
    const { f } = this;
    f.get(local);
    if (more !== undefined) {
      if (typeof more === "number") f.get(more);
      else f.i32(more.bytes);
      f.add();
    }
    return this.keepInteger();
  }

  increase(local: Local, by: number): void {
    this.f.get(local);
    this.f.i32(by);
    this.f.add();
    this.f.set(local);
  }

  /** `body` for `rows` rows from `element` on, again and again while that many are left before `end`; it moves `element`. */
  whileWhole(element: Local, rows: number, end: Local, body: (bytes: number) => void): void {
    const { f } = this;
    const bytes = rows * this.storage.elementBytes;
    f.while(
      () => {
        f.get(element);
        f.i32(bytes);
        f.add();
        f.get(end);
        f.lessOrEqual();
      },
      () => {
        body(bytes);
        this.increase(element, bytes);
      },
    );
  }

  /** `local` runs from 0 to `end` in steps of `by`; `end` ≥ `by`. */
  count(end: number, by: number, body: (local: Local) => void): void {
    const { f } = this;
    const local = f.local(I32);
    f.i32(0);
    f.set(local);
    f.doWhile(
      () => {
        body(local);
        this.increase(local, by);
      },
      () => {
        f.get(local);
        f.i32(end);
        f.lessThan();
      },
    );
  }
}
