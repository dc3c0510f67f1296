import type { Numbers, Precision } from "../draws.ts";
import type { Program } from "../graph/program.ts";
import type { Helpers } from "./wasm/team.ts";

/**
 * An engine runs programs for many chains at once. A program becomes a kernel for a fixed number of chains and a
 * precision; whoever compiles it says which outputs feed which inputs in the next iteration, so that a whole block of
 * iterations is one call.
 */
export interface Engine {
  readonly name: string;
  /** Can it run here, and if not, why, and what to do? Never throws. */
  probe(): Promise<Probe>;
  /** Throws an EngineError where the engine or the program's size does not fit, a ModelError where an op is not supported. */
  compile(program: Program, options: CompileOptions): Promise<Kernel>;
  /** Throws an EngineError where a program is too large to be compiled, as far as that is known without compiling it. */
  check?(program: Program): void;
  /** Resolves once no thread of its own is about to start; threads must not be ended before. */
  hasStarted?(): Promise<void>;
  /** Ends its threads, where it has any. No kernel is run any more. */
  end?(): Promise<void>;
}

export type Probe =
  | {
      readonly available: true;
      /** Versions and devices, one line each. */
      readonly details: readonly string[];
      /** What computes, where the engine has a choice. */
      readonly device?: DeviceReport;
      /** Where it lacks one. Default: both. */
      readonly precisions?: readonly Precision[];
      /** Library and device that the bits of its draws depend on; none where every machine gives the same. */
      readonly bits?: string;
    }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** The device that an engine computes on. */
export interface DeviceReport {
  /** As its maker calls it. */
  readonly kind: string;
  /** A GPU or its like, not this processor. */
  readonly accelerator: boolean;
  /** How many of them the engine sees. */
  readonly count: number;
}

/** What a run asks of its engine; each engine takes what it knows. */
export interface EngineOptions {
  /** Which of its devices, from 0; `all`: the thread's number modulo how many there are. Default: 0. */
  readonly device?: number | "all";
  /** Arithmetic that is faster and whose bits depend on the processor. Default: false. */
  readonly fast?: boolean;
  /** Instructions of twice the width, where there are some that change no bit. Default: true. */
  readonly wide?: boolean;
  /** The number of the thread among those of a run, from 0. */
  readonly worker?: number;
  /** Threads that may compute some of a batch's chains. Default: none. */
  readonly helpers?: Helpers;
}

export interface CompileOptions extends Roles {
  readonly precision: Precision;
  /** Number of chains, at least 1. */
  readonly chains: number;
}

/** What a program's inputs and outputs are to a run of many iterations. */
export interface Roles {
  /** Output name → the input that takes its value in the next iteration. Same dtype, shape and sharedness. */
  readonly carried?: Readonly<Record<string, string>>;
  /** Shared scalar inputs that take a new value at each iteration, given to `run`. */
  readonly scheduled?: readonly string[];
  /** Per-chain outputs that are kept at every iteration. */
  readonly recorded?: readonly string[];
}

/** Compiled code and the buffers that it owns. Not re-entrant: one `run` or `advance` at a time. */
export interface Kernel {
  /**
   * Set an input: row-major `[chain, ...shape]`, or `[...shape]` where it is shared. It keeps its value until it is
   * written again or, if it is carried, until the next iteration. Throws a RangeError where the length is another.
   */
  write(name: string, values: ArrayLike<number>): void;
  /**
   * An output as the last iteration left it (for a carried value also under its input's name, before any iteration as
   * written): `[chain, ...shape]`, or `[...shape]` where it is shared. A copy. Floats come in the kernel's precision,
   * bool as Uint8Array.
   */
  read(name: string): Promise<Numbers>;
  /**
   * Advance every chain. `schedule` holds, for each scheduled input, one value an iteration. Returns each recorded
   * output as `[chain, iteration, ...shape]`; of those that `asked` leaves out an engine need not copy any.
   */
  run(
    iterations: number,
    schedule?: Readonly<Record<string, ArrayLike<number>>>,
    asked?: readonly string[],
  ): Promise<Recorded>;
  /**
   * As `run`, but it resolves once every chain has advanced, with records that are still on the device: outputs may be
   * read, and the next call may be made before the records are asked for, so that they are copied while it computes.
   * Where there is nothing to overlap an engine has no such method.
   */
  advance?(iterations: number, schedule?: Readonly<Record<string, ArrayLike<number>>>): Promise<Advanced>;
  /**
   * Where its time went since it was compiled. An engine that has none computes where its numbers are: all the time of
   * `run` is the kernel's.
   */
  readonly seconds?: KernelSeconds | undefined;
  /** Free everything; no call may be under way, and records that were not asked for are lost. Again does nothing. */
  dispose(): void;
}

export type Recorded = Readonly<Record<string, Numbers>>;

/** What a call leaves behind. */
export interface Advanced {
  /** The records, copied from now on. Ask once. */
  recorded(): Promise<Recorded>;
}

/**
 * Wall time in seconds, as the thread that calls the engine sees it. What overlaps counts in both, so the two may add up
 * to more than has passed; so may kernels that share a device or a core, where one waits for the other.
 */
export interface KernelSeconds {
  /** From each call to the moment that its computing is known to have ended. */
  readonly kernel: number;
  /** Copies between host and device from when they are asked for until they are there, with what converts the numbers. */
  readonly transfer: number;
}
