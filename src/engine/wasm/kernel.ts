import type { Numbers, Precision } from "../../draws.ts";
import { ModelError } from "../../errors.ts";
import type { DType } from "../../graph/types.ts";
import type { Kernel, Recorded } from "../engine.ts";
import { checkSchedule } from "../validate.ts";
import type { GeneratedKernel } from "./generate.ts";
import type { Slot } from "./slots.ts";
import { type Memory, type Module, webAssembly } from "./webassembly.ts";

const PAGE = 65536;
/** Records of more than this are taken out in several calls, to bound the memory of a long run. */
const RECORD_BYTES = 32 * 1024 * 1024;

type RunFunction = (group: number, groups: number, iterations: number, record: number, schedule: number) => void;

/** Generated code with its memory. Chains are grouped: chain c is lane c mod G of group ⌊c/G⌋. */
export class WasmKernel implements Kernel {
  private readonly generated: GeneratedKernel;
  private readonly chains: number;
  private readonly precision: Precision;
  private readonly carriedOutputs: ReadonlyMap<string, Slot>;
  private memory: Memory | undefined;
  private readonly runCode: RunFunction;

  constructor(
    generated: GeneratedKernel,
    module: Module,
    options: {
      readonly chains: number;
      readonly precision: Precision;
      readonly carried: Readonly<Record<string, string>>;
    },
  ) {
    this.generated = generated;
    this.chains = options.chains;
    this.precision = options.precision;
    this.carriedOutputs = new Map(Object.values(options.carried).map((name) => [name, generated.inputs[name]!]));
    const api = webAssembly!;
    const bytes = this.groupsStart + this.groups * generated.layout.groupBytes;
    const memory = new api.Memory({ initial: Math.ceil(bytes / PAGE) + 1 });
    this.memory = memory;
    const content = new Uint8Array(memory.buffer);
    for (const { address, bytes: data } of generated.layout.initial) content.set(data, address);
    const instance = new api.Instance(module, { env: { memory } });
    this.runCode = instance.exports["run"] as RunFunction;
  }

