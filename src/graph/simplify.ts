import { commonNodes } from "./common.ts";
import type { NodeOf } from "./evaluate.ts";
import type { Node } from "./node.ts";
import type { Program } from "./program.ts";
import { rewrite } from "./rewrite.ts";
import { algebra } from "./rules/algebra.ts";
import { fold, repeatLater } from "./rules/fold.ts";
import { loops } from "./rules/loops.ts";
import { reductions } from "./rules/reductions.ts";
import { apply, type Rules } from "./rules/rule.ts";
import { shapes } from "./rules/shapes.ts";
import { stable } from "./rules/stable.ts";
import type { OpName } from "./types.ts";
import { verify } from "./verify.ts";

const families: readonly Rules[] = [stable, algebra, shapes, reductions, loops];

/** Passes after which a program counts as simple enough; a handful is usual. */
const mostPasses = 64;

/**
 * A program with the same inputs and outputs that does less: constants folded and data-only work done once, equal nodes
 * shared, dead nodes gone, algebra that is exact or changes only the last bits (`rules/`). Values may differ in the last
 * bits, since sums may be added in another order, but short of overflow no NaN or infinity appears or disappears. Simplifying twice
 * changes nothing more. Verified after each pass; throws a ModelError where the program is not well formed.
 */
export function simplify(source: Program): Program {
  let current = verify(source);
  const share = commonNodes();
  // What rules say depends on a node and its inputs alone: of a node that came out of one pass there is no more to say.
  const settled = new WeakSet<Node>();
  const replace = (node: Node): Node => {
    if (settled.has(node)) return node;
    const simple = share(simplest(node));
    settled.add(simple);
    return simple;
  };
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = verify(rewrite(current, replace));
    if (Object.keys(next.outputs).every((name) => next.outputs[name] === current.outputs[name])) return next;
    current = next;
  }
  return current;
}

/** Apply rules to a node until none has anything to say. */
function simplest(node: Node): Node {
  let current = node;
  for (let next: Node | undefined = node; next !== undefined; next = simpler(current)) current = next;
  return current;
}

function simpler(node: Node): Node | undefined {
  const done = repeatLater(node) ?? fold(node);
  if (done !== undefined) return done;
  for (const rules of families) {
    const answer = apply(rules, node as NodeOf<OpName>);
    if (answer !== undefined && answer !== node) return answer;
  }
  return undefined;
}
