import type { Precision } from "../draws.ts";
import { EngineError } from "../errors.ts";
import type { DeviceReport, Engine, EngineOptions, Probe } from "./engine.ts";

/** An engine that a config can name. */
interface Entry {
  /** For messages and `manychain doctor`. */
  readonly about: string;
  /** Loads the engine's code; libraries that it stands on are loaded here and not before. */
  readonly load: (options?: EngineOptions) => Promise<Engine>;
}

/** A new engine is one folder and one line here. */
const engines: Readonly<Record<string, Entry>> = {
  wasm: {
    about: "SIMD WebAssembly, the default: the same bits on any machine",
    load: async (options) => (await import("./wasm/engine.ts")).wasmEngine(options),
  },
  reference: {
    about: "a plain interpreter in float64: slow, the definition",
    load: async () => (await import("./reference/engine.ts")).referenceEngine(),
  },
  tensorflow: {
    about: "StableHLO on TensorFlow's C library through tfjs-node or tfjs-node-gpu, or eager calls of tfjs",
    load: async () => (await import("./tensorflow/engine.ts")).tensorflowEngine(),
  },
  xla: {
    about: "StableHLO on what XLA drives, through a PJRT plugin: GPUs, or this processor",
    load: async (options) => (await import("./xla/engine.ts")).xlaEngine(options),
  },
};

/** Names of the engines that this version has. */
export const engineNames: readonly string[] = Object.keys(engines);

/**
 * The engine of that name; its code is loaded now. Whether it can run here, its `probe` says.
 * @throws EngineError for a name that this version does not have
 */
export async function createEngine(name: string, options?: EngineOptions): Promise<Engine> {
  if (Object.hasOwn(engines, name)) return await engines[name]!.load(options);
  throw new EngineError(
    `engine ${JSON.stringify(name)} is not part of this version of manychain: expected one of ${engineNames.join(", ")}.`,
  );
}

/** An engine that can run here, and what it says of itself. */
export interface AvailableEngine {
  readonly engine: Engine;
  readonly details: string[];
  readonly device?: DeviceReport;
  readonly bits?: string;
  readonly precisions?: readonly Precision[];
}

/**
 * The engine of that name, once it has said that it can run here.
 * @throws EngineError with the engine's reason and remedy where it cannot
 */
export async function availableEngine(name: string, options?: EngineOptions): Promise<AvailableEngine> {
  const engine = await createEngine(name, options);
  const probe = await engine.probe();
  if (probe.available) {
    const { details, device, bits, precisions } = probe;
    return {
      engine,
      details: [...details],
      ...(device !== undefined && { device }),
      ...(bits !== undefined && { bits }),
      ...(precisions !== undefined && { precisions }),
    };
  }
  throw new EngineError(`engine ${name} cannot run here: ${probe.reason}. What to do: ${probe.remedy}.`);
}

/** What an engine says about this machine. */
export interface EngineReport {
  readonly name: string;
  readonly about: string;
  readonly probe: Probe;
}

/** Asks every engine whether it can run here. Never throws. */
export async function probeEngines(): Promise<EngineReport[]> {
  return await Promise.all(
    Object.entries(engines).map(async ([name, { about, load }]) => ({ name, about, probe: await probe(load) })),
  );
}

async function probe(load: () => Promise<Engine>): Promise<Probe> {
  try {
    return await (await load()).probe();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { available: false, reason, remedy: "reinstall manychain, or choose another engine" };
  }
}
