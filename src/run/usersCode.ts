/**
 * A user's model is code, and code may do anything. While it is loaded and bound, process.exit is an error that says where,
 * and code that does not come to an end is told by a thread of its own, since this one cannot tell anything then.
 */
import { Worker } from "node:worker_threads";
import { ModelError } from "../errors.ts";

type Exit = typeof process.exit;

let depth = 0;
let exit: Exit | undefined;

function refuse(code?: number | string | null): never {
  throw new ModelError(
    `the model's code calls process.exit(${code ?? ""}), which would end the whole run. A model only declares: remove the call.`,
  );
}

/** Names that every object and every array shows in a loop over its keys: none, unless code has put them there. */
function inherited(): readonly (readonly [prototype: object, name: string])[] {
  return [Object.prototype, Array.prototype].flatMap((prototype) =>
    Object.keys(prototype).map((name) => [prototype, name] as const),
  );
}

/** Takes away what code has given to all objects, since a loop over keys would meet it anywhere. @throws ModelError */
function refuseInherited(before: readonly (readonly [object, string])[]): void {
  const added = inherited().filter(([on, name]) => !before.some(([was, known]) => was === on && known === name));
  if (added.length === 0) return;
  for (const [prototype, name] of added) Reflect.deleteProperty(prototype, name);
  const names = added.map(
    ([prototype, name]) => `${prototype === Array.prototype ? "Array" : "Object"}.prototype.${name}`,
  );
  throw new ModelError(
    `the model's code, or what it imports, sets ${names.join(", ")}, which all code would see. A model only declares: remove it.`,
  );
}

/** Calls `action`, in which process.exit throws a ModelError, as does what is put on the prototypes of all objects. */
export async function withoutExit<T>(action: () => Promise<T>): Promise<T> {
  if (depth++ === 0) {
    exit = process.exit;
    process.exit = refuse;
  }
  const before = inherited();
  try {
    const result = await action();
    refuseInherited(before);
    return result;
  } finally {
    if (--depth === 0 && exit !== undefined) process.exit = exit;
  }
}

/** Milliseconds after which a user waits for something. */
export const LONG = 10_000;

const WATCH = `
const { workerData: { word, text, long } } = require("node:worker_threads");
if (Atomics.wait(word, 0, 0, long) === "timed-out") require("node:fs").writeSync(2, text + "\\n");
`;

/** Says after ten seconds, on standard error, that a model's file is still at work. Returns what ends the watch. */
function watch(file: string): () => void {
  const word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const text = `still loading ${file} after ${LONG / 1000} s: its code has not come to an end (Ctrl-C stops it)`;
  const worker = new Worker(WATCH, { eval: true, workerData: { word, text, long: LONG }, execArgv: [] });
  // Whoever cannot start a thread goes without.
  worker.on("error", () => undefined);
  worker.unref();
  return () => {
    Atomics.store(word, 0, 1);
    Atomics.notify(word, 0);
  };
}

/** Calls `action`, which loads and binds a user's model: `withoutExit`, and watched. @param file as messages name it */
export async function loadingUsersCode<T>(file: string, action: () => Promise<T>): Promise<T> {
  const done = watch(file);
  try {
    return await withoutExit(action);
  } finally {
    done();
  }
}
