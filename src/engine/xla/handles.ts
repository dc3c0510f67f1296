import type { StoredType } from "../../draws.ts";
import type { Address } from "./koffi.ts";

/** An array on a device. Whoever holds it frees it, once. */
export interface DeviceBuffer {
  readonly address: Address;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
}

/** A compiled program on a client's device. Whoever holds it frees it, once. */
export interface Executable {
  readonly address: Address;
  readonly outputs: number;
}

/** What memory a program takes, in bytes; undefined where the plugin does not say. */
export interface MemoryUse {
  readonly needed: number;
  readonly limit: number | undefined;
}

/** A program that was started. */
export interface Execution {
  readonly results: readonly DeviceBuffer[];
  readonly done: Promise<void>;
}
