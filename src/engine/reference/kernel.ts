import type { Numbers } from "../../draws.ts";
import { EngineError } from "../../errors.ts";
import { allocate } from "../../graph/data.ts";
import { type Environment, environment, interpret } from "../../graph/interpret.ts";
import type { Node } from "../../graph/node.ts";
import type { Program } from "../../graph/program.ts";
import { stabilise } from "../../graph/stabilise.ts";
import type { ConstantData } from "../../graph/types.ts";
import type { CompileOptions, Kernel, Recorded } from "../engine.ts";
import { checkLength, checkOptions, checkSchedule, length, named } from "../validate.ts";

/** A kernel that walks the program's nodes, one chain after the other. */
export class ReferenceKernel implements Kernel {
  private readonly program: Program;
  private readonly options: CompileOptions;
  private readonly inputs = new Map<string, ConstantData>();
  private readonly outputs = new Map<string, ConstantData>();
  private disposed = false;

  constructor(program: Program, options: CompileOptions) {
    checkOptions(program, options);
    this.program = stabilise(program);
    this.options = options;
  }

  write(name: string, values: ArrayLike<number>): void {
    this.checkAlive();
    const node = named(this.program.inputs, name, "input");
    checkLength(name, node, this.options.chains, values);
    const data = allocate(node.dtype, values.length);
    data.set(values);
    this.inputs.set(name, data);
  }

  async read(name: string): Promise<Numbers> {
    this.checkAlive();
    const isCarried = Object.values(this.options.carried ?? {}).includes(name);
    if (!isCarried) named(this.program.outputs, name, "output");
    const data = isCarried ? this.inputs.get(name) : this.outputs.get(name);
    if (data !== undefined) return data.slice();
    throw new EngineError(`"${name}" has no value yet: ${isCarried ? "write it" : "run an iteration"} first.`);
  }

  async run(iterations: number, schedule: Readonly<Record<string, ArrayLike<number>>> = {}): Promise<Recorded> {
    this.checkAlive();
    const { scheduled = [], recorded = [], chains } = this.options;
    checkSchedule(scheduled, iterations, schedule);
    this.checkWritten();
    const kept = recorded.map((name) => {
      const node = named(this.program.outputs, name, "output");
      return { name, size: node.size, data: allocate(node.dtype, chains * iterations * node.size) };
    });
    for (let iteration = 0; iteration < iterations; iteration++) {
      for (const name of scheduled) this.write(name, [schedule[name]![iteration]!]);
      this.iterate();
      for (const { name, size, data } of kept)
        for (let chain = 0; chain < chains; chain++) {
          const value = this.outputs.get(name)!.subarray(chain * size, (chain + 1) * size);
          data.set(value, (chain * iterations + iteration) * size);
        }
    }
    return Object.fromEntries(kept.map(({ name, data }) => [name, data]));
  }

  dispose(): void {
    this.disposed = true;
    this.inputs.clear();
    this.outputs.clear();
  }

  /** One iteration of every chain, then the carried outputs become inputs. */
  private iterate(): void {
    const { chains, carried = {} } = this.options;
    for (const [name, node] of Object.entries(this.program.outputs))
      this.outputs.set(name, allocate(node.dtype, length(node, chains)));
    const shared = new Map<Node, ConstantData>();
    for (let chain = 0; chain < chains; chain++) this.advanceChain(chain, shared);
    for (const [from, to] of Object.entries(carried)) this.inputs.set(to, this.outputs.get(from)!);
  }

  /** Compute every node for one chain. Shared nodes are computed with the first chain and kept in `shared`. */
  private advanceChain(chain: number, shared: Map<Node, ConstantData>): void {
    const known: Environment = environment();
    for (const node of this.program.nodes) {
      const value = shared.get(node);
      if (value !== undefined) known.values.set(node, value);
      else this.compute(node, chain, known);
      if (node.shared) shared.set(node, known.values.get(node)!);
    }
    for (const [name, node] of Object.entries(this.program.outputs))
      this.outputs.get(name)!.set(known.values.get(node)!, node.shared ? 0 : chain * node.size);
  }

  private compute(node: Node, chain: number, known: Environment): void {
    if (node.is("input")) {
      const data = this.inputs.get(node.attributes.name)!;
      known.values.set(node, node.shared ? data : data.subarray(chain * node.size, (chain + 1) * node.size));
    } else interpret(node, known);
  }

  private checkAlive(): void {
    if (this.disposed) throw new EngineError(`The kernel of program ${this.program.name} was disposed of.`);
  }

  private checkWritten(): void {
    const scheduled = this.options.scheduled ?? [];
    const missing = Object.keys(this.program.inputs).filter((n) => !this.inputs.has(n) && !scheduled.includes(n));
    if (missing.length > 0)
      throw new EngineError(`Program ${this.program.name} cannot run: write its inputs ${missing.join(", ")} first.`);
  }
}
