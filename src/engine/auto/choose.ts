/** What `engine: auto` goes by. */
export interface Situation {
  /** Engines that see a GPU or its like, the preferred one first. */
  readonly accelerators: readonly { readonly engine: string; readonly kind: string }[];
  /** Chains of the largest batch: what a device computes at once. */
  readonly chains: number;
  /** Operations of one gradient of one chain (`operationsOf`). */
  readonly operations: number;
  /** Threads that the wasm engine would have. */
  readonly workers: number;
}

export interface Choice {
  readonly engine: string;
  /** One sentence without its full stop. */
  readonly reason: string;
}

/**
 * Microseconds that a core takes for an operation by the wasm engine, and that a step on a device takes whatever there is
 * to compute. docs/engines-auto.md says how both were found, and that the second is an estimate until a GPU was measured.
 */
export const CORE_MICROSECONDS = 3.2e-5;
export const STEP_MICROSECONDS = 86;

/** Operations of a step of a batch from which on a device is faster than one core. */
export const BREAK_EVEN: number = STEP_MICROSECONDS / CORE_MICROSECONDS;

/**
 * The rule of `engine: auto`: a device where there is one and a leapfrog step of the largest batch is at least the
 * break-even for each thread that would compute otherwise; else `wasm`.
 */
export function chooseEngine({ accelerators, chains, operations, workers }: Situation): Choice {
  const [first] = accelerators;
  if (first === undefined) return { engine: "wasm", reason: "no engine sees a GPU" };
  const work = chains * operations;
  const needed = BREAK_EVEN * workers;
  const sizes =
    `${chains} chains × ${rounded(operations)} operations = ${rounded(work)} a step, and a device pays from ` +
    `${rounded(needed)} on (${workers} ${workers === 1 ? "thread" : "threads"})`;
  if (work >= needed) return { engine: first.engine, reason: `${first.kind} is there; ${sizes}` };
  return { engine: "wasm", reason: `${first.kind} is there, but ${sizes}` };
}

/** Two digits, `4.6e+6` for large ones. */
function rounded(value: number): string {
  return value < 1e5 ? String(Math.round(value)) : value.toPrecision(2);
}
