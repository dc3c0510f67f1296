import { setImmediate, setTimeout } from "node:timers/promises";
import { WorkerError } from "../../errors.ts";
import {
  CALL_WORDS,
  CALLED,
  CALLS,
  COUNT,
  ENDED,
  FAILED,
  type Failure,
  IDLE,
  NEXT,
  STARTING,
  type ToHelper,
  takeCalls,
} from "./helper.ts";
import type { Part, RunArguments } from "./part.ts";

/** Threads that may compute some of a batch's chains beside the thread that runs the batch. */
export interface Helpers {
  /** Most of them. */
  readonly count: number;
  /** Starts one, which calls `help` with these words. */
  start(words: HelperWords): HelperThread;
  /** Let them help from the first call on, however little there is to do: for tests. */
  readonly eager?: boolean;
}

/** What an owner and a helper share. */
export interface HelperWords {
  readonly state: Int32Array;
  readonly board: Int32Array;
}

/** The owner's end of what it tells a helper. */
export interface HelperThread {
  post(message: ToHelper): void;
  /** The next message, if there is one; does not wait. */
  receive(): Failure | undefined;
  /** Why the thread ended, where it did. */
  death(): string | undefined;
}

/** A call of a part's `run`. */
export interface PartCall {
  readonly part: Part;
  readonly given: RunArguments;
}

/** Parts of a kernel for each thread: threads that are faster, or less disturbed, take more of them. */
export const PARTS_PER_THREAD = 4;
/** Seconds that a thread computes before it asks for help: a short run is over before another thread has started. */
const ALONE = 0.1;
/** Seconds of computing from which on a call is shared: to wake a thread takes up to a tenth of it. */
const WORTH = 300e-6;
/** Milliseconds after which a wait lets the event loop turn, which hears of the death of a thread. */
const PATIENCE = 50;

/** What may be done where helpers fail. */
const WITHOUT = "What was stored before is kept; `workers: 1` does without helpers.";

/** A thread with its helpers. Who computes which chains, and when, changes no bit. */
export class Team {
  private readonly helpers: Helpers | undefined;
  private readonly hired: Hired[] = [];
  private readonly board: Int32Array;
  private computed = 0;

  constructor(helpers?: Helpers) {
    this.helpers = helpers;
    this.board = sharedWords(CALLS + CALL_WORDS * PARTS_PER_THREAD * this.size);
  }

  /** Threads that kernels are divided for. */
  get size(): number {
    return 1 + (this.helpers?.count ?? 0);
  }

  /**
   * Makes all calls, each of a part of its own; at most `PARTS_PER_THREAD` a thread. `seconds` is what they would take on
   * one thread, where that is known; returned is what they took, or would have taken, on one.
   * @throws WorkerError where a helper died or failed
   */
  async run(calls: readonly PartCall[], seconds: number | undefined): Promise<number> {
    const helping = await this.helping(calls.length - 1, seconds);
    this.hang(calls);
    for (const helper of helping) helper.begin(calls);
    const started = performance.now();
    let [elapsed, own] = [0, 0];
    try {
      const parts = new Map(calls.map(({ part }) => [part.id, part]));
      takeCalls(this.board, (id, given) => {
        const part = parts.get(id)!;
        part.run(...given);
        own += part.chains;
      });
    } finally {
      elapsed = (performance.now() - started) / 1000;
      // Also where this thread failed: they compute in memory that this thread goes on to use.
      await allFinished(helping);
    }
    this.computed += elapsed;
    const all = calls.reduce((sum, { part }) => sum + part.chains, 0);
    return own === 0 ? elapsed * this.size : (elapsed * all) / own;
  }

  forget(part: Part): void {
    for (const helper of this.hired) helper.forget(part);
  }

  /** Resolves once no helper is about to start: threads must not be ended before. */
  async hasStarted(): Promise<void> {
    for (const helper of this.hired) await helper.hasStarted();
  }

  /** Ends the helpers. */
  async end(): Promise<void> {
    await this.hasStarted();
    for (const helper of this.hired) helper.end();
    this.hired.length = 0;
  }

  private hang(calls: readonly PartCall[]): void {
    for (const [i, { part, given }] of calls.entries()) this.board.set([part.id, ...given], CALLS + i * CALL_WORDS);
    this.board[COUNT] = calls.length;
    Atomics.store(this.board, NEXT, 0);
  }

  /** The helpers for calls of `others` more parts than one: all, as far as there are parts, or none. */
  private async helping(others: number, seconds: number | undefined): Promise<readonly Hired[]> {
    const { helpers, hired } = this;
    if (helpers === undefined || others === 0) return [];
    if (helpers.eager) {
      this.hire(helpers, others);
      await this.hasStarted();
    } else if (this.computed > ALONE) this.hire(helpers, others);
    for (const helper of hired) helper.checkAlive();
    if (helpers.eager) return hired.slice(0, others);
    const isWorth = seconds !== undefined && seconds > WORTH;
    return isWorth ? hired.filter((helper) => helper.isIdle).slice(0, others) : [];
  }

  /** As many as there are parts for. */
  private hire(helpers: Helpers, others: number): void {
    while (this.hired.length < Math.min(helpers.count, others)) this.hired.push(new Hired(helpers, this.board));
  }
}

/** Waits for all of them, also where one fails; then throws what the first did. */
async function allFinished(helpers: readonly Hired[]): Promise<void> {
  const failures: unknown[] = [];
  for (const helper of helpers) await helper.finished().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** A helper as its owner sees it. */
class Hired {
  private readonly state: Int32Array = sharedWords(1);
  private readonly thread: HelperThread;
  /** The parts that it knows. */
  private readonly known = new Set<Part>();

  constructor(helpers: Helpers, board: Int32Array) {
    this.thread = helpers.start({ state: this.state, board });
  }

  private is(state: number): boolean {
    return Atomics.load(this.state, 0) === state;
  }

  private tell(state: number): void {
    Atomics.store(this.state, 0, state);
    Atomics.notify(this.state, 0);
  }

  get isIdle(): boolean {
    return this.is(IDLE);
  }

  /** Let it take calls from the board. */
  begin(calls: readonly PartCall[]): void {
    for (const { part } of calls) {
      const { id, module, memory } = part;
      if (!this.known.has(part)) this.thread.post({ kind: "part", id, module, memory });
      this.known.add(part);
    }
    this.tell(CALLED);
  }

  async finished(): Promise<void> {
    while (this.is(CALLED)) {
      if (Atomics.wait(this.state, 0, CALLED, PATIENCE) !== "timed-out") continue;
      await setImmediate();
      this.checkAlive();
    }
    if (!this.is(FAILED)) return;
    Atomics.store(this.state, 0, IDLE);
    throw new WorkerError(
      `a helper thread failed: ${this.thread.receive()?.message ?? "it does not say why"}. ${WITHOUT}`,
    );
  }

  async hasStarted(): Promise<void> {
    while (this.is(STARTING) && this.thread.death() === undefined) await setTimeout(2);
  }

  forget(part: Part): void {
    if (this.known.delete(part)) this.thread.post({ kind: "forget", id: part.id });
  }

  end(): void {
    this.tell(ENDED);
  }

  /** @throws WorkerError where the thread ended by itself */
  checkAlive(): void {
    const death = this.thread.death();
    if (death !== undefined) throw new WorkerError(`a helper thread died: ${death}. ${WITHOUT}`);
  }
}

function sharedWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}
