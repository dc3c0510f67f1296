import type { Numbers, StoredType } from "../../draws.ts";
import { EngineError } from "../../errors.ts";
import { type Api, keep, PluginError } from "./api.ts";
import { createClient } from "./createClient.ts";
import { ELEMENT_TYPES, fits, numbers } from "./elements.ts";
import type { DeviceBuffer, Executable, Execution, MemoryUse } from "./handles.ts";
import { type Address, block, blockOf } from "./koffi.ts";
import type { NamedValues } from "./namedValues.ts";

/** Copies of at most this many bytes are waited for where they are asked for: a thread of their own would take longer. */
const SMALL_COPY = 2 ** 20;

/** One device of a plugin. Every handle that it gives must be freed before `dispose`. */
export class Client {
  readonly api: Api;
  readonly platform: string;
  readonly platformVersion: string;
  /** How the plugin names each device. */
  readonly devices: readonly string[];
  /** The kind of each device. */
  readonly kinds: readonly string[];
  /** The kind of the device that is used: `cpu`, `NVIDIA H100 80GB HBM3` … */
  readonly kind: string;
  /** What programs are compiled for: the plugin's number of the device that is used. */
  readonly deviceId: number;
  private client: Address | undefined;
  private readonly device: Address;

  /**
   * @param choose the device's place among as many as there are
   * @throws EngineError where the plugin finds no device, or not as many
   */
  constructor(api: Api, options: NamedValues, choose: (count: number) => number = () => 0) {
    this.api = api;
    this.client = createClient(api, options);
    this.platform = this.text("Client_PlatformName");
    this.platformVersion = this.text("Client_PlatformVersion");
    const listed = api.args(this.client, 0, 0);
    api.call("Client_AddressableDevices", listed);
    const count = Number(listed.words[4]);
    const addresses = count === 0 ? [] : [...new BigUint64Array(api.koffi.view(listed.words[3]!, count * 8).slice(0))];
    this.devices = addresses.map((device) => this.describe(device, "DeviceDescription_ToString"));
    this.kinds = addresses.map((device) => this.describe(device, "DeviceDescription_Kind"));
    const deviceIndex = choose(count);
    const device = addresses[deviceIndex];
    if (device === undefined) {
      this.dispose();
      throw new EngineError(
        `The PJRT plugin ${api.path} has ${count} devices on this machine; there is no device ${deviceIndex} (they count from 0).`,
      );
    }
    this.device = device;
    this.kind = this.kinds[deviceIndex]!;
    this.deviceId = this.idOf(device);
  }

  /** Compile StableHLO text; `options` is a serialized CompileOptionsProto. */
  compile(text: string, options: Uint8Array): Executable {
    const { api } = this;
    const [code, format, encoded] = [blockOf(api.koffi, text), blockOf(api.koffi, "mlir"), blockOf(api.koffi, options)];
    const program = api.args(code.address, new TextEncoder().encode(text).length, format.address, 4);
    const args = api.args(this.alive(), program.address, encoded.address, options.length, 0);
    api.call("Client_Compile", args);
    keep(code, format, encoded, program);
    return this.loaded(args.words[6]!);
  }

  /** The executable as bytes for `load`. */
  serialize({ address }: Executable): Uint8Array {
    const { api } = this;
    const inner = this.executableOf(address);
    const args = api.args(inner, 0, 0, 0, 0);
    try {
      api.call("Executable_Serialize", args);
      const bytes = new Uint8Array(api.koffi.view(args.words[3]!, Number(args.words[4])).slice(0));
      const free = api.koffi.decode(args.words[6]!, api.koffi.proto("void", ["void *"])) as (object: Address) => void;
      free(args.words[5]!);
      return bytes;
    } finally {
      api.call("Executable_Destroy", api.args(inner));
    }
  }

  /** What `serialize` gave, on the same plugin and processor. */
  load(bytes: Uint8Array): Executable {
    const { api } = this;
    const content = blockOf(api.koffi, bytes);
    const args = api.args(this.alive(), content.address, bytes.length, 0);
    api.call("Executable_DeserializeAndLoad", args);
    keep(content);
    return this.loaded(args.words[5]!);
  }

