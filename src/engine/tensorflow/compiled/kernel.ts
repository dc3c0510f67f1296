import type { Numbers } from "../../../draws.ts";
import { EngineError } from "../../../errors.ts";
import type { Program } from "../../../graph/program.ts";
import { own } from "../../../named.ts";
import type { CompileOptions, Kernel, KernelSeconds, Recorded } from "../../engine.ts";
import type { ArgumentPort, Port, PrintedProgram } from "../../stablehlo/index.ts";
import { Stopwatch } from "../../stopwatch.ts";
import { checkLength, checkSchedule, named } from "../../validate.ts";
import type { Addon, TensorHandle } from "../addon.ts";
import type { Executable } from "./executables.ts";
import { explained } from "./explain.ts";
import { crossingShape } from "./savedModel.ts";
import { fromWords, numbers, toWords } from "./words.ts";

type Schedule = Readonly<Record<string, ArrayLike<number>>>;

/** A compiled program and what it was compiled for. */
export interface Compiled {
  readonly printed: PrintedProgram;
  readonly executable: Executable;
  /** Chains of the program: those asked for, and more that repeat the last of them. */
  readonly chains: number;
  /** Most iterations of one call. */
  readonly iterations: number;
}

/** A tensor, used by an input, an output, or both. */
interface Held {
  readonly id: number;
  users: number;
}

/** A kernel whose blocks of iterations are calls of one SavedModel; between calls its state is tensors of the addon. */
export class CompiledKernel implements Kernel {
  private readonly program: Program;
  private readonly options: CompileOptions;
  private readonly compiled: Compiled;
  private addon: Addon | undefined;
  private readonly released: () => void;
  private readonly inputs = new Map<string, Held>();
  private readonly outputs = new Map<string, Held>();
  private readonly constants = new Map<string, number>();
  private readonly watch = new Stopwatch();

  /** `released` is called once, when the kernel's tensors are free: the executable is not its own. */
  constructor(program: Program, options: CompileOptions, compiled: Compiled, addon: Addon, released: () => void) {
    this.program = program;
    this.options = options;
    this.compiled = compiled;
    this.addon = addon;
    this.released = released;
    for (const port of compiled.printed.inputs)
      if (port.role === "constant") this.constants.set(port.name, this.upload(port, port.data!));
  }

  /** On a GPU TensorFlow's copies to and from it are part of its call, and so of the kernel's time. */
  get seconds(): KernelSeconds {
    return this.watch.seconds;
  }

  write(name: string, values: ArrayLike<number>): void {
    this.alive();
    const node = named(this.program.inputs, name, "input");
    checkLength(name, node, this.options.chains, values);
    // A scheduled input gets its values from `run`.
    const port = this.compiled.printed.inputs.find((one) => one.name === name && one.role === "input");
    if (port !== undefined) this.replace(this.inputs, name, { id: this.upload(port, values), users: 0 });
  }

  async read(name: string): Promise<Numbers> {
    const addon = this.alive();
    const { carried = {}, chains } = this.options;
    const isCarried = Object.values(carried).includes(name);
    const node = isCarried ? named(this.program.inputs, name, "input") : named(this.program.outputs, name, "output");
    const held = isCarried ? this.inputs.get(name) : this.outputs.get(name);
    if (held === undefined)
      throw new EngineError(`"${name}" has no value yet: ${isCarried ? "write it" : "run an iteration"} first.`);
    const dtype = node.dtype === "float" ? this.options.precision : node.dtype;
    const copy = (): Numbers => fromWords(addon.tensorDataSync(held.id) as Int32Array, dtype);
    const values = this.watch.blocking("transfer", copy);
    return node.shared ? values : values.slice(0, chains * node.size);
  }

  async run(iterations: number, schedule: Schedule = {}): Promise<Recorded> {
    this.alive();
    const { scheduled = [], recorded = [], chains } = this.options;
    checkSchedule(scheduled, iterations, schedule);
    this.checkWritten();
    const kept = recorded.map((name) => {
      const { size, dtype } = named(this.program.outputs, name, "output");
      const type = dtype === "float" ? this.options.precision : dtype;
      return { name, size, dtype: type, data: numbers(type, chains * iterations * size) };
    });
    for (let first = 0; first < iterations; first += this.compiled.iterations) {
      const count = Math.min(this.compiled.iterations, iterations - first);
      const records = this.call(first, count, schedule);
      this.watch.blocking("transfer", () => {
        for (const one of kept) {
          const values = fromWords(this.take(records.get(one.name)!), one.dtype);
          this.place(values, one, { first, count, iterations });
        }
      });
    }
    return Object.fromEntries(kept.map(({ name, data }) => [name, data]));
  }

