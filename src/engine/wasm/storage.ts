import type { Node } from "../../graph/node.ts";
import { ops } from "../../graph/ops.ts";
import type { ConstantData, DType } from "../../graph/types.ts";
import { Matrices } from "./matrices.ts";
import type { MemoryLayout, Place } from "./memory.ts";
import { inEveryLane, pattern, scalarBytes } from "./numbers.ts";
import { BLOCK_ROWS, type Plan, type Schedule } from "./schedule.ts";
import { lanesPerVector } from "./vectors.ts";
import { isIdentity, resolve } from "./views.ts";

/** Where and how a node's elements lie. */
export type Storage =
  /** One vector group an element: `[element][vector][lane]`. */
  | { readonly kind: "lanes"; readonly place: Place }
  /** The same, for the rows of the current block alone. */
  | { readonly kind: "block"; readonly place: Place }
  /** One number an element of the only chain, for the rows of the current block: neighbours make a vector (`rowLanes.ts`). */
  | { readonly kind: "packed"; readonly place: Place }
  /** One number an element, the same for every chain. */
  | { readonly kind: "scalars"; readonly place: Place }
  /** One element, ready-made in every lane. */
  | { readonly kind: "constant"; readonly address: number };

/** Bytes up to which data lies in lanes where elements go in pairs: more would not fit the second-level cache. */
const MOST_IN_LANES = 384 * 1024;

/** What a group of chains is: those that are worked on at once. */
export interface Group {
  /** Vectors of lanes side by side. */
  readonly vectors: number;
  /** V8 makes one vector of two (`wide.ts`). */
  readonly wide?: boolean;
  /** How many chains there are; default: one a lane. */
  readonly chains?: number;
}

/** Hands out storage to nodes, each once. */
export class StorageMap {
  readonly layout: MemoryLayout;
  /** Vectors that are worked on side by side. */
  readonly vectors: number;
  /** V8 makes one vector of two that stand side by side (`wide.ts`): more of them at once. Never changes a bit. */
  readonly wide: boolean;
  /** Chains of a group, where lanes may be left over; the last is repeated in those. */
  readonly chains: number;
  /** Data that products read. */
  readonly matrices: Matrices;
  private readonly plan: Plan;
  private readonly own = new Map<Node, Storage>();
  private readonly copies = new Map<Node, Storage>();
  private readonly scratchBlocks: Place[] = [];
  private readonly scratchElements: Place[] = [];
  private readonly numbers = new Map<Node, Storage>();
  private readonly terms = new Map<Node, Storage>();

  constructor(layout: MemoryLayout, { vectors, wide = false, chains }: Group, plan: Plan) {
    this.layout = layout;
    this.vectors = vectors;
    this.plan = plan;
    this.wide = wide;
    this.chains = chains ?? this.lanesPerVector * vectors;
    this.matrices = new Matrices(layout, this.laneBytes);
  }

  /** Of an element's one vector and its neighbour's V8 makes one. */
  get inPairs(): boolean {
    return this.wide && this.vectors === 1;
  }

  /** Bytes of one lane, and of one shared number. */
  get laneBytes(): number {
    return this.layout.precision === "float32" ? 4 : 8;
  }
  /** Bytes of one element in lanes. */
  get elementBytes(): number {
    return 16 * this.vectors;
  }

  /** Storage of a base (see `resolve`): its copy, where it has one. */
  of(node: Node): Storage {
    return this.plan.copied.has(node) ? this.copyOf(node) : this.original(node);
  }

  /** Storage that a node has by itself. */
  original(node: Node): Storage {
    return once(this.own, node, () => this.make(node));
  }

  /** A block for what one phase of a map leaves to the next (`phases.ts`); every stage uses the same ones. */
  scratch(slot: number): Place {
    this.scratchBlocks[slot] ??= this.layout.fixed(BLOCK_ROWS * this.elementBytes);
    return this.scratchBlocks[slot];
  }

  /** The same for a map of one element (`pieces.ts`). */
  scratchElement(slot: number): Place {
    this.scratchElements[slot] ??= this.layout.fixed(this.elementBytes);
    return this.scratchElements[slot];
  }

