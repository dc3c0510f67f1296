import { EngineError } from "../../errors.ts";
import { type Address, type Block, block, type Koffi, type NativeFunction } from "./koffi.ts";

/**
 * Places in the table of functions of the PJRT C API (`pjrt_c_api.h`, API 0.81 … 0.116; the table only grows at its
 * end). The table begins at byte 40 of the structure that `GetPjrtApi` returns.
 */
const SLOTS = {
  Error_Destroy: 0,
  Error_Message: 1,
  Error_GetCode: 2,
  Plugin_Initialize: 3,
  Plugin_Attributes: 4,
  Event_Destroy: 5,
  Event_Await: 8,
  Client_Create: 10,
  Client_Destroy: 11,
  Client_PlatformName: 12,
  Client_PlatformVersion: 14,
  Client_AddressableDevices: 16,
  Client_Compile: 20,
  Client_BufferFromHostBuffer: 22,
  DeviceDescription_Id: 23,
  DeviceDescription_Kind: 26,
  DeviceDescription_ToString: 28,
  Device_GetDescription: 29,
  Device_MemoryStats: 34,
  Executable_Destroy: 40,
  Executable_NumOutputs: 44,
  Executable_Serialize: 49,
  LoadedExecutable_Destroy: 50,
  LoadedExecutable_GetExecutable: 51,
  LoadedExecutable_Execute: 55,
  Executable_DeserializeAndLoad: 56,
  Buffer_Destroy: 58,
  Buffer_ElementType: 59,
  Buffer_Dimensions: 60,
  Buffer_ToHostBuffer: 70,
  TopologyDescription_Create: 82,
  TopologyDescription_Destroy: 83,
  PJRT_Compile: 89,
  Executable_GetCompiledMemoryStats: 96,
  Buffer_CopyRawToHost: 100,
} as const;

type ApiFunction = keyof typeof SLOTS;

/** Without these a plugin is of no use. */
const LAST_NEEDED = SLOTS.Buffer_ToHostBuffer;
const TABLE = 40;
/** A plugin refuses an arguments structure shorter than its own and accepts a longer one, so ours have a zero tail. */
const TAIL_WORDS = 32;

/** Versions of the API (0.x) that were tried. */
export const TESTED_MINOR = { from: 81, to: 116 } as const;

/** A loaded plugin: its functions by name. Nothing else of the process calls native code. */
export interface Api {
  readonly koffi: Koffi;
  readonly path: string;
  /** Of API version 0.minor. */
  readonly minor: number;
  /** Call a function. `args` comes from `args()`. Throws an EngineError with the plugin's message. */
  call(name: ApiFunction, args: Block): void;
  /** The same on another thread. */
  callAsync(name: ApiFunction, args: Block): Promise<void>;
  /** An arguments structure with its size set; word i of the others is `words[i − 2]`. */
  args(...words: readonly (Address | number)[]): Block;
  has(name: ApiFunction): boolean;
}

