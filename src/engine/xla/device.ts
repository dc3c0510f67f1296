import { basename } from "node:path";
import { EngineError } from "../../errors.ts";
import { type Api, loadApi } from "./api.ts";
import { Client } from "./client.ts";
import { type Koffi, loadKoffi } from "./koffi.ts";
import type { NamedValues } from "./namedValues.ts";
import { type FoundPlugin, findPlugins, INSTALL } from "./plugins.ts";

/** A plugin that was asked for or found, and how to reach it. */
export interface DeviceOptions {
  /** Path of the plugin; the first that is found unless told. */
  readonly plugin?: string;
  /** Which of the plugin's devices, from 0; `all`: that of the thread's number, modulo how many there are. */
  readonly device?: number | "all";
  /** The thread's number among those of a run, from 0. */
  readonly worker?: number;
}

/** A client, and its plugin. */
export interface OpenDevice {
  readonly client: Client;
  readonly plugin: FoundPlugin;
}

/** The plugin that will be used. Throws an EngineError that says what to install where there is none. */
function choosePlugin({ plugin }: DeviceOptions): FoundPlugin {
  if (plugin !== undefined) return { path: plugin, from: "the engine's options" };
  const [first] = findPlugins();
  if (first !== undefined) return first;
  throw new EngineError(`The xla engine found no PJRT plugin. Install one. ${INSTALL.join("; ")}.`);
}

/**
 * Load the plugin and make a client on one device. A process loads a plugin once; each call makes a client of its own.
 * @throws EngineError where koffi, the plugin or the device is missing
 */
export async function openDevice(options: DeviceOptions): Promise<OpenDevice> {
  const plugin = choosePlugin(options);
  const koffi = await loadKoffi();
  const api = loadOnce(koffi, plugin.path);
  try {
    const client = new Client(api, clientOptions(api, options), deviceOf(options));
    if (options.device === "all") checkAlike(client);
    return { client, plugin };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(`${error.message} (plugin ${plugin.path}, from ${plugin.from})`);
  }
}

const loaded = new Map<string, Api>();

function loadOnce(koffi: Koffi, path: string): Api {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const api = loadApi(koffi, path);
  loaded.set(path, api);
  return api;
}

/** Throws an EngineError where devices differ: which of them computes a batch is chance, and bits depend on the kind. */
export function checkAlike(client: Pick<Client, "kinds" | "dispose">): void {
  const different = [...new Set(client.kinds)];
  if (different.length <= 1) return;
  client.dispose();
  throw new EngineError(
    `device: all needs devices of one kind, for draws depend on the kind; found ${different.join(", ")}. Name one: device: N`,
  );
}

/** The number of a thread's device, of those that a plugin has. */
function deviceOf({ device = 0, worker = 0 }: DeviceOptions): (count: number) => number {
  return (count) => (device === "all" ? worker % Math.max(1, count) : device);
}

/** On a GPU no memory is taken before it is needed; a processor has as many devices as are asked for, all of them alike. */
function clientOptions(api: Api, { device = 0, worker = 0 }: DeviceOptions): NamedValues {
  const isGpu = /cuda|rocm|oneapi|xpu|gpu/i.test(basename(api.path));
  return isGpu ? { preallocate: false } : { cpu_device_count: (device === "all" ? worker : device) + 1 };
}
