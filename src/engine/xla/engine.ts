import { cpus } from "node:os";
import type { Node } from "../../graph/node.ts";
import type { Program } from "../../graph/program.ts";
import type { CompileOptions, Engine, Kernel, Probe } from "../engine.ts";
import { reasonAlone } from "../reason.ts";
import { type PrintOptions, printProgram } from "../stablehlo/index.ts";
import { checkOptions } from "../validate.ts";
import { TESTED_MINOR } from "./api.ts";
import { cacheFolder } from "./cache.ts";
import type { DeviceOptions } from "./device.ts";
import { explained } from "./explain.ts";
import { XlaKernel } from "./kernel.ts";
import type { CompilerFlags } from "./options.ts";
import { fileHash, INSTALL } from "./plugins.ts";
import { Session } from "./session.ts";

export interface XlaOptions extends DeviceOptions {
  /** XLA's own switches for each compilation, by name without dashes, such as `xla_backend_optimization_level`. */
  readonly flags?: CompilerFlags;
  /** Folder for compiled programs; null keeps none. The user's cache folder unless told. */
  readonly cache?: string | null;
  /** Memory of the device for the records of one call, in bytes: how a block is cut into calls. Never changes a bit. */
  readonly recordBytes?: number;
}

/** A program's chains are filled up to a multiple of this, so that a chain's bits depend on its batch's size as little as can be. */
const CHAIN_BLOCK = 64;
/**
 * Records of one call take at most this much memory of the device, but for a single iteration. A processor clears them
 * at each call, also of one iteration, which must stay cheap; a GPU clears them in no time, and each call costs it more.
 */
const RECORD_BYTES = { cpu: 2 ** 19, other: 2 ** 26 };
const MOST_ITERATIONS = 256;

/**
 * Programs as StableHLO on whatever XLA drives, through a PJRT plugin: processors, and GPUs of NVIDIA, AMD and Intel. A
 * block of iterations is one call, and state stays on the device. Results are the same bits for the same plugin, kind of
 * device and number of chains (filled up to a multiple of 64).
 */
export function xlaEngine(options: XlaOptions = {}): Engine {
  const session = new Session(options);
  return {
    name: "xla",
    probe: () => probe(session),
    compile: (program, compileOptions) => compile(program, compileOptions, session, options),
  };
}

async function probe(session: Session): Promise<Probe> {
  try {
    const { client, plugin } = await session.acquire();
    const { minor } = client.api;
    const isTested = minor >= TESTED_MINOR.from && minor <= TESTED_MINOR.to;
    const details = [
      `plugin ${plugin.path} (from ${plugin.from})`,
      `PJRT API 0.${minor}${isTested ? "" : ` (tested: 0.${TESTED_MINOR.from} to 0.${TESTED_MINOR.to})`}`,
      `${client.platform}: ${client.platformVersion}`,
      ...client.devices.map((device, i) => `device ${i}: ${device}`),
    ];
    const device = { kind: client.kind, accelerator: client.platform !== "cpu", count: client.devices.length };
    // Code for a processor depends on which one it is.
    const computes = device.accelerator ? device.kind : (cpus()[0]?.model.trim() ?? client.kind);
    // Of a processor some plugins say no more than the platform.
    const bits = `${[...new Set([client.platform, client.platformVersion])].join(" ")}, ${computes}`;
    session.release(client);
    return { available: true, details, device, bits };
  } catch (error) {
    const reason = reasonAlone(error instanceof Error ? error.message : String(error), INSTALL.join("; "));
    return {
      available: false,
      reason,
      remedy: `install koffi (npm install koffi@3.3.4) and a PJRT plugin. ${INSTALL.join("; ")}`,
    };
  }
}

async function compile(
  program: Program,
  options: CompileOptions,
  session: Session,
  { flags = {}, cache = cacheFolder(), recordBytes }: XlaOptions,
): Promise<Kernel> {
  checkOptions(program, options);
  const { client, plugin } = await session.acquire();
  let giveBack = (): void => {};
  const release = (): void => {
    giveBack();
    session.release(client);
  };
  const padded = Math.ceil(options.chains / CHAIN_BLOCK) * CHAIN_BLOCK;
  try {
    const print: PrintOptions = {
      ...options,
      chains: padded,
      iterations: iterationsOf(
        program,
        options,
        recordBytes ?? RECORD_BYTES[client.platform === "cpu" ? "cpu" : "other"],
      ),
    };
    const printed = printProgram(program, print);
    const build = { plugin: cache === null ? "" : await fileHash(plugin.path), flags, folder: cache };
    const compiled = session.compile(client, printed.text, build);
    giveBack = compiled.giveBack;
    const { executable } = compiled;
    const made = { printed, executable, chains: padded, iterations: print.iterations };
    return new XlaKernel(program, options, made, client, release);
  } catch (error) {
    release();
    throw explained(error, "compile", { program, chains: options.chains, padded });
  }
}

/** How many iterations one call makes at most: records of a call stay small beside the device's memory. */
function iterationsOf(program: Program, { chains, recorded = [], precision }: CompileOptions, most: number): number {
  const bytes = (node: Node): number => node.size * (node.dtype === "float" && precision === "float64" ? 8 : 4);
  const frame = recorded.reduce((sum, name) => sum + bytes(program.outputs[name]!), 0) * chains;
  return Math.max(1, Math.min(MOST_ITERATIONS, Math.floor(most / Math.max(1, frame))));
}
