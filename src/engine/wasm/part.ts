import type { Numbers, Precision } from "../../draws.ts";
import { ModelError } from "../../errors.ts";
import type { DType } from "../../graph/types.ts";
import type { GeneratedKernel } from "./generate.ts";
import type { RunFunction } from "./helper.ts";
import type { Slot } from "./slots.ts";
import { growTo, type Memory, type Module, newMemory, PAGE, webAssembly } from "./webassembly.ts";

/** What `run` of the generated code takes: group, groups, iterations, record, schedule. */
export type RunArguments = readonly [number, number, number, number, number];

export type Schedules = Readonly<Record<string, ArrayLike<number>>>;

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
  }

  /** Set an input; `values` are those of all the kernel's chains, or shared. */
  write(slot: Slot, values: ArrayLike<number>): void {
    const cells = this.cells(slot.dtype);
    if (slot.place.space === "fixed") {
      for (let i = 0; i < slot.size; i++) cells.set(slot.place.offset + i * this.generated.laneBytes, values[i]!);
      return;
    }
    const lanes = this.elementBytes / this.generated.laneBytes;
    for (let group = 0; group < this.groups; group++) {
      // The lanes after the last chain repeat it, so that they never compute with numbers of their own.
      const last = Math.min(this.chainsPerGroup, this.chains - group * this.chainsPerGroup) - 1;
      for (let lane = 0; lane < lanes; lane++) {
        const chain = this.firstChain + group * this.chainsPerGroup + Math.min(lane, last);
        const from = slot.shared ? 0 : chain * slot.size;
        const base = this.laneAddress(slot, group, lane);
        for (let i = 0; i < slot.size; i++) cells.set(base + i * this.elementBytes, values[from + i]!);
      }
    }
  }

  /** Read a place into its part of all the kernel's chains. */
  read(slot: Slot, result: Numbers): void {
    const cells = this.cells(slot.dtype);
    const chains = slot.shared ? 1 : this.chains;
    const first = slot.shared ? 0 : this.firstChain;
    for (let c = 0; c < chains; c++) {
      const lane = c % this.chainsPerGroup;
      const base = this.laneAddress(slot, (c - lane) / this.chainsPerGroup, lane);
      const to = (first + c) * slot.size;
      for (let i = 0; i < slot.size; i++) result[to + i] = cells.get(base + i * this.elementBytes);
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
    scheduled.forEach((name, k) => {
      const cells = this.cells(inputs[name]!.dtype);
      for (let t = 0; t < count; t++) {
        cells.set(start + (t * scheduled.length + k) * laneBytes, schedules[name]![first + t]!);
      }
    });
    return [this.groupsStart, this.groups, count, this.recordsStart, start];
  }

  /**
   * What iterations `first` to `first + count` of `iterations` recorded of output `index`: from
   * `[group][iteration][element][lane]` to the part's chains in `[chain, iteration, element]`.
   */
  takeRecords(
    index: number,
    result: Numbers,
    { first, count, iterations }: { readonly first: number; readonly count: number; readonly iterations: number },
  ): void {
    const { recorded, frameBytes, laneBytes } = this.generated;
    const { slot, frameOffset } = recorded[index]!;
    const source = this.view(slot.dtype);
    const stride = this.elementBytes / laneBytes;
    const isBool = slot.dtype === "bool";
    for (let c = 0; c < this.chains; c++) {
      const lane = c % this.chainsPerGroup;
      const group = (c - lane) / this.chainsPerGroup;
      for (let t = 0; t < count; t++) {
        const frame = this.recordsStart + (group * count + t) * frameBytes + frameOffset;
        const from = frame / laneBytes + lane;
        const to = ((this.firstChain + c) * iterations + first + t) * slot.size;
        for (let i = 0; i < slot.size; i++) {
          const value = source.values[(from + i * stride) * source.step]!;
          result[to + i] = isBool ? Number(value !== 0) : value;
        }
      }
    }
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
  private get elementBytes(): number {
    return 16 * this.generated.vectors;
  }

  /** The memory as an array whose every `step`-th entry is a lane. Integers of 64-bit lanes are read by their low half. */
  private view(dtype: DType): { readonly values: Numbers; readonly step: number } {
    const { buffer } = this.memory;
    if (dtype === "float") {
      return { values: this.precision === "float32" ? new Float32Array(buffer) : new Float64Array(buffer), step: 1 };
    }
    const values = dtype === "uint32" ? new Uint32Array(buffer) : new Int32Array(buffer);
    return { values, step: this.generated.laneBytes / 4 };
  }

  private cells(dtype: DType): { get(address: number): number; set(address: number, value: number): void } {
    const { values, step } = this.view(dtype);
    const bytes = values.BYTES_PER_ELEMENT;
    if (dtype === "float") {
      return {
        get: (address) => values[address / bytes]!,
        set: (address, value) => {
          values[address / bytes] = value;
        },
      };
    }
    return {
      get: (address) => (dtype === "bool" ? Number(values[address / 4] !== 0) : values[address / 4]!),
      set: (address, value) => {
        const low = dtype === "bool" ? -Number(value !== 0) : value;
        values[address / 4] = low;
        if (step === 2) values[address / 4 + 1] = dtype === "uint32" || values[address / 4]! >= 0 ? 0 : -1;
      },
    };
  }

  private laneAddress(slot: Slot, group: number, lane: number): number {
    const area = this.groupsStart + group * this.generated.layout.groupBytes;
    return area + slot.place.offset + lane * this.generated.laneBytes;
  }
}
