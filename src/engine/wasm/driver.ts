import type { Roles } from "../engine.ts";
import { StepCode } from "./code.ts";
import { FunctionBuilder, I32, type ModuleBuilder, simd } from "./encoder.ts";
import { emitPlaceCopy } from "./nest.ts";
import type { Plan } from "./schedule.ts";
import type { Slot } from "./slots.ts";
import type { StorageMap } from "./storage.ts";

/** An output that is kept at every iteration, and where its vectors begin within a frame. */
export interface RecordedSlot {
  readonly name: string;
  readonly slot: Slot;
  readonly frameOffset: number;
}

/** (group, frame): copy the recorded outputs of a group into a frame. */
export function emitRecord(module: ModuleBuilder, recorded: readonly RecordedSlot[], storage: StorageMap): number {
  const f = new FunctionBuilder(2);
  for (const { slot: from, frameOffset } of recorded) {
    if (from.size === 0) continue;
    const at = f.local(I32);
    f.i32(0);
    f.set(at);
    f.doWhile(
      () => {
        f.get(1);
        f.get(at);
        f.add();
        f.get(0);
        f.get(at);
        f.add();
        f.memory(simd.load, from.place.offset);
        f.memory(simd.store, frameOffset);
        f.get(at);
        f.i32(16);
        f.add();
        f.set(at);
      },
      () => {
        f.get(at);
        f.i32(from.size * storage.elementBytes);
        f.lessThan();
      },
    );
  }
  return module.add(f);
}

/** (group): outputs become the inputs of the next iteration. */
export function emitCarry(
  module: ModuleBuilder,
  roles: Roles,
  inputs: Readonly<Record<string, Slot>>,
  outputs: Readonly<Record<string, Slot>>,
  storage: StorageMap,
  plan: Plan,
): number {
  const code = new StepCode(storage, plan);
  for (const [output, input] of Object.entries(roles.carried ?? {})) {
    const from = outputs[output]!;
    const to = inputs[input]!;
    emitPlaceCopy(code, from.place, to.place, from.size);
  }
  return module.add(code.f);
}

interface RunParts {
  readonly work: readonly number[];
  readonly record: number;
  readonly carry: number;
  readonly slots: readonly Slot[];
  readonly frameBytes: number;
  readonly groupBytes: number;
  readonly laneBytes: number;
}

/** run(group, groups, iterations, record, schedule): all iterations of one group of chains, then of the next. */
export function emitRun(module: ModuleBuilder, parts: RunParts): void {
  const f = new FunctionBuilder(5);
  const [group, groups, iterations, record, schedule] = [0, 1, 2, 3, 4];
  const left = f.local(I32);
  const next = f.local(I32);
  const step = (local: number, by: number): void => {
    f.get(local);
    f.i32(by);
    f.add();
    f.set(local);
  };
  const iteration = (): void => {
    parts.slots.forEach((slot, i) => {
      f.i32(0);
      f.get(next);
      if (parts.laneBytes === 4) f.i32Load(4 * i);
      else f.i64Load(8 * i);
      if (parts.laneBytes === 4) f.i32Store(slot.place.offset);
      else f.i64Store(slot.place.offset);
    });
    step(next, parts.slots.length * parts.laneBytes);
    for (const index of parts.work) {
      f.get(group);
      f.call(index);
    }
    f.get(group);
    f.get(record);
    f.call(parts.record);
    step(record, parts.frameBytes);
    f.get(group);
    f.call(parts.carry);
    step(left, -1);
  };
  f.while(
    () => f.get(groups),
    () => {
      f.get(iterations);
      f.set(left);
      f.get(schedule);
      f.set(next);
      f.while(() => f.get(left), iteration);
      step(group, parts.groupBytes);
      step(groups, -1);
    },
  );
  module.add(f, "run");
}
