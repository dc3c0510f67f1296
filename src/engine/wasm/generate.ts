import type { Node } from "../../graph/node.ts";
import type { Program } from "../../graph/program.ts";
import type { Roles } from "../engine.ts";
import { type CodeOptions, StepCode } from "./code.ts";
import { emitCarry, emitRecord, emitRun, type RecordedSlot } from "./driver.ts";
import { I32, ModuleBuilder } from "./encoder.ts";
import { emitLoop } from "./loop.ts";
import type { MemoryLayout } from "./memory.ts";
import { emitNest, emitPlaceCopy, emitStore } from "./nest.ts";
import { callsOf, emitParts, LONGEST, type Longest } from "./pieces.ts";
import { type LoopNode, type Plan, planFor, type Schedule, type Step, schedule } from "./schedule.ts";
import { lanesAt, outputSlot, type Slot, slot } from "./slots.ts";
import { StorageMap } from "./storage.ts";
import { chainsOfVector } from "./vectors.ts";

/** What is needed to run generated code. */
export interface GeneratedKernel {
  readonly module: Uint8Array<ArrayBuffer>;
  readonly layout: MemoryLayout;
  readonly inputs: Readonly<Record<string, Slot>>;
  readonly outputs: Readonly<Record<string, Slot>>;
  /** Recorded outputs in the order of their vectors within a frame. */
  readonly recorded: readonly RecordedSlot[];
  /** Bytes recorded per group and iteration. */
  readonly frameBytes: number;
  readonly scheduled: readonly string[];
  readonly vectors: number;
  readonly laneBytes: number;
  /** Lanes of a group that hold chains: all, or fewer where those of a vector are divided among threads. */
  readonly chainsPerGroup: number;
  readonly schedule: Schedule;
  /** Its memory is one that threads can share. */
  readonly shared: boolean;
  /** V8 makes one vector of two. */
  readonly wide: boolean;
}

export interface GenerateOptions {
  /** Multiplications are fused with the additions after them (`fuse.ts`). */
  readonly fused?: boolean;
  /** V8 makes one vector of two that stand side by side (`wide.ts`). */
  readonly wide?: boolean;
  /** Of the kernel; default: one a lane of a group. */
  readonly chains?: number;
  /** Threads that may take groups of chains. Default: 1. */
  readonly threads?: number;
  /** From where on code is cut into functions (`pieces.ts`). Changes no bit. */
  readonly longest?: Longest;
}

/**
 * Generate the module of a program: one function a step (small functions are optimised soon and well), and `run`,
 * which takes (address of the first group's area, groups, iterations, address of the records, address of the schedule).
 */
