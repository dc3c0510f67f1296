import type { Numbers, Precision } from "../../draws.ts";
import { ModelError } from "../../errors.ts";
import type { RecordedSlot } from "./driver.ts";
import type { GeneratedKernel } from "./generate.ts";
import type { RunFunction } from "./helper.ts";
import type { Slot } from "./slots.ts";
import { encode, gather, type Run, scatter, targetOf, widthOf } from "./transfer.ts";
import { growTo, type Memory, type Module, newMemory, PAGE, webAssembly } from "./webassembly.ts";

/** What `run` of the generated code takes: group, groups, iterations, record, schedule. */
export type RunArguments = readonly [number, number, number, number, number];

export type Schedules = Readonly<Record<string, ArrayLike<number>>>;

/** Bytes of a word. */
const WORD = 4;

/** Parts made so far. */
let made = 0;

/**
 * Consecutive chains of a kernel with a memory of their own, so that another thread may run them. Chains are grouped, G to
 * a group: chain c of the part is lane c mod G of group ⌊c/G⌋.
 */
export class Part {
  /** Tells it from all other parts of this thread. */
  readonly id: number;
  readonly chains: number;
  /** The part's first chain among the kernel's. */
  readonly firstChain: number;
  readonly run: RunFunction;
  readonly module: Module;
  private readonly generated: GeneratedKernel;
  private readonly precision: Precision;
  private live: Memory | undefined;
  private words = new Uint32Array(0);

  constructor(
    generated: GeneratedKernel,
    module: Module,
    options: { readonly firstChain: number; readonly chains: number; readonly precision: Precision },
  ) {
    this.id = made++;
    this.generated = generated;
    this.module = module;
    this.firstChain = options.firstChain;
    this.chains = options.chains;
    this.precision = options.precision;
    const memory = newMemory(this.recordsStart + PAGE, generated.shared);
    this.live = memory;
    const content = new Uint8Array(memory.buffer);
    for (const { address, bytes: data } of generated.layout.initial) content.set(data, address);
    const instance = new webAssembly!.Instance(module, { env: { memory } });
    this.run = instance.exports["run"] as RunFunction;
  }

  /** @throws ModelError after `dispose` */
  get memory(): Memory {
    if (this.live === undefined) throw new ModelError("This kernel was disposed of.");
    return this.live;
  }

  dispose(): void {
    this.live = undefined;
    this.words = new Uint32Array(0);
  }

  /** Set an input; `values` are those of all the kernel's chains, or shared. */
  write(slot: Slot, values: ArrayLike<number>): void {
    const { size } = slot;
    const width = widthOf(this.precision);
    const lanes = this.lanes();
    if (slot.place.space === "fixed") {
      const encoded = encode(values, { first: 0, count: size }, { dtype: slot.dtype, precision: this.precision });
      scatter(encoded, { first: 0, count: size, width }, lanes, { at: slot.place.offset / WORD, stride: width });
      return;
    }
    const own = slot.shared ? { first: 0, count: size } : { first: this.firstChain * size, count: this.chains * size };
    const encoded = encode(values, own, { dtype: slot.dtype, precision: this.precision });
    for (let group = 0; group < this.groups; group++) {
      // The lanes after the last chain repeat it, so that they never compute with numbers of their own.
      const last = Math.min(this.chainsPerGroup, this.chains - group * this.chainsPerGroup) - 1;
      for (let lane = 0; lane < this.lanesPerGroup; lane++) {
        const first = slot.shared ? 0 : (group * this.chainsPerGroup + Math.min(lane, last)) * size;
        scatter(encoded, { first, count: size, width }, lanes, this.runOf(slot, group, lane));
      }
    }
  }

  /** Read a place into its part of all the kernel's chains. */
  read(slot: Slot, result: Numbers): void {
    const { size } = slot;
    const lanes = this.lanes();
    const target = targetOf(result);
    const chains = slot.shared ? 1 : this.chains;
    const firstChain = slot.shared ? 0 : this.firstChain;
    for (let c = 0; c < chains; c++) {
      const lane = c % this.chainsPerGroup;
      const run = this.runOf(slot, (c - lane) / this.chainsPerGroup, lane);
      gather(lanes, { ...run, size, count: 1, apart: 0 }, target, (firstChain + c) * size);
    }
  }

  /** Bytes that an iteration records. */
  get recordBytes(): number {
    return this.generated.frameBytes * this.groups;
  }

  /** Make room for `count` iterations, the first of which is `first` of the schedules. */
  prepare(schedules: Schedules, first: number, count: number): RunArguments {
    const { scheduled, laneBytes, inputs } = this.generated;
    const start = this.recordsStart + count * this.recordBytes;
    growTo(this.memory, start + count * scheduled.length * laneBytes);
    const width = widthOf(this.precision);
    const lanes = this.lanes();
    scheduled.forEach((name, k) => {
      const { dtype } = inputs[name]!;
      const encoded = encode(schedules[name]!, { first, count }, { dtype, precision: this.precision });
      const run = { at: (start + k * laneBytes) / WORD, stride: scheduled.length * width };
      scatter(encoded, { first: 0, count, width }, lanes, run);
    });
    return [this.groupsStart, this.groups, count, this.recordsStart, start];
  }

  /**
   * What iterations `first` to `first + count` of `iterations` recorded of an output: from
   * `[group][iteration][element][lane]` to the part's chains in `[chain, iteration, element]`.
   */
  takeRecords(
    { slot, frameOffset }: RecordedSlot,
    result: Numbers,
    { first, count, iterations }: { readonly first: number; readonly count: number; readonly iterations: number },
  ): void {
    const { frameBytes, laneBytes } = this.generated;
    const { size } = slot;
    const lanes = this.lanes();
    const target = targetOf(result);
    for (let c = 0; c < this.chains; c++) {
      const lane = c % this.chainsPerGroup;
      const group = (c - lane) / this.chainsPerGroup;
      const frame = this.recordsStart + group * count * frameBytes + frameOffset;
      const at = (frame + lane * laneBytes) / WORD;
      const runs = { at, stride: this.elementWords, size, count, apart: frameBytes / WORD };
      gather(lanes, runs, target, ((this.firstChain + c) * iterations + first) * size);
    }
  }

  /** All of the memory, which moves where it grows. */
  private lanes(): Uint32Array {
    const { buffer } = this.memory;
    if (this.words.buffer !== buffer) this.words = new Uint32Array(buffer);
    return this.words;
  }

  private get chainsPerGroup(): number {
    return this.generated.chainsPerGroup;
  }
  private get groups(): number {
    return Math.ceil(this.chains / this.chainsPerGroup);
  }
  private get groupsStart(): number {
    return this.generated.layout.fixedBytes;
  }
  private get recordsStart(): number {
    return this.groupsStart + this.groups * this.generated.layout.groupBytes;
  }
  /** Words from one element of a group's value to the next. */
  private get elementWords(): number {
    return (16 * this.generated.vectors) / WORD;
  }
  private get lanesPerGroup(): number {
    return (16 * this.generated.vectors) / this.generated.laneBytes;
  }

  /** A chain's value: the lane of its group that holds it, element by element. */
  private runOf(slot: Slot, group: number, lane: number): Run {
    const { layout, laneBytes } = this.generated;
    const address = this.groupsStart + group * layout.groupBytes + slot.place.offset + lane * laneBytes;
    return { at: address / WORD, stride: this.elementWords };
  }
}
