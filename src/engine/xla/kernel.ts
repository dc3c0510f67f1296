import type { Numbers } from "../../draws.ts";
import { EngineError } from "../../errors.ts";
import type { Program } from "../../graph/program.ts";
import { own } from "../../named.ts";
import type { Advanced, CompileOptions, Kernel, KernelSeconds, Recorded } from "../engine.ts";
import type { ArgumentPort, Port, PrintedProgram, ResultPort } from "../stablehlo/index.ts";
import { Stopwatch } from "../stopwatch.ts";
import { checkLength, checkSchedule, named } from "../validate.ts";
import type { Client } from "./client.ts";
import { numbers } from "./elements.ts";
import { explained } from "./explain.ts";
import type { DeviceBuffer, Executable, Execution } from "./handles.ts";

/** A compiled program and what it was compiled for. */
export interface Compiled {
  readonly printed: PrintedProgram;
  readonly executable: Executable;
  /** Chains of the program: those asked for, and more that repeat the last of them. */
  readonly chains: number;
  /** Most iterations of one call. */
  readonly iterations: number;
}

type Schedule = Readonly<Record<string, ArrayLike<number>>>;

/** A kernel whose state stays on the device from block to block. */
export class XlaKernel implements Kernel {
  private readonly program: Program;
  private readonly options: CompileOptions;
  private readonly compiled: Compiled;
  private client: Client | undefined;
  private readonly released: () => void;
  private readonly inputs = new Map<string, DeviceBuffer>();
  private readonly outputs = new Map<string, DeviceBuffer>();
  private readonly constants = new Map<string, DeviceBuffer>();
  /** Records on the device that were not copied yet. */
  private readonly waiting = new Set<DeviceBuffer>();
  private readonly watch = new Stopwatch();
  private checked = false;
  private running = false;

  /** `released` is called once, when the kernel's buffers are free: the executable is not its own. */
  constructor(program: Program, options: CompileOptions, compiled: Compiled, client: Client, released: () => void) {
    this.program = program;
    this.options = options;
    this.compiled = compiled;
    this.client = client;
    this.released = released;
    for (const port of compiled.printed.inputs)
      if (port.role === "constant") this.constants.set(port.name, this.upload(port, port.data!));
  }

  write(name: string, values: ArrayLike<number>): void {
    this.alive();
    const node = named(this.program.inputs, name, "input");
    checkLength(name, node, this.options.chains, values);
    const port = this.compiled.printed.inputs.find(
      (p) => p.name === name && (p.role === "input" || p.role === "schedule"),
    )!;
    if (port.role === "schedule") return;
    try {
      this.replace(this.inputs, name, this.upload(port, values));
    } catch (error) {
      this.fail(error);
    }
  }

  async read(name: string): Promise<Numbers> {
    const client = this.alive();
    const isCarried = Object.values(this.options.carried ?? {}).includes(name);
    const node = isCarried ? named(this.program.inputs, name, "input") : named(this.program.outputs, name, "output");
    const buffer = isCarried ? this.inputs.get(name) : this.outputs.get(name);
    if (buffer === undefined)
      throw new EngineError(`"${name}" has no value yet: ${isCarried ? "write it" : "run an iteration"} first.`);
    const started = performance.now();
    const copied = this.watch.until("transfer", client.download(buffer), started);
    const values = await copied.catch((error: unknown) => this.fail(error));
    return node.shared ? values : values.slice(0, this.options.chains * node.size);
  }

  get seconds(): KernelSeconds {
    return this.watch.seconds;
  }

  async run(iterations: number, schedule: Schedule = {}): Promise<Recorded> {
    const { recorded } = await this.advance(iterations, schedule);
    return await recorded();
  }

  async advance(iterations: number, schedule: Schedule = {}): Promise<Advanced> {
    this.alive();
    checkSchedule(this.options.scheduled ?? [], iterations, schedule);
    this.checkWritten();
    if (this.running) throw new EngineError(`The kernel of program ${this.program.name} is running already.`);
    this.running = true;
    try {
      const recorded = await this.runChunks(iterations, schedule);
      return { recorded: () => recorded().catch((error: unknown) => this.fail(error)) };
    } catch (error) {
      return this.fail(error);
    } finally {
      this.running = false;
    }
  }