export function generate(
  program: Program,
  roles: Roles,
  layout: MemoryLayout,
  vectors: number,
  options: GenerateOptions = {},
): GeneratedKernel {
  const { fused = false, wide = false, chains = Number.POSITIVE_INFINITY, threads = 1, longest = LONGEST } = options;
  const varying = new Set(Object.values(roles.carried ?? {}).map((name) => program.inputs[name]!));
  const plan = planFor(varying);
  const steps = schedule(program.nodes, Object.values(program.outputs), plan);
  const few = chainsOfVector(chains, layout.precision, threads);
  const storage = new StorageMap(layout, { vectors, wide, ...(vectors === 1 && { chains: few }) }, plan);
  storage.joinConcatenations(steps);
  const module = new ModuleBuilder();
  const emitter = new StepEmitter(storage, plan, { module, fused, longest });
  const work = [...emitter.emit(steps)];
  const inputs = mapValues(program.inputs, (node) => slot(node, storage.original(node)));
  const outputs = mapValues(program.outputs, (node) => outputSlot(node, storage));
  const transfer = new StepCode(storage, plan, { module, longest });
  emitParts(transfer, Object.entries(program.outputs), (code, [name, node]) =>
    emitStore(code, node, lanesAt(outputs[name]!)),
  );
  work.push(module.add(transfer.f));
  let frameBytes = 0;
  const recorded = (roles.recorded ?? []).map((name) => {
    const frameOffset = frameBytes;
    frameBytes += outputs[name]!.size * storage.elementBytes;
    return { name, slot: outputs[name]!, frameOffset };
  });
  const record = emitRecord(module, recorded, storage);
  const carry = emitCarry(module, roles, inputs, outputs, storage, plan);
  const scheduled = roles.scheduled ?? [];
  const slots = scheduled.map((name) => inputs[name]!);
  emitRun(module, {
    work,
    record,
    carry,
    slots,
    frameBytes,
    groupBytes: layout.groupBytes,
    laneBytes: storage.laneBytes,
  });
  const { laneBytes } = storage;
  // Without products whose lanes hold outputs a vector takes its time, however many chains it holds.
  const chainsPerGroup = storage.matrices.isUsed ? storage.chains : storage.lanesPerVector * vectors;
  const shared = threads > 1 && chains > chainsPerGroup;
  return {
    module: module.bytes(1, shared),
    layout,
    inputs,
    outputs,
    recorded,
    frameBytes,
    scheduled,
    vectors,
    laneBytes,
    chainsPerGroup,
    schedule: steps,
    shared,
    wide,
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, f: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

type EmitterOptions = Required<Pick<CodeOptions, "module" | "fused" | "longest">>;

/** Emits steps, each as a function; returns their indices in order, or those of functions that call them. */
class StepEmitter {
  private readonly module: ModuleBuilder;
  private readonly storage: StorageMap;
  private readonly plan: Plan;
  private readonly options: EmitterOptions;

  constructor(storage: StorageMap, plan: Plan, options: EmitterOptions) {
    this.module = options.module;
    this.storage = storage;
    this.plan = plan;
    this.options = options;
  }

  emit(steps: Schedule): readonly number[] {
    const functions = steps.steps.map((step) => this.step(step));
    return callsOf(this.module, functions, this.options.longest.parts);
  }

  private step(step: Step): number {
    if (step.kind === "region") return this.region(step.node, step.body);
    const code = new StepCode(this.storage, this.plan, this.options);
    if (step.kind === "nest") emitNest(code, step.node);
    else emitLoop(code, step.length, step.stages);
    return this.module.add(code.f);
  }

  private region(node: LoopNode, body: Schedule): number {
    const [index, ...parameters] = node.attributes.region.parameters;
    const turn = this.emit(body);
    const code = new StepCode(this.storage, this.plan);
    const { f } = code;
    for (const [i, parameter] of parameters.entries()) {
      emitStore(code, node.inputs[i + 1]!, this.storage.original(parameter));
    }
    const counter = f.local(I32);
    f.i32(0);
    f.set(counter);
    f.while(
      () => {
        f.get(counter);
        this.pushCount(code, node.inputs[0]!);
        f.lessThanSigned();
      },
      () => {
        this.storeIndex(code, index!, counter);
        for (const step of turn) {
          f.get(0);
          f.call(step);
        }
        this.advance(code, parameters, node.attributes.region.results);
        code.increase(counter, 1);
      },
    );
    return this.module.add(f);
  }

  /** The results become the parameters of the next turn; those that are parameters of this one go through a copy. */
  private advance(code: StepCode, parameters: readonly Node[], results: readonly Node[]): void {
    const moves = results.flatMap((result, i) => {
      const target = this.storage.original(parameters[i]!);
      return result === parameters[i] || target.kind !== "lanes" ? [] : [{ result, target }];
    });
    const isOld = ({ result }: { readonly result: Node }): boolean => parameters.includes(code.access(result).base);
    // All of them before any parameter gets its new value.
    const copies = moves.filter(isOld).map(({ result, target }) => {
      const from = this.storage.layout.fixed(result.size * this.storage.elementBytes);
      emitStore(code, result, { kind: "lanes", place: from });
      return { from, to: target.place, size: result.size };
    });
    for (const move of moves) if (!isOld(move)) emitStore(code, move.result, move.target);
    for (const { from, to, size } of copies) emitPlaceCopy(code, from, to, size);
  }

  private pushCount(code: StepCode, count: Node): void {
    const access = code.access(count);
    const storage = this.storage.of(access.base);
    if (storage.kind === "constant") code.f.i32(0);
    else code.pushBase(storage.place, undefined);
    const bytes = storage.kind === "scalars" ? this.storage.laneBytes : this.storage.elementBytes;
    code.f.i32Load(storage.kind === "constant" ? storage.address : storage.place.offset + access.offset * bytes);
  }

  private storeIndex(code: StepCode, index: Node, counter: number): void {
    const storage = this.storage.original(index);
    if (storage.kind !== "scalars") throw new Error("a loop's index is a scalar");
    code.f.i32(0);
    code.f.get(counter);
    code.f.i32Store(storage.place.offset);
  }
}
