import type { Node } from "../../graph/node.ts";
import { type Computed, type Effect, type Item, isEffect, type Value } from "./body.ts";

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
  for (let end = items.length; end > 0; end = from[end]!) bounds.unshift(end);
  return phasesOf(items, bounds);
}

/** For every place between two items: loads and stores of what is made before it and used after it. */
function countCrossings(items: readonly Item[]): number[] {
  const last = lastUses(items);
  const stored = new Set(items.flatMap((item) => (item.kind === "store" ? [item.value] : [])));
  const counts = new Array<number>(items.length).fill(0);
  for (const [made, item] of items.entries()) {
    if (isEffect(item)) continue;
    for (let place = made + 1; place <= (last.get(item) ?? made); place++) counts[place]! += stored.has(item) ? 1 : 2;
  }
  return counts;
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
    const kept = new Map<Computed, Kept>();
    for (const item of part) {
      const until = isEffect(item) ? -1 : (last.get(item) ?? -1);
      if (isEffect(item) || until < end) continue;
      const home = part.find((other): other is Effect => other.kind === "store" && other.value === item);
      kept.set(item, home === undefined ? { slot: slots.take(until) } : { node: home.node });
    }
    slots.free(end);
    return { items: part, kept };
  });
}

/** Scratch blocks, used again once what lies in them is no longer needed. */
class Slots {
  private readonly until: number[] = [];

  take(lastUse: number): number {
    const free = this.until.indexOf(-1);
    const slot = free < 0 ? this.until.length : free;
    this.until[slot] = lastUse;
    return slot;
  }

  /** Everything that is used before `place` alone is free from the next phase on. */
  free(place: number): void {
    for (const [slot, until] of this.until.entries()) if (until < place) this.until[slot] = -1;
  }
}