/** An error of a plugin, with its code (absl's: 3 invalid argument, 8 resource exhausted …). */
export class PluginError extends EngineError {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/**
 * Load a plugin and initialise it.
 * @throws EngineError where the file is no plugin, or its API is of another major version or too old
 */
export function loadApi(koffi: Koffi, path: string): Api {
  quiet(koffi);
  const start = entryPoint(koffi, path);
  const head = new DataView(koffi.view(start, TABLE).slice(0));
  const bytes = Number(head.getBigUint64(0, true));
  const [major, minor] = [head.getInt32(32, true), head.getInt32(36, true)];
  const slots = Math.floor((bytes - TABLE) / 8);
  if (major !== 0 || slots <= LAST_NEEDED)
    throw new EngineError(
      `The PJRT plugin ${path} has API version ${major}.${minor} with ${slots} functions; expected 0.${TESTED_MINOR.from} to 0.${TESTED_MINOR.to}. Install a newer plugin, or a newer manychain.`,
    );
  const table = new BigUint64Array(koffi.view(start + BigInt(TABLE), slots * 8).slice(0));
  const api = new LoadedApi(koffi, path, minor, table);
  api.call("Plugin_Initialize", api.args());
  return api;
}

/** Before a plugin starts: its log stays silent, and its pool has one thread, on which results depend. */
function quiet(koffi: Koffi): void {
  if (process.platform === "win32") return;
  const setenv = koffi.load(null).func("int setenv(const char *name, const char *value, int overwrite)");
  for (const [name, value] of [
    ["TF_CPP_MIN_LOG_LEVEL", "3"],
    ["PJRT_NPROC", "1"],
  ])
    setenv(name, value, 0);
}

/** koffi unloads a library that nobody holds. */
const libraries: unknown[] = [];
const [RTLD_LAZY, RTLD_NODELETE] = [0x1, 0x1000];

/**
 * A plugin's threads go on as long as the process, and it ends with a fault where they lose their code: the library must
 * stay when koffi lets go of it, at the end of its thread. A file that cannot be opened is told of by whoever loads it.
 */
function pin(koffi: Koffi, path: string): void {
  if (process.platform !== "linux") return;
  koffi.load(null).func("void *dlopen(const char *path, int flags)")(path, RTLD_LAZY | RTLD_NODELETE);
}

function entryPoint(koffi: Koffi, path: string): Address {
  try {
    pin(koffi, path);
    const library = koffi.load(path);
    libraries.push(library);
    const start = library.func("void *GetPjrtApi()")() as Address | null;
    if (start !== null) return start;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      `${path} cannot be loaded as a PJRT plugin: ${why}. Give the path of a plugin for this operating system, processor and driver.`,
    );
  }
  throw new EngineError(`${path} is no PJRT plugin: its GetPjrtApi gives nothing.`);
}

class LoadedApi implements Api {
  readonly koffi: Koffi;
  readonly path: string;
  readonly minor: number;
  private readonly table: BigUint64Array;
  private readonly prototype: unknown;
  private readonly functions = new Map<ApiFunction, NativeFunction>();

  constructor(koffi: Koffi, path: string, minor: number, table: BigUint64Array) {
    this.koffi = koffi;
    this.path = path;
    this.minor = minor;
    this.table = table;
    this.prototype = koffi.proto("void *", ["void *"]);
  }

  has(name: ApiFunction): boolean {
    return (this.table[SLOTS[name]] ?? 0n) !== 0n;
  }

  args(...words: readonly (Address | number)[]): Block {
    const made = block(this.koffi, (2 + words.length + TAIL_WORDS) * 8);
    made.words[0] = BigInt(made.bytes.length);
    words.forEach((word, i) => {
      made.words[i + 2] = BigInt(word);
    });
    return made;
  }

  call(name: ApiFunction, args: Block): void {
    this.check(name, this.functionOf(name)(args.address));
    keep(args);
  }

  async callAsync(name: ApiFunction, args: Block): Promise<void> {
    const call = this.functionOf(name);
    const error = await new Promise<Address | null>((resolve, reject) => {
      call.async(args.address, (failure, result) => {
        if (failure) reject(failure);
        else resolve(result);
      });
    });
    keep(args);
    this.check(name, error);
  }

  private functionOf(name: ApiFunction): NativeFunction {
    const known = this.functions.get(name);
    if (known !== undefined) return known;
    if (!this.has(name)) throw new EngineError(`The PJRT plugin ${this.path} has no function PJRT_${name}.`);
    const loaded = this.koffi.decode(this.table[SLOTS[name]]!, this.prototype) as NativeFunction;
    this.functions.set(name, loaded);
    return loaded;
  }

  private check(name: ApiFunction, error: Address | null): void {
    if (error === null) return;
    const message = this.args(error, 0, 0);
    this.functionOf("Error_Message")(message.address);
    const text = this.koffi.decode.string(message.words[3]!, Number(message.words[4]));
    const code = this.args(error, 0);
    this.functionOf("Error_GetCode")(code.address);
    this.functionOf("Error_Destroy")(this.args(error).address);
    throw new PluginError(`XLA: ${text} (PJRT_${name})`, Number(code.words[3]! & 0xffffffffn));
  }
}

let held: readonly unknown[] = [];

/** What must stay reachable until here, because native code had its address. */
export function keep(...values: readonly unknown[]): void {
  held = values;
  void held;
}
