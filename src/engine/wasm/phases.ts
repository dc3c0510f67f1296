import type { Node } from "../../graph/node.ts";
import { type Computed, type Item, isEffect, type Value } from "./body.ts";
import { Heap } from "./heap.ts";

/**
 * A long body becomes several loops over the same rows. An elementary function is one chain of dependent instructions, so a
 * few elements must be worked on side by side to keep a processor busy; but V8 orders a loop's body breadth first, over all
 * of them, and what sixteen registers do not hold goes to the stack and back, at addresses that are not always aligned. A
 * short loop holds its values in registers; what the next one needs goes through a block of memory, once.
 */
export interface Phase {
  readonly items: readonly Item[];
  /** What later phases need of this one, and where it waits. */
  readonly kept: ReadonlyMap<Computed, Kept>;
}

/** The entry of a node that is stored anyway, or a numbered block of scratch memory. */
export type Kept = { readonly node: Node } | { readonly slot: number };

/** Vectors that a phase works on side by side: they hide each other's latency, and sixteen registers hold them. */
export const VECTORS_AT_ONCE = 4;

/** Most items a phase: measured on sigmoid, softplus and exp in both precisions; 8 to 20 are within a tenth of it. */
const LONGEST_PHASE = 12;
/** What one phase more costs, in loads and stores: its counters, and the constants that are loaded again. */
const PHASE_COST = 3;

/** Cut a body into phases where the fewest values cross, each of at most `longest` items. */
export function cut(items: readonly Item[], longest: number = LONGEST_PHASE): readonly Phase[] {
  const crossings = countCrossings(items);
  const best = [0];
  const from = [0];
  for (let end = 1; end <= items.length; end++) {
    best[end] = Number.POSITIVE_INFINITY;
    for (let start = Math.max(0, end - longest); start < end; start++) {
      const cost = best[start]! + (start === 0 ? 0 : PHASE_COST + crossings[start]!);
      if (cost >= best[end]!) continue;
      best[end] = cost;
      from[end] = start;
    }
  }
  const bounds: number[] = [];
  for (let end = items.length; end > 0; end = from[end]!) bounds.push(end);
  return phasesOf(items, bounds.reverse());
}

/** Cut a body into few pieces, each of half as many items as `longest` at least, and there where the fewest values cross. */
export function cutInFew(items: readonly Item[], longest: number): readonly Phase[] {
  const crossings = countCrossings(items);
  const bounds: number[] = [];
  for (let start = 0; start < items.length; start = bounds.at(-1)!) {
    let end = Math.min(items.length, start + longest);
    if (end < items.length)
      for (let place = end - 1; place >= start + longest / 2; place--)
        if (crossings[place]! < crossings[end]!) end = place;
    bounds.push(end);
  }
  return phasesOf(items, bounds);
}

/** Where phases leave what others need. */
export function leftBy(phases: readonly Phase[]): ReadonlyMap<Computed, Kept> {
  return new Map(phases.flatMap(({ kept }) => [...kept]));
}

/** For every place between two items: loads and stores of what is made before it and used after it. */
function countCrossings(items: readonly Item[]): number[] {
  const last = lastUses(items);
  const stored = new Set<Value>(items.flatMap((item) => (item.kind === "store" ? [item.value] : [])));
  const change = new Array<number>(items.length + 1).fill(0);
  for (const [made, item] of items.entries()) {
    if (isEffect(item)) continue;
    const until = last.get(item) ?? made;
    const weight = stored.has(item) ? 1 : 2;
    change[made + 1]! += weight;
    change[until + 1]! -= weight;
  }
  let crossing = 0;
  return items.map((_, place) => (crossing += change[place]!));
}

function usesOf(item: Item): readonly Value[] {
  if (isEffect(item)) return [item.value];
  return item.kind === "instruction" ? item.inputs : [];
}

/** Where each value is used last. */
function lastUses(items: readonly Item[]): Map<Value, number> {
  const last = new Map<Value, number>();
  for (const [at, item] of items.entries()) for (const value of usesOf(item)) last.set(value, at);
  return last;
}

/** `bounds` are the places after each phase's last item. */
function phasesOf(items: readonly Item[], bounds: readonly number[]): Phase[] {
  const last = lastUses(items);
  const slots = new Slots();
  return bounds.map((end, i) => {
    const part = items.slice(bounds[i - 1] ?? 0, end);
    const homes = new Map<Value, Node>();
    for (const item of part) if (item.kind === "store" && !homes.has(item.value)) homes.set(item.value, item.node);
    const kept = new Map<Computed, Kept>();
    for (const item of part) {
      const until = isEffect(item) ? -1 : (last.get(item) ?? -1);
      if (isEffect(item) || until < end) continue;
      const home = homes.get(item);
      kept.set(item, home === undefined ? { slot: slots.take(until) } : { node: home });
    }
    slots.free(end);
    return { items: part, kept };
  });
}

/** Scratch blocks, used again once what lies in them is no longer needed: of those that are free, the first. */
class Slots {
  private count = 0;
  private readonly unused = new Heap();
  /** By the place of the last use of what lies in them. */
  private readonly until = new Map<number, number[]>();
  private passed = 0;

  take(lastUse: number): number {
    const slot = this.unused.take() ?? this.count++;
    const others = this.until.get(lastUse);
    if (others === undefined) this.until.set(lastUse, [slot]);
    else others.push(slot);
    return slot;
  }

  /** Everything that is used before `place` alone is free from the next phase on. */
  free(place: number): void {
    for (; this.passed < place; this.passed++) {
      for (const slot of this.until.get(this.passed) ?? []) this.unused.add(slot);
      this.until.delete(this.passed);
    }
  }
}