  freeExecutable({ address }: Executable): void {
    this.api.call("LoadedExecutable_Destroy", this.api.args(address));
  }

  /** Copy numbers to the device. The array must hold the dtype's elements, as many as the shape has. */
  upload(values: Numbers, dtype: StoredType, shape: readonly number[]): DeviceBuffer {
    const { api } = this;
    const size = shape.reduce((a, b) => a * b, 1);
    if (values.length !== size || !fits(values, dtype))
      throw new EngineError(
        `Expected ${size} values of ${dtype}, not ${values.length} in a ${values.constructor.name}.`,
      );
    const host = blockOf(api.koffi, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const dims = block(api.koffi, shape.length * 8);
    shape.forEach((length, i) => {
      dims.words[i] = BigInt(length);
    });
    // semantics 0: the data is copied during the call
    const args = api.args(
      ...[this.alive(), host.address, ELEMENT_TYPES[dtype], dims.address, shape.length],
      ...[0, 0, 0, this.device, 0, 0, 0, 0],
    );
    api.call("Client_BufferFromHostBuffer", args);
    this.await(args.words[13]!);
    keep(host, dims);
    return { address: args.words[14]!, dtype, shape };
  }

  freeBuffer({ address }: DeviceBuffer): void {
    this.api.call("Buffer_Destroy", this.api.args(address));
  }

  /** Copy a buffer, or its first `rows` rows, from the device. Ask once it has been computed: small copies block. */
  async download(buffer: DeviceBuffer, rows: number = buffer.shape[0] ?? 1): Promise<Numbers> {
    const { api } = this;
    const whole = buffer.shape.reduce((a, b) => a * b, 1);
    const length = buffer.shape.length === 0 ? 1 : (whole / Math.max(1, buffer.shape[0]!)) * rows;
    const raw = length < whole && api.has("Buffer_CopyRawToHost");
    const result = numbers(buffer.dtype, raw ? length : whole);
    if (result.byteLength === 0) return result;
    const target = api.koffi.address(result.buffer);
    const args = raw
      ? api.args(buffer.address, target, 0, result.byteLength, 0)
      : api.args(buffer.address, 0, target, result.byteLength, 0);
    api.call(raw ? "Buffer_CopyRawToHost" : "Buffer_ToHostBuffer", args);
    if (result.byteLength <= SMALL_COPY) this.await(args.words[6]!);
    else await this.awaitAsync(args.words[6]!);
    keep(result);
    return raw ? result : result.subarray(0, length);
  }

  /** Start a program. Results may be used at once; `done` resolves when it has ended, and must be awaited. */
  execute(
    executable: Executable,
    inputs: readonly DeviceBuffer[],
    outputs: readonly Omit<DeviceBuffer, "address">[],
  ): Execution {
    const { api } = this;
    const given = block(api.koffi, inputs.length * 8);
    inputs.forEach(({ address }, i) => {
      given.words[i] = address;
    });
    const taken = block(api.koffi, executable.outputs * 8);
    const [givenList, takenList, event] = [block(api.koffi, 8), block(api.koffi, 8), block(api.koffi, 8)];
    givenList.words[0] = given.address;
    takenList.words[0] = taken.address;
    const options = api.args(...new Array<number>(12).fill(0));
    const args = api.args(
      ...[executable.address, options.address, givenList.address, 1, inputs.length],
      ...[takenList.address, event.address, 0],
    );
    api.call("LoadedExecutable_Execute", args);
    keep(given, taken, givenList, takenList, options);
    const results = outputs.map((output, i): DeviceBuffer => ({ ...output, address: taken.words[i]! }));
    return { results, done: this.awaitAsync(event.words[0]!) };
  }

  /** Throws an EngineError where a buffer's dtype or shape is not what was expected: XLA would reinterpret its bits. */
  checkBuffer({ address, dtype, shape }: DeviceBuffer, what: string): void {
    const { api } = this;
    const type = api.args(address, 0);
    api.call("Buffer_ElementType", type);
    const dims = api.args(address, 0, 0);
    api.call("Buffer_Dimensions", dims);
    const rank = Number(dims.words[4]);
    const lengths = rank === 0 ? [] : Array.from(new BigUint64Array(api.koffi.view(dims.words[3]!, rank * 8)), Number);
    const found = Number(type.words[3]! & 0xffffffffn);
    if (found !== ELEMENT_TYPES[dtype] || String(lengths) !== String(shape))
      throw new EngineError(
        `XLA gave ${what} as element type ${found} of shape [${lengths}]; expected ${ELEMENT_TYPES[dtype]} of shape [${shape}].`,
      );
  }

  /** Memory that a program takes on the device, and what the device has. */
  memoryUse({ address }: Executable): MemoryUse | undefined {
    const { api } = this;
    if (!api.has("Executable_GetCompiledMemoryStats")) return undefined;
    const inner = this.executableOf(address);
    try {
      const args = api.args(inner, ...new Array<number>(11).fill(0));
      api.call("Executable_GetCompiledMemoryStats", args);
      const [code, input, output, alias, temporary] = [...args.words.subarray(3, 8)].map(Number);
      return { needed: code! + input! + output! - alias! + temporary!, limit: this.memoryLimit() };
    } catch (error) {
      if (error instanceof PluginError) return undefined;
      throw error;
    } finally {
      api.call("Executable_Destroy", api.args(inner));
    }
  }

  dispose(): void {
    if (this.client !== undefined) this.api.call("Client_Destroy", this.api.args(this.client));
    this.client = undefined;
  }

  private memoryLimit(): number | undefined {
    try {
      const args = this.api.args(this.device, ...new Array<number>(24).fill(0));
      this.api.call("Device_MemoryStats", args);
      // word 9 is bytes_limit; the byte after it says whether it is known
      return args.bytes[11 * 8] === 1 ? Number(args.words[10]) : undefined;
    } catch (error) {
      if (error instanceof PluginError) return undefined;
      throw error;
    }
  }

  private alive(): Address {
    if (this.client === undefined) throw new EngineError("The PJRT client was disposed of.");
    return this.client;
  }

  private loaded(address: Address): Executable {
    const inner = this.executableOf(address);
    const args = this.api.args(inner, 0);
    try {
      this.api.call("Executable_NumOutputs", args);
    } finally {
      this.api.call("Executable_Destroy", this.api.args(inner));
    }
    return { address, outputs: Number(args.words[3]) };
  }

  private executableOf(loaded: Address): Address {
    const args = this.api.args(loaded, 0);
    this.api.call("LoadedExecutable_GetExecutable", args);
    return args.words[3]!;
  }

  private await(event: Address): void {
    try {
      this.api.call("Event_Await", this.api.args(event));
    } finally {
      this.api.call("Event_Destroy", this.api.args(event));
    }
  }

  private async awaitAsync(event: Address): Promise<void> {
    try {
      await this.api.callAsync("Event_Await", this.api.args(event));
    } finally {
      this.api.call("Event_Destroy", this.api.args(event));
    }
  }

  private text(name: "Client_PlatformName" | "Client_PlatformVersion"): string {
    const args = this.api.args(this.alive(), 0, 0);
    this.api.call(name, args);
    return this.api.koffi.decode.string(args.words[3]!, Number(args.words[4]));
  }

  private idOf(device: Address): number {
    const args = this.api.args(this.descriptionOf(device), 0);
    this.api.call("DeviceDescription_Id", args);
    return Number(args.words[3]! & 0xffffffffn);
  }

  private descriptionOf(device: Address): Address {
    const described = this.api.args(device, 0);
    this.api.call("Device_GetDescription", described);
    return described.words[3]!;
  }

  private describe(device: Address, name: "DeviceDescription_Kind" | "DeviceDescription_ToString"): string {
    const args = this.api.args(this.descriptionOf(device), 0, 0);
    this.api.call(name, args);
    return this.api.koffi.decode.string(args.words[3]!, Number(args.words[4]));
  }
}
