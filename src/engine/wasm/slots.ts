import type { Node } from "../../graph/node.ts";
import type { DType } from "../../graph/types.ts";
import type { Place } from "./memory.ts";
import type { Storage, StorageMap } from "./storage.ts";

/** A named value at the border between JavaScript and the kernel. */
export interface Slot {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly size: number;
  readonly shared: boolean;
  /** In lanes within a group's area, or (shared inputs) as scalars at a fixed address. */
  readonly place: Place;
}

export function slot(node: Node, storage: Storage): Slot {
  if (storage.kind === "constant") throw new Error("a slot needs a place");
  return { dtype: node.dtype, shape: node.shape, size: node.size, shared: node.shared, place: storage.place };
}

/** A place of its own for an output, in lanes. */
export function outputSlot(node: Node, storage: StorageMap): Slot {
  const place = storage.layout.group(node.size * storage.elementBytes);
  return { dtype: node.dtype, shape: node.shape, size: node.size, shared: node.shared, place };
}

export function lanesAt(where: Slot): Storage {
  return { kind: "lanes", place: where.place };
}
