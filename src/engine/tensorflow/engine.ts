import { cpus } from "node:os";
import { EngineError } from "../../errors.ts";
import type { Program } from "../../graph/program.ts";
import type { CompileOptions, Engine, Kernel, Probe } from "../engine.ts";
import { reasonAlone } from "../reason.ts";
import { checkOptions } from "../validate.ts";
import { type Addon, loadAddon, messageOf, runsStableHlo } from "./addon.ts";
import { compileProgram } from "./compiled/compile.ts";
import { Executables } from "./compiled/executables.ts";
import { type Backend, type BackendName, openBackend } from "./eager/backend.ts";
import { EagerKernel } from "./eager/kernel.ts";
import { addonOf, findInstallations, INSTALL, type Installation } from "./installed.ts";

/** How programs reach TensorFlow. */
export type Route = "compiled" | "eager";

export interface TensorflowOptions {
  /** Compiled where it is possible unless told (or MANYCHAIN_TENSORFLOW_ROUTE). */
  readonly route?: Route;
  /**
   * The eager route's backend of tfjs: `tensorflow` unless told (or MANYCHAIN_TENSORFLOW_BACKEND). `wasm` and `cpu` need
   * tfjs alone, and imply the eager route.
   */
  readonly backend?: BackendName;
  /** An installation for GPUs that finds none is an error, unless a processor is asked for (or MANYCHAIN_TENSORFLOW_DEVICE). */
  readonly device?: "cpu" | "gpu";
}

/** The route that was chosen, with what it needs. */
type Open = { readonly details: readonly string[]; readonly version: string } & (
  | { readonly route: "compiled"; readonly addon: Addon; readonly executables: Executables }
  | { readonly route: "eager"; readonly backend: Backend }
);

/**
 * Programs on TensorFlow, by @tensorflow/tfjs-node or its twin for GPUs. Compiled: a block of iterations as StableHLO in a
 * SavedModel, one call of XLA, float32 and float64; needs TensorFlow ≥ 2.21 (`npm run setup:tensorflow`). Eager: one call
 * of tfjs a node on `[chain, ...shape]` tensors, float32; runs on the packages as npm installs them, and on tfjs's `wasm`
 * and `cpu` backends. Results of the compiled route are the same bits for the same TensorFlow, kind of device and number
 * of chains (filled up to a multiple of 64).
 */
export function tensorflowEngine(options: TensorflowOptions = {}): Engine {
  let opening: Promise<Open> | undefined;
  const opened = (): Promise<Open> => {
    opening ??= open(options);
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };
  return {
    name: "tensorflow",
    probe: () => probe(opened),
    compile: async (program, compileOptions) => {
      checkOptions(program, compileOptions);
      return compile(program, compileOptions, await opened());
    },
  };
}

async function probe(opened: () => Promise<Open>): Promise<Probe> {
  try {
    const open = await opened();
    const accelerator = open.route === "compiled" && open.addon.isUsingGpuDevice();
    const device = { kind: accelerator ? "GPU" : "CPU", accelerator, count: 1 };
    const computes = accelerator ? device.kind : (cpus()[0]?.model.trim() ?? device.kind);
    const bits = `${open.version}, ${open.route}, ${computes}`;
    const precisions = open.route === "compiled" ? (["float32", "float64"] as const) : (["float32"] as const);
    return { available: true, details: open.details, device, precisions, bits };
  } catch (error) {
    return { available: false, reason: reasonAlone(messageOf(error), INSTALL), remedy: INSTALL };
  }
}

function compile(program: Program, options: CompileOptions, open: Open): Kernel {
  if (open.route === "compiled") return compileProgram(program, options, open.addon, open.executables);
  if (options.precision === "float64")
    throw new EngineError(
      `The tensorflow engine's eager route (${open.details[0]}) has float32 only, and float64 was asked for: set precision: ` +
        "float32, or set up the compiled route with npm run setup:tensorflow.",
    );
  return new EagerKernel(program, options, open.backend);
}

