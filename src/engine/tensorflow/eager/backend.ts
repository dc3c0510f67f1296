import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as TensorFlow from "@tensorflow/tfjs-core";
import { EngineError } from "../../../errors.ts";
import { messageOf, prepareEnvironment } from "../addon.ts";
import { INSTALL, type Installation, packageFolder } from "../installed.ts";
import { hostIntegers, type Integers, nativeIntegers } from "./integers.ts";

/** tfjs, whoever brings it. */
export type Tf = typeof TensorFlow;
export type Tensor = TensorFlow.Tensor;

/** tfjs's name of a backend that the eager route runs on. */
export type BackendName = "tensorflow" | "wasm" | "cpu";

/** tfjs with one of its backends, which stays the active one. */
export interface Backend {
  readonly name: BackendName;
  readonly tf: Tf;
  readonly integers: Integers;
  /** Chains are filled up to a multiple of this where sums depend on how many rows there are, so that a chain's bits do not. */
  readonly chainBlock: number;
  /** Is log1p near 0 as precise as it should be? */
  readonly hasLog1p: boolean;
  /** Versions, one line each. */
  readonly details: readonly string[];
}

const opened = new Map<BackendName, Promise<Backend>>();

/**
 * tfjs with the backend of that name: TensorFlow's library through an installation of tfjs-node, else tfjs-core with a
 * backend of its own. A thread has one: tfjs keeps its active backend in a global.
 * @throws EngineError where packages are missing, or tfjs did not take the backend
 */
export function openBackend(name: BackendName, installation: Installation | undefined): Promise<Backend> {
  const known = opened.get(name) ?? (name === "tensorflow" ? openNode(installation) : openCore(name));
  opened.set(name, known);
  known.catch(() => opened.delete(name));
  return known;
}

/** Throws where another backend than ours became tfjs's active one: it would compute, but elsewhere. */
export function checkBackend({ name, tf }: Pick<Backend, "name" | "tf">): void {
  const active = tf.getBackend();
  if (active !== name)
    throw new EngineError(
      `tfjs runs on its backend "${active ?? "none"}", not on "${name}": the backend failed to start, or other code in this ` +
        "thread changed it. Nothing was computed.",
    );
}

async function openNode(installation: Installation | undefined): Promise<Backend> {
  if (installation === undefined) throw new EngineError(`TensorFlow for Node is not installed. Run: ${INSTALL}.`);
  prepareEnvironment();
  addWhatNodeDropped();
  let tf: Tf;
  try {
    tf = createRequire(import.meta.url)(installation.folder) as Tf;
    await tf.ready();
  } catch (error) {
    throw new EngineError(`${installation.name} in ${installation.folder} cannot be loaded: ${messageOf(error)}`);
  }
  checkBackend({ name: "tensorflow", tf });
  const details = [`tfjs ${versionOf(tf)} on TensorFlow's library (backend "tensorflow")`];
  return { name: "tensorflow", tf, integers: nativeIntegers(tf), chainBlock: 64, hasLog1p: true, details };
}

async function openCore(name: "wasm" | "cpu"): Promise<Backend> {
  const tf = load<Tf>("@tensorflow/tfjs-core");
  if (name === "cpu") load("@tensorflow/tfjs-backend-cpu");
  else {
    const wasm = load<{ setWasmPaths(folder: string): void }>("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(join(packageFolder("@tensorflow/tfjs-backend-wasm")!, "dist/"));
  }
  const isSet = await tf.setBackend(name).catch(() => false);
  if (!isSet) throw new EngineError(`tfjs's backend "${name}" did not start.`);
  await tf.ready();
  checkBackend({ name, tf });
  const details = [`tfjs ${versionOf(tf)}, backend "${name}"`];
  // The wasm backend takes the logarithm of the sum.
  return { name, tf, integers: hostIntegers(tf), chainBlock: 1, hasLog1p: name === "cpu", details };
}

/** tfjs-node 4.22 calls two functions that Node 23 dropped. */
function addWhatNodeDropped(): void {
  const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (x: unknown): boolean => x === null || x === undefined;
  util["isArray"] ??= Array.isArray;
}

function load<T>(name: string): T {
  for (const base of [import.meta.url, pathToFileURL(join(process.cwd(), "package.json")).href])
    try {
      return createRequire(base)(name) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND")
        throw new EngineError(`${name} cannot be loaded: ${messageOf(error)}`);
    }
  throw new EngineError(`${name} is not installed. Run: npm install ${name}@4.22.0.`);
}

/** tfjs-node has an object of versions, tfjs-core a text. */
function versionOf(tf: Tf): string {
  const { version, version_core: core } = tf as { version?: Record<string, string>; version_core: string };
  return version?.["tfjs-core"] ?? core;
}