  dispose(): void {
    const { client } = this;
    if (client === undefined) return;
    this.client = undefined;
    const held = [this.inputs, this.outputs, this.constants].flatMap((map) => [...map.values()]);
    const buffers = [...held, ...this.waiting];
    this.waiting.clear();
    for (const buffer of new Set(buffers)) client.freeBuffer(buffer);
    this.released();
  }

  /**
   * Chunks of at most as many iterations as one call makes; each runs while the records of the one before come back.
   * Those of the last chunk are left to whoever asks for the whole.
   */
  private async runChunks(iterations: number, schedule: Schedule): Promise<() => Promise<Recorded>> {
    const recorded = this.options.recorded ?? [];
    const results = new Map(
      this.records().map((port) => {
        const [, , ...shape] = port.shape;
        const size = shape.reduce((a, b) => a * b, 1);
        return [port.name, { size, data: numbers(port.dtype, this.options.chains * iterations * size) }] as const;
      }),
    );
    let copy = (): Promise<void> => Promise.resolve();
    for (let first = 0; first < iterations; first += this.compiled.iterations) {
      const count = Math.min(this.compiled.iterations, iterations - first);
      const { records, done } = this.start(first, count, schedule);
      await both(copy(), done);
      const fetched = this.copiesFirst ? await this.fetch(records, count) : undefined;
      copy = async () =>
        this.place(fetched ?? (await this.fetch(records, count)), results, { first, count, iterations });
    }
    return async () => {
      await copy();
      return Object.fromEntries(recorded.map((name) => [name, results.get(name)!.data]));
    };
  }

  /**
   * A processor's plugin does one thing after the other: a copy that is asked for while a call runs waits for its end.
   * There records are fetched before the next call, in some 50 µs each, and only put in order while it runs.
   */
  private get copiesFirst(): boolean {
    return this.alive().platform === "cpu";
  }

  /** Start one call; afterwards the new state is the inputs' value. */
  private start(
    first: number,
    count: number,
    schedule: Schedule,
  ): { readonly records: ReadonlyMap<string, DeviceBuffer>; readonly done: Promise<void> } {
    const client = this.alive();
    const { printed, executable } = this.compiled;
    const fleeting: DeviceBuffer[] = [];
    const passing = (buffer: DeviceBuffer): DeviceBuffer => {
      fleeting.push(buffer);
      return buffer;
    };
    let execution: Execution;
    let started: number;
    try {
      const inputs = printed.inputs.map((port) => {
        if (port.role === "count") return passing(this.upload(port, [count]));
        if (port.role === "constant") return this.constants.get(port.name)!;
        if (port.role === "input") return this.inputs.get(port.name)!;
        const values = numbers(port.dtype, this.compiled.iterations);
        for (let i = 0; i < count; i++) values[i] = schedule[port.name]![first + i]!;
        return passing(this.upload(port, values));
      });
      started = performance.now();
      execution = client.execute(executable, inputs, printed.outputs);
    } finally {
      for (const buffer of fleeting) client.freeBuffer(buffer);
    }
    const done = this.watch.until("kernel", execution.done, started);
    return { records: this.adopt(execution, printed.outputs), done };
  }

  /** Take over the results of a call: outputs, of which some are inputs too, and records. */
  private adopt({ results }: Execution, ports: readonly ResultPort[]): Map<string, DeviceBuffer> {
    const client = this.alive();
    const records = new Map<string, DeviceBuffer>();
    ports.forEach((port, i) => {
      const buffer = results[i]!;
      if (!this.checked) client.checkBuffer(buffer, `${port.role} "${port.name}"`);
      if (port.role === "record") {
        records.set(port.name, buffer);
        this.waiting.add(buffer);
      } else {
        this.replace(this.outputs, port.name, buffer);
        const to = own(this.options.carried ?? {}, port.name);
        if (to !== undefined) this.replace(this.inputs, to, buffer);
      }
    });
    this.checked = true;
    return records;
  }