async function open(options: TensorflowOptions): Promise<Open> {
  const route = options.route ?? choice("MANYCHAIN_TENSORFLOW_ROUTE", ["compiled", "eager"]);
  const backend = options.backend ?? choice("MANYCHAIN_TENSORFLOW_BACKEND", ["tensorflow", "wasm", "cpu"]);
  if (backend === "wasm" || backend === "cpu") {
    if (route === "compiled")
      throw new EngineError(
        `tfjs's backend "${backend}" has no compiled route: leave out the backend, or set route eager.`,
      );
    return await openEager(backend, undefined);
  }
  const device = options.device ?? choice("MANYCHAIN_TENSORFLOW_DEVICE", ["cpu", "gpu"]);
  const installation = chooseInstallation(device);
  const addon = loadAddon(installation);
  checkDevice(installation, addon, device);
  const canCompile = runsStableHlo(addon);
  if (route === "compiled" && !canCompile)
    throw new EngineError(
      `The compiled route needs TensorFlow 2.21 or later, and ${installation.folder} has ${addon.TF_Version}. ` +
        "Run: npm run setup:tensorflow.",
    );
  if (route === "eager" || !canCompile) return await openEager("tensorflow", installation, addon);
  const details = [
    "route: compiled (StableHLO by XLA in a SavedModel; float32 and float64)",
    ...installationDetails(installation, addon),
  ];
  const version = `TensorFlow ${addon.TF_Version}`;
  const platform = addon.isUsingGpuDevice() ? "CUDA" : "CPU";
  return { route: "compiled", addon, executables: new Executables(addon, platform), details, version };
}

async function openEager(name: BackendName, installation?: Installation, addon?: Addon): Promise<Open> {
  const backend = await openBackend(name, installation);
  const details = ["route: eager (one call of tfjs an op; float32 only)", ...backend.details];
  if (installation !== undefined && addon !== undefined) details.push(...installationDetails(installation, addon));
  const version = [...backend.details.slice(0, 1), ...(addon === undefined ? [] : [`TensorFlow ${addon.TF_Version}`])];
  return { route: "eager", backend, details, version: version.join(", ") };
}

function installationDetails(installation: Installation, addon: Addon): string[] {
  return [
    `TensorFlow ${addon.TF_Version}`,
    `${installation.name} in ${installation.folder} (from ${installation.from})`,
    `device: ${addon.isUsingGpuDevice() ? "GPU" : "CPU"}`,
  ];
}

/** The best installation with an addon for that kind of device. */
function chooseInstallation(device: "cpu" | "gpu" | undefined): Installation {
  const all = findInstallations();
  const fitting = all.filter(({ gpu }) => device !== "gpu" || gpu);
  const ordered = device === "cpu" ? [...fitting].sort((a, b) => Number(a.gpu) - Number(b.gpu)) : fitting;
  const found = ordered.find((one) => addonOf(one) !== undefined) ?? ordered[0];
  if (found !== undefined) return found;
  const what = device === "gpu" ? "TensorFlow for GPUs" : "TensorFlow for Node";
  throw new EngineError(`The tensorflow engine found no ${what}. Run: ${INSTALL}.`);
}

/** A package for GPUs that finds none computes on the processor, many times slower: never silently. */
function checkDevice(installation: Installation, addon: Addon, device: "cpu" | "gpu" | undefined): void {
  const isOnGpu = addon.isUsingGpuDevice();
  if (installation.gpu && !isOnGpu && device !== "cpu")
    throw new EngineError(
      `${installation.name} (${installation.folder}) finds no GPU that it can use. Check the driver with nvidia-smi and what ` +
        "TensorFlow prints with TF_CPP_MIN_LOG_LEVEL=0; to run on the processor set MANYCHAIN_TENSORFLOW_DEVICE=cpu.",
    );
  if (device === "cpu" && isOnGpu)
    throw new EngineError(
      `A processor was asked for, and ${installation.name} (${installation.folder}) runs on a GPU. Set ` +
        "CUDA_VISIBLE_DEVICES=-1, or run npm run setup:tensorflow.",
    );
}

/** An environment variable's value, one of a few. */
function choice<T extends string>(name: string, values: readonly T[]): T | undefined {
  const value = process.env[name];
  if (value === undefined || value === "") return undefined;
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw new EngineError(`${name} is ${value}; expected one of ${values.join(", ")}.`);
}