  dispose(): void {
    const { addon } = this;
    if (addon === undefined) return;
    const held = [...this.inputs.values(), ...this.outputs.values()].map(({ id }) => id);
    for (const id of new Set([...held, ...this.constants.values()])) addon.deleteTensor(id);
    this.inputs.clear();
    this.outputs.clear();
    this.constants.clear();
    this.addon = undefined;
    this.released();
  }

  /** One call; afterwards the new state is the inputs' value. Gives the records' tensors by name: the caller's to free. */
  private call(first: number, count: number, schedule: Schedule): ReadonlyMap<string, number> {
    const addon = this.alive();
    const { printed, executable, iterations } = this.compiled;
    const fleeting: number[] = [];
    const passing = (port: ArgumentPort, values: ArrayLike<number>): number => {
      const id = this.upload(port, values);
      fleeting.push(id);
      return id;
    };
    try {
      const ids = printed.inputs.map((port) => {
        if (port.role === "count") return passing(port, [count]);
        if (port.role === "constant") return this.constants.get(port.name)!;
        if (port.role === "input") return this.inputs.get(port.name)!.id;
        const values = new Float64Array(iterations);
        for (let i = 0; i < count; i++) values[i] = schedule[port.name]![first + i]!;
        return passing(port, values);
      });
      return this.adopt(this.watch.blocking("kernel", () => executable.run(ids)));
    } catch (error) {
      throw explained(error, "run", this.program.name, this.options.chains);
    } finally {
      for (const id of fleeting) addon.deleteTensor(id);
    }
  }

  /** Take over the results of a call: outputs, of which some are inputs too, and records. */
  private adopt(results: readonly TensorHandle[]): Map<string, number> {
    const records = new Map<string, number>();
    this.compiled.printed.outputs.forEach(({ name, role }, i) => {
      const { id } = results[i]!;
      if (role === "record") records.set(name, id);
      else {
        const held: Held = { id, users: 0 };
        this.replace(this.outputs, name, held);
        const to = own(this.options.carried ?? {}, name);
        if (to !== undefined) this.replace(this.inputs, to, held);
      }
    });
    return records;
  }

  /** A tensor's words; it is freed. */
  private take(id: number): Int32Array {
    const addon = this.alive();
    const words = addon.tensorDataSync(id) as Int32Array;
    addon.deleteTensor(id);
    return words;
  }

  /** From `[iteration, chain, ...]` to `[chain, iteration, ...]`. */
  private place(
    values: Numbers,
    { size, data }: { readonly size: number; readonly data: Numbers },
    { first, count, iterations }: { readonly first: number; readonly count: number; readonly iterations: number },
  ): void {
    for (let i = 0; i < count; i++)
      for (let chain = 0; chain < this.options.chains; chain++) {
        const from = (i * this.compiled.chains + chain) * size;
        const to = (chain * iterations + first + i) * size;
        if (size === 1) data[to] = values[from]!;
        else data.set(values.subarray(from, from + size), to);
      }
  }

  /** A tensor of numbers; chains beyond those that were asked for repeat the last one. */
  private upload(port: Port, values: ArrayLike<number>): number {
    const addon = this.alive();
    return this.watch.blocking("transfer", () => {
      const size = port.shape.reduce((a, b) => a * b, 1);
      const data = numbers(port.dtype, size);
      data.set(values);
      const perChain = size / this.compiled.chains;
      const last = perChain * (this.options.chains - 1);
      for (let at = values.length; at < size && perChain > 0; at += perChain)
        data.copyWithin(at, last, last + perChain);
      return addon.createTensor(crossingShape(port), addon.TF_INT32, toWords(data));
    });
  }

  /** Put a tensor in a name's place and free what was there, unless it is in use under another name. */
  private replace(map: Map<string, Held>, name: string, held: Held): void {
    const old = map.get(name);
    map.set(name, held);
    held.users++;
    if (old !== undefined && --old.users === 0) this.alive().deleteTensor(old.id);
  }

  private alive(): Addon {
    if (this.addon !== undefined) return this.addon;
    throw new EngineError(`The kernel of program ${this.program.name} was disposed of.`);
  }

  private checkWritten(): void {
    const scheduled = this.options.scheduled ?? [];
    const missing = Object.keys(this.program.inputs).filter((n) => !this.inputs.has(n) && !scheduled.includes(n));
    if (missing.length > 0)
      throw new EngineError(`Program ${this.program.name} cannot run: write its inputs ${missing.join(", ")} first.`);
  }
}
