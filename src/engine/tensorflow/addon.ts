import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import { EngineError } from "../../errors.ts";
import { addonOf, INSTALL, type Installation } from "./installed.ts";

/** A tensor that the addon holds; `deleteTensor` frees it. */
export interface TensorHandle {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** What is used of the addon `tfjs_binding.node`, as tfjs-node 4.22.0 publishes it. */
export interface Addon {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  /** Shares the array's memory until the tensor is deleted. */
  createTensor(shape: readonly number[], dtype: number, values: Int32Array): number;
  deleteTensor(id: number): void;
  /** A copy. */
  tensorDataSync(id: number): Int32Array | Float32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names are `node:output`, separated by commas. */
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): TensorHandle[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  isUsingGpuDevice(): boolean;
}

/** The first TensorFlow whose C library was tried with `XlaCallModule`. */
const COMPILED_FROM = [2, 21] as const;

/** Can this TensorFlow run StableHLO? */
export function runsStableHlo({ TF_Version }: Pick<Addon, "TF_Version">): boolean {
  const [major = 0, minor = 0] = TF_Version.split(".").map(Number);
  return major > COMPILED_FROM[0] || (major === COMPILED_FROM[0] && minor >= COMPILED_FROM[1]);
}

/** Set before TensorFlow is loaded, and only what the user has not set. */
const DEFAULTS = {
  // A worker has one core: more threads than that get in each other's way, and change orders of summation.
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  // Warnings are left; TensorFlow's greetings are not.
  TF_CPP_MIN_LOG_LEVEL: "2",
  // Else on, with a message, where the processor is Intel's, and sums then have another order than elsewhere.
  TF_ENABLE_ONEDNN_OPTS: "0",
  // Several workers may share a GPU.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  // Products of float32 matrices are float32 products.
  NVIDIA_TF32_OVERRIDE: "0",
} as const;

/** A worker thread has only a copy of the environment, so this takes effect where the main thread comes by, as `probe` does. */
export function prepareEnvironment(): void {
  if (!isMainThread) return;
  for (const [name, value] of Object.entries(DEFAULTS)) process.env[name] ??= value;
}

/**
 * Load an installation's addon, and TensorFlow with it.
 * @throws EngineError where there is no addon, or it cannot be loaded
 */
export function loadAddon(installation: Installation): Addon {
  const path = addonOf(installation);
  if (path === undefined)
    throw new EngineError(
      `${installation.name} in ${installation.folder} has no addon (lib/napi-v8/tfjs_binding.node): its installer did not ` +
        `run or could not fetch TensorFlow. Run: ${INSTALL}.`,
    );
  prepareEnvironment();
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    throw new EngineError(`TensorFlow's addon ${path} cannot be loaded: ${messageOf(error)}. Run: ${INSTALL}.`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
