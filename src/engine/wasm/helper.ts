import { type Memory, type Module, webAssembly } from "./webassembly.ts";

/**
 * What a helper thread runs, and what it and the thread that owns a kernel say to each other. Calls are told in shared
 * words and not by messages, since a transition of a small batch takes less time than a message; code and memories, which
 * come once, are posted.
 *
 * This file is loaded by each helper and imports nothing that it does not need.
 */

/** A kernel's `run`: (address of the first group's area, groups, iterations, address of the records, of the schedule). */
export type RunFunction = (group: number, groups: number, iterations: number, record: number, schedule: number) => void;

/** The one word of a helper: its state, of which the owner sets CALLED and ENDED, and the helper all else. */
export const STARTING = 0;
export const IDLE = 1;
export const CALLED = 2;
export const FAILED = 3;
export const ENDED = 4;

/** The words of a board, where calls hang for whoever has time: the next to be taken, how many there are, the calls. */
export const NEXT = 0;
export const COUNT = 1;
export const CALLS = 2;
/** Words of a call: the part, and what its `run` takes. */
export const CALL_WORDS = 6;

/** What an owner posts. */
export type ToHelper =
  | { readonly kind: "part"; readonly id: number; readonly module: Module; readonly memory: Memory }
  | { readonly kind: "forget"; readonly id: number };

/** What a helper posts before it says FAILED. */
export interface Failure {
  readonly message: string;
}

/** The helper's end of what it is told. */
export interface HelperSide {
  readonly state: Int32Array;
  readonly board: Int32Array;
  /** The next message, if there is one; does not wait. */
  receive(): ToHelper | undefined;
  post(failure: Failure): void;
}

/** Takes calls from the board, one after the other, until none is left. */
export function takeCalls(board: Int32Array, make: (part: number, given: Parameters<RunFunction>) => void): void {
  const count = board[COUNT]!;
  for (let i = Atomics.add(board, NEXT, 1); i < count; i = Atomics.add(board, NEXT, 1)) {
    const start = CALLS + i * CALL_WORDS;
    const [part, ...given] = board.subarray(start, start + CALL_WORDS) as unknown as [
      number,
      ...Parameters<RunFunction>,
    ];
    make(part, given);
  }
}

/** Runs parts of kernels for their owner until that says ENDED. Blocks its thread. */
export function help({ state, board, receive, post }: HelperSide): void {
  const parts = new Map<number, RunFunction>();
  const hear = (): void => {
    for (let message = receive(); message !== undefined; message = receive()) {
      if (message.kind === "forget") parts.delete(message.id);
      else parts.set(message.id, instantiate(message.module, message.memory));
    }
  };
  const turn = (): number => {
    try {
      hear();
      takeCalls(board, (part, given) => parts.get(part)!(...given));
      return IDLE;
    } catch (error) {
      post({ message: String(error) });
      return FAILED;
    }
  };
  Atomics.store(state, 0, IDLE);
  while (awaitCall(state)) {
    // Unless the owner said ENDED meanwhile.
    Atomics.compareExchange(state, 0, CALLED, turn());
    Atomics.notify(state, 0);
  }
}

/** Waits for a call: false where there will be none. */
function awaitCall(state: Int32Array): boolean {
  let now = Atomics.load(state, 0);
  while (now !== CALLED && now !== ENDED) {
    // It may end with nothing changed: who sets the word and is interrupted gives notice when that call is done already.
    Atomics.wait(state, 0, now);
    now = Atomics.load(state, 0);
  }
  return now === CALLED;
}

function instantiate(module: Module, memory: Memory): RunFunction {
  return new webAssembly!.Instance(module, { env: { memory } }).exports["run"] as RunFunction;
}