  /** Let a value that lives for a block lie there packed. */
  pack(node: Node): void {
    if (!this.own.has(node)) this.own.set(node, this.packedBlock());
  }

  /** Storage of a base whose neighbouring elements can be loaded as a vector: as packed, or as numbers. */
  ofNeighbours(node: Node): Storage {
    if (!node.is("constant") || node.attributes.data.length === 1) return this.of(node);
    return once(this.numbers, node, () => {
      const bytes = scalarBytes(node.dtype, node.attributes.data, this.laneBytes);
      return { kind: "scalars", place: this.layout.data(bytes) };
    });
  }

  /** The terms of a sum, packed, until they are added up. */
  termsOf(sum: Node): Storage {
    return once(this.terms, sum, () => this.packedBlock());
  }

  private packedBlock(): Storage {
    return { kind: "packed", place: this.layout.fixed(BLOCK_ROWS * this.laneBytes) };
  }

  /** Storage of a node's copy in lanes. */
  copyOf(node: Node): Storage {
    return once(this.copies, node, () => ({
      kind: "lanes",
      place: this.layout.fixed(node.size * this.elementBytes),
    }));
  }

  private make(node: Node): Storage {
    const lanes = node.size * this.elementBytes;
    if (node.is("constant")) return this.constant(node.dtype, node.attributes.data);
    if (node.is("epsilon")) {
      const value = this.layout.precision === "float32" ? 2 ** -23 : 2 ** -52;
      return { kind: "constant", address: this.layout.float(value) };
    }
    if (node.is("input")) {
      return node.shared && !this.plan.varying.has(node)
        ? { kind: "scalars", place: this.layout.fixed(node.size * this.laneBytes) }
        : { kind: "lanes", place: this.layout.group(lanes) };
    }
    if (node.is("parameter") && node.attributes.index === 0) {
      return { kind: "scalars", place: this.layout.fixed(this.laneBytes) };
    }
    if (this.plan.lifetime.get(node) === "block") {
      return { kind: "block", place: this.layout.fixed(BLOCK_ROWS * this.elementBytes) };
    }
    return { kind: "lanes", place: this.layout.fixed(lanes) };
  }

  private constant(dtype: DType, data: ConstantData): Storage {
    if (data.length === 1) {
      const value = data[0]!;
      const address =
        dtype === "float" ? this.layout.float(value) : this.layout.bits(pattern(dtype, value, this.laneBytes));
      return { kind: "constant", address };
    }
    const bytes = scalarBytes(dtype, data, this.laneBytes);
    if (this.inPairs && bytes.length * this.lanesPerVector <= MOST_IN_LANES)
      return { kind: "lanes", place: this.layout.data(inEveryLane(bytes, this.laneBytes)) };
    return { kind: "scalars", place: this.layout.data(bytes) };
  }

  get lanesPerVector(): number {
    return lanesPerVector(this.layout.precision);
  }

  /** Let the parts of a concatenation be made where they end up, so that nothing has to be moved. */
  joinConcatenations(schedule: Schedule): void {
    for (const step of schedule.steps) {
      if (step.kind === "region") this.joinConcatenations(step.body);
      if (step.kind === "nest" && step.node.is("concat") && !this.plan.copied.has(step.node)) this.join(step.node);
    }
  }

  private join(node: Node): void {
    const axis = node.is("concat") ? node.attributes.axis : 0;
    const whole = this.original(node);
    if (node.shape.slice(0, axis).some((n) => n !== 1) || whole.kind !== "lanes") return;
    let offset = whole.place.offset;
    for (const part of node.inputs) {
      const access = resolve(part, this.plan.copied);
      const { base } = access;
      const movable = isIdentity(access) && base.size === part.size && this.plan.lifetime.get(base) === "step";
      const computed = ops[base.op].kind !== "leaf";
      if (movable && computed && !this.own.has(base) && !this.plan.copied.has(base)) {
        this.own.set(base, { kind: "lanes", place: { space: whole.place.space, offset } });
      }
      offset += part.size * this.elementBytes;
    }
  }
}

function once(known: Map<Node, Storage>, node: Node, make: () => Storage): Storage {
  const found = known.get(node) ?? make();
  known.set(node, found);
  return found;
}