  private get lanesPerVector(): number {
    return 16 / this.generated.laneBytes;
  }
  private get chainsPerGroup(): number {
    return this.lanesPerVector * this.generated.vectors;
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

  write(name: string, values: ArrayLike<number>): void {
    const slot = this.generated.inputs[name];
    if (slot === undefined) throw new RangeError(unknown("input", name, Object.keys(this.generated.inputs)));
    const expected = slot.shared ? slot.size : slot.size * this.chains;
    if (values.length !== expected) {
      const shape = slot.shared ? slot.shape : [this.chains, ...slot.shape];
      throw new RangeError(`Input ${name} takes [${shape}], ${expected} numbers; it was given ${values.length}.`);
    }
    const cells = this.cells(slot.dtype);
    if (slot.place.space === "fixed") {
      for (let i = 0; i < slot.size; i++) cells.set(slot.place.offset + i * this.generated.laneBytes, values[i]!);
      return;
    }
    // The lanes after the last chain repeat it, so that they never compute with numbers of their own.
    for (let c = 0; c < this.groups * this.chainsPerGroup; c++) {
      const from = slot.shared ? 0 : Math.min(c, this.chains - 1) * slot.size;
      const base = this.laneAddress(slot, c);
      for (let i = 0; i < slot.size; i++) cells.set(base + i * this.elementBytes, values[from + i]!);
    }
  }

  async read(name: string): Promise<Numbers> {
    const slot = this.carriedOutputs.get(name) ?? this.generated.outputs[name];
    if (slot === undefined) throw new RangeError(unknown("output", name, Object.keys(this.generated.outputs)));
    const chains = slot.shared ? 1 : this.chains;
    const result = numbers(slot.dtype, this.precision, chains * slot.size);
    const cells = this.cells(slot.dtype);
    for (let c = 0; c < chains; c++) {
      const base = this.laneAddress(slot, c);
      for (let i = 0; i < slot.size; i++) result[c * slot.size + i] = cells.get(base + i * this.elementBytes);
    }
    return result;
  }

  async run(iterations: number, schedule: Readonly<Record<string, ArrayLike<number>>> = {}): Promise<Recorded> {
    checkSchedule(this.generated.scheduled, iterations, schedule);
    const { recorded, frameBytes } = this.generated;
    const results = recorded.map(({ slot }) =>
      numbers(slot.dtype, this.precision, this.chains * iterations * slot.size),
    );
    const perCall = Math.max(1, Math.floor(RECORD_BYTES / Math.max(1, frameBytes * this.groups)));
    for (let first = 0; first < iterations; first += perCall) {
      const count = Math.min(perCall, iterations - first);
      const scheduleStart = this.recordsStart + this.groups * count * frameBytes;
      this.grow(scheduleStart + count * this.generated.scheduled.length * this.generated.laneBytes);
      this.writeSchedule(schedule, first, count, scheduleStart);
      this.runCode(this.groupsStart, this.groups, count, this.recordsStart, scheduleStart);
      recorded.forEach((_, i) => {
        this.takeRecords(i, results[i]!, first, count, iterations);
      });
    }
    return Object.fromEntries(recorded.map(({ name }, i) => [name, results[i]!]));
  }

  dispose(): void {
    this.memory = undefined;
  }

  private writeSchedule(
    schedule: Readonly<Record<string, ArrayLike<number>>>,
    first: number,
    count: number,
    start: number,
  ): void {
    const { scheduled, laneBytes, inputs } = this.generated;
    scheduled.forEach((name, k) => {
      const cells = this.cells(inputs[name]!.dtype);
      for (let t = 0; t < count; t++) {
        cells.set(start + (t * scheduled.length + k) * laneBytes, schedule[name]![first + t]!);
      }
    });
  }

  /** From `[group][iteration][element][lane]` to `[chain, iteration, element]`. */
  private takeRecords(index: number, result: Numbers, first: number, count: number, iterations: number): void {
    const { recorded, frameBytes, laneBytes } = this.generated;
    const { slot, frameOffset } = recorded[index]!;
    const source = this.view(slot.dtype);
    const stride = this.elementBytes / laneBytes;
    for (let c = 0; c < this.chains; c++) {
      const lane = c % this.chainsPerGroup;
      const group = (c - lane) / this.chainsPerGroup;
      for (let t = 0; t < count; t++) {
        const frame = this.recordsStart + (group * count + t) * frameBytes + frameOffset;
        const from = frame / laneBytes + lane;
        const to = (c * iterations + first + t) * slot.size;
        for (let i = 0; i < slot.size; i++) result[to + i] = Number(source.values[(from + i * stride) * source.step]);
      }
    }
    if (slot.dtype === "bool") for (let i = 0; i < result.length; i++) if (result[i] !== 0) result[i] = 1;
  }

  /** The memory as an array whose every `step`-th entry is a lane. Integers of 64-bit lanes are read by their low half. */
  private view(dtype: DType): { readonly values: Numbers; readonly step: number } {
    const { buffer } = this.alive();
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

  private get elementBytes(): number {
    return 16 * this.generated.vectors;
  }

  private laneAddress(slot: Slot, chain: number): number {
    const lane = chain % this.chainsPerGroup;
    const group = (chain - lane) / this.chainsPerGroup;
    const area = this.groupsStart + group * this.generated.layout.groupBytes;
    return area + slot.place.offset + lane * this.generated.laneBytes;
  }

  private alive(): Memory {
    if (this.memory === undefined) throw new ModelError("This kernel was disposed of.");
    return this.memory;
  }

  private grow(bytes: number): void {
    const memory = this.alive();
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
  }
}

function numbers(dtype: DType, precision: Precision, length: number): Numbers {
  if (dtype === "bool") return new Uint8Array(length);
  if (dtype === "int32") return new Int32Array(length);
  if (dtype === "uint32") return new Uint32Array(length);
  return precision === "float32" ? new Float32Array(length) : new Float64Array(length);
}

function unknown(what: string, name: string, known: readonly string[]): string {
  return `There is no ${what} named ${name}; the program has ${known.join(", ") || "none"}.`;
}
