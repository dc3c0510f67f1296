import type { Node } from "../../graph/node.ts";
import { dependencies } from "../../graph/program.ts";

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

/** Nodes that nothing else waits for, by length. */
class Free {
  private readonly place: ReadonlyMap<Node, number>;
  private readonly length: (node: Node) => number;
  private readonly byLength = new Map<number, Node[]>();

  constructor(nodes: readonly Node[], length: (node: Node) => number) {
    this.place = new Map(nodes.map((node, i) => [node, i]));
    this.length = length;
  }

  add(node: Node): void {
    const length = this.length(node);
    const others = this.byLength.get(length) ?? [];
    const place = this.place.get(node)!;
    const at = others.findLastIndex((other) => this.place.get(other)! < place) + 1;
    others.splice(at, 0, node);
    this.byLength.set(length, others);
  }

  least(): number | undefined {
    let least: number | undefined;
    for (const [length, nodes] of this.byLength)
      if (nodes.length > 0 && (least === undefined || length < least)) least = length;
    return least;
  }

  /** The one of a length that came last in the first order. */
  take(length: number): Node | undefined {
    return this.byLength.get(length)?.pop();
  }
}
