import type { Node } from "../../graph/node.ts";
import { dependencies } from "../../graph/program.ts";
import { Heap } from "./heap.ts";

/**
 * Nodes anew in order, each after what it depends on and as late as it can be; of those that may come last, the ones of the
 * least length do. So what is short comes before a long loop if that needs it, else after it, and what goes over the same
 * index comes together: one pass over the data, where the order in which a model was written might make two.
 */
export function shortestLast(nodes: readonly Node[], length: (node: Node) => number): Node[] {
  const users = new Map<Node, number>();
  for (const node of nodes) users.set(node, 0);
  for (const node of nodes)
    for (const needed of dependencies(node)) if (users.has(needed)) users.set(needed, users.get(needed)! + 1);
  const free = new Free(nodes, length);
  for (const node of nodes) if (users.get(node) === 0) free.add(node);
  const backwards: Node[] = [];
  for (let of = free.least(); of !== undefined; of = free.least()) {
    // What these free of their own length is taken with them, before anything that is shorter.
    for (let node = free.take(of); node !== undefined; node = free.take(of)) {
      backwards.push(node);
      for (const needed of dependencies(node)) {
        const left = users.get(needed);
        if (left === undefined) continue;
        users.set(needed, left - 1);
        if (left === 1) free.add(needed);
      }
    }
  }
  return backwards.reverse();
}

/** Nodes that nothing else waits for, by length; of one length, the last in the first order comes first. */
class Free {
  private readonly nodes: readonly Node[];
  private readonly place: ReadonlyMap<Node, number>;
  private readonly length: (node: Node) => number;
  private readonly byLength = new Map<number, Heap>();
  /** Lengths of which there may be some. */
  private readonly lengths = new Heap();

  constructor(nodes: readonly Node[], length: (node: Node) => number) {
    this.nodes = nodes;
    this.place = new Map(nodes.map((node, i) => [node, i]));
    this.length = length;
  }

  add(node: Node): void {
    const length = this.length(node);
    const others = this.byLength.get(length) ?? new Heap();
    if (others.size === 0) this.lengths.add(length);
    others.add(-this.place.get(node)!);
    this.byLength.set(length, others);
  }

  least(): number | undefined {
    for (let length = this.lengths.take(); length !== undefined; length = this.lengths.take()) {
      if (this.byLength.get(length)!.size === 0) continue;
      this.lengths.add(length);
      return length;
    }
    return undefined;
  }

  /** The one of a length that came last in the first order. */
  take(length: number): Node | undefined {
    const place = this.byLength.get(length)?.take();
    return place === undefined ? undefined : this.nodes[-place];
  }
}
