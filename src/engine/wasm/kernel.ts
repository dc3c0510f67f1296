import type { Numbers, Precision } from "../../draws.ts";
import type { DType } from "../../graph/types.ts";
import type { Kernel, Recorded } from "../engine.ts";
import { checkSchedule } from "../validate.ts";
import type { GeneratedKernel } from "./generate.ts";
import { Part, type Schedules } from "./part.ts";
import { moduleOf } from "./size.ts";
import type { Slot } from "./slots.ts";
import { PARTS_PER_THREAD, type Team } from "./team.ts";
import { CHECKED_AFTER, checkTwin } from "./twin.ts";
import type { Module } from "./webassembly.ts";

/** Records of more than this are taken out in several calls, to bound the memory of a long run. */
const RECORD_BYTES = 32 * 1024 * 1024;

/** How a kernel is made. */
export interface WasmKernelOptions {
  readonly chains: number;
  readonly precision: Precision;
  /** Output name → input name, as in `Roles`. */
  readonly carried: Readonly<Record<string, string>>;
  /** The thread that owns the kernel, and its helpers. */
  readonly team: Team;
}

/** Generated code with its memories: one, or, where there are helpers, one for each of the parts that chains are divided into. */
export class WasmKernel implements Kernel {
  private readonly generated: GeneratedKernel;
  private readonly options: WasmKernelOptions;
  private readonly carriedOutputs: ReadonlyMap<string, Slot>;
  private readonly parts: readonly Part[];
  /** Seconds that an iteration of all chains takes on one thread, by the last call. */
  private pace: number | undefined;
  /** Seconds that it has computed. */
  private computed = 0;
  private checks = 0;

  constructor(generated: GeneratedKernel, options: WasmKernelOptions) {
    this.generated = generated;
    this.options = options;
    this.carriedOutputs = new Map(Object.values(options.carried).map((name) => [name, generated.inputs[name]!]));
    this.parts = divide(generated, moduleOf(generated.module), options);
  }

  write(name: string, values: ArrayLike<number>): void {
    const slot = this.generated.inputs[name];
    if (slot === undefined) throw new RangeError(unknown("input", name, Object.keys(this.generated.inputs)));
    const { chains } = this.options;
    const expected = slot.shared ? slot.size : slot.size * chains;
    if (values.length !== expected) {
      const shape = slot.shared ? slot.shape : [chains, ...slot.shape];
      throw new RangeError(`Input ${name} takes [${shape}], ${expected} numbers; it was given ${values.length}.`);
    }
    for (const part of this.parts) part.write(slot, values);
  }

  async read(name: string): Promise<Numbers> {
    const slot = this.carriedOutputs.get(name) ?? this.generated.outputs[name];
    if (slot === undefined) throw new RangeError(unknown("output", name, Object.keys(this.generated.outputs)));
    const { chains, precision } = this.options;
    const result = numbers(slot.dtype, precision, (slot.shared ? 1 : chains) * slot.size);
    for (const part of this.parts) part.read(slot, result);
    return result;
  }

  async run(iterations: number, schedules: Schedules = {}, asked?: readonly string[]): Promise<Recorded> {
    const { chains, precision, team } = this.options;
    checkSchedule(this.generated.scheduled, iterations, schedules);
    const recorded = this.generated.recorded.filter(({ name }) => asked?.includes(name) ?? true);
    const results = recorded.map(({ slot }) => numbers(slot.dtype, precision, chains * iterations * slot.size));
    const bytes = this.parts.reduce((sum, { recordBytes }) => sum + recordBytes, 0);
    const perCall = Math.max(1, Math.floor(RECORD_BYTES / Math.max(1, bytes)));
    for (let first = 0; first < iterations; first += perCall) {
      const count = Math.min(perCall, iterations - first);
      this.check(schedules, first);
      const calls = this.parts.map((part) => ({ part, given: part.prepare(schedules, first, count) }));
      const expected = this.pace === undefined ? undefined : this.pace * count;
      const seconds = await team.run(calls, expected);
      this.pace = seconds / count;
      this.computed += seconds;
      for (const part of this.parts) {
        for (const [i, output] of recorded.entries())
          part.takeRecords(output, results[i]!, { first, count, iterations });
      }
    }
    return Object.fromEntries(recorded.map(({ name }, i) => [name, results[i]!]));
  }

  /** Once it has computed for long enough: iteration `first` of the schedules, twice (`checkTwin`). */
  private check(schedules: Schedules, first: number): void {
    const { generated, computed } = this;
    const [part] = this.parts;
    if (!generated.wide || part === undefined) return;
    if (computed < (CHECKED_AFTER[this.checks] ?? Number.POSITIVE_INFINITY)) return;
    const given = part.prepare(schedules, first, 1);
    checkTwin({ generated, module: part.module, memory: part.memory, given });
    this.checks++;
  }

  dispose(): void {
    for (const part of this.parts) {
      this.options.team.forget(part);
      part.dispose();
    }
  }
}

/** Bytes of fixed memory, of which each part has a copy, up to which a thread has several parts. */
const SMALL = 256 * 1024;
/** Bytes of all those copies: of larger data there are fewer parts than threads. */
const COPIES = 256 * 1024 * 1024;

/** Parts of whole groups but for the last: some for each thread, or one where a copy of the data is large. */
function divide(generated: GeneratedKernel, module: Module, { chains, precision, team }: WasmKernelOptions): Part[] {
  const { chainsPerGroup } = generated;
  const groups = Math.ceil(chains / chainsPerGroup);
  const { fixedBytes } = generated.layout;
  const wanted = (fixedBytes > SMALL ? 1 : PARTS_PER_THREAD) * team.size;
  const count = generated.shared ? Math.min(groups, wanted, Math.max(1, Math.floor(COPIES / fixedBytes))) : 1;
  const start = (part: number): number => Math.min(chains, Math.ceil((part * groups) / count) * chainsPerGroup);
  return Array.from({ length: count }, (_, i) => {
    const firstChain = start(i);
    return new Part(generated, module, { firstChain, chains: start(i + 1) - firstChain, precision });
  });
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