  /** The records of a call, by name. */
  private async fetch(
    records: ReadonlyMap<string, DeviceBuffer>,
    count: number,
  ): Promise<ReadonlyMap<string, Numbers>> {
    const fetched = new Map<string, Numbers>();
    for (const [name, buffer] of records) fetched.set(name, await this.download(buffer, count));
    return fetched;
  }

  /** From `[iteration, chain, ...]` to `[chain, iteration, ...]`. */
  private place(
    fetched: ReadonlyMap<string, Numbers>,
    results: ReadonlyMap<string, { readonly size: number; readonly data: Numbers }>,
    { first, count, iterations }: { readonly first: number; readonly count: number; readonly iterations: number },
  ): void {
    const { chains } = this.options;
    this.watch.blocking("transfer", () => {
      for (const [name, values] of fetched) {
        const { size, data } = results.get(name)!;
        for (let i = 0; i < count; i++)
          for (let chain = 0; chain < chains; chain++) {
            const from = (i * this.compiled.chains + chain) * size;
            const to = (chain * iterations + first + i) * size;
            if (size === 1) data[to] = values[from]!;
            else data.set(values.subarray(from, from + size), to);
          }
      }
    });
  }

  /** A record's first rows; its buffer is freed. */
  private async download(buffer: DeviceBuffer, rows: number): Promise<Numbers> {
    const client = this.alive();
    this.waiting.delete(buffer);
    try {
      const started = performance.now();
      return await this.watch.until("transfer", client.download(buffer, rows), started);
    } finally {
      client.freeBuffer(buffer);
    }
  }

  private records(): ResultPort[] {
    return this.compiled.printed.outputs.filter(({ role }) => role === "record");
  }

  /** Put numbers on the device; chains beyond those that were asked for repeat the last one. */
  private upload(port: ArgumentPort | Port, values: ArrayLike<number>): DeviceBuffer {
    return this.watch.blocking("transfer", () => {
      const size = port.shape.reduce((a, b) => a * b, 1);
      const data = numbers(port.dtype, size);
      data.set(values);
      const perChain = (size / this.compiled.chains) * (this.options.chains - 1);
      if (values.length < size)
        for (let at = values.length; at < size; at += values.length - perChain)
          data.set(data.subarray(perChain, values.length), at);
      return this.alive().upload(data, port.dtype, port.shape);
    });
  }

  /** Put a buffer in a name's place and free what was there, unless it is in use under another name. */
  private replace(map: Map<string, DeviceBuffer>, name: string, buffer: DeviceBuffer): void {
    const old = map.get(name);
    map.set(name, buffer);
    if (old === undefined || old === buffer) return;
    const used = [this.inputs, this.outputs].some((other) => [...other.values()].includes(old));
    if (!used) this.alive().freeBuffer(old);
  }

  /** Throws an error of the plugin with what to do. */
  private fail(error: unknown): never {
    const { executable, chains: padded } = this.compiled;
    const memory = this.client?.memoryUse(executable);
    throw explained(error, "run", { program: this.program, chains: this.options.chains, padded, memory });
  }

  private alive(): Client {
    if (this.client !== undefined) return this.client;
    throw new EngineError(`The kernel of program ${this.program.name} was disposed of.`);
  }

  private checkWritten(): void {
    const scheduled = this.options.scheduled ?? [];
    const missing = Object.keys(this.program.inputs).filter((n) => !this.inputs.has(n) && !scheduled.includes(n));
    if (missing.length > 0)
      throw new EngineError(`Program ${this.program.name} cannot run: write its inputs ${missing.join(", ")} first.`);
  }
}

/** Waits for both to end, whichever fails: what runs on the device must not be left behind. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  for (const ended of await Promise.allSettled([one, other])) if (ended.status === "rejected") throw ended.reason;
}
