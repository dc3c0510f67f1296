import type { Numbers } from "../../../draws.ts";
import { EngineError } from "../../../errors.ts";
import type { EvaluatedOp, NodeOf } from "../../../graph/evaluate.ts";
import type { Node } from "../../../graph/node.ts";
import { dependencies, type Program, regionNodes } from "../../../graph/program.ts";
import { simplify } from "../../../graph/simplify.ts";
import type { DType } from "../../../graph/types.ts";
import { own } from "../../../named.ts";
import type { CompileOptions, Kernel, Recorded } from "../../engine.ts";
import { checkLength, checkSchedule, length, named } from "../../validate.ts";
import { type Backend, checkBackend, type Tensor } from "./backend.ts";
import { Constants } from "./constants.ts";
import { type Context, computeNode } from "./rows.ts";
import { perChain } from "./shapes.ts";

type Schedule = Readonly<Record<string, ArrayLike<number>>>;

/** What is known so far: the value of each node, and the carried values that each loop ended with. */
interface Known {
  readonly values: Map<Node, Tensor>;
  readonly loops: Map<Node, readonly Tensor[]>;
}

/** A kernel that calls tfjs once a node, and for nodes in loops once a turn; float32 only. */
export class EagerKernel implements Kernel {
  private readonly program: Program;
  private readonly options: CompileOptions;
  private readonly backend: Backend;
  private readonly context: Context;
  private readonly constants: Constants;
  /** Those asked for, and more that repeat the last of them. */
  private readonly chains: number;
  private readonly inputs = new Map<string, Tensor>();
  private readonly outputs = new Map<string, Tensor>();
  /** Nodes that are the same in every iteration of a run, and the others, in evaluation order. */
  private readonly fixed: readonly Node[];
  private readonly changing: readonly Node[];
  private disposed = false;

  constructor(source: Program, options: CompileOptions, backend: Backend) {
    this.program = simplify(source);
    this.options = options;
    this.backend = backend;
    this.constants = new Constants(backend.tf);
    this.chains = Math.ceil(options.chains / backend.chainBlock) * backend.chainBlock;
    this.context = { backend, chains: this.chains, constants: this.constants };
    const { carried = {}, scheduled = [] } = options;
    const changing = new Set([...Object.values(carried), ...scheduled].map((name) => this.program.inputs[name]!));
    for (const node of this.program.nodes) if (dependencies(node).some((one) => changing.has(one))) changing.add(node);
    this.fixed = this.program.nodes.filter((node) => !changing.has(node) && !node.is("input"));
    this.changing = this.program.nodes.filter((node) => changing.has(node) && !node.is("input"));
  }

  write(name: string, values: ArrayLike<number>): void {
    this.alive();
    const node = named(this.program.inputs, name, "input");
    checkLength(name, node, this.options.chains, values);
    this.replace(this.inputs, name, this.backend.tf.keep(this.tensor(node, this.filled(node, values))));
  }

  async read(name: string): Promise<Numbers> {
    this.alive();
    const isCarried = Object.values(this.options.carried ?? {}).includes(name);
    const node = isCarried ? named(this.program.inputs, name, "input") : named(this.program.outputs, name, "output");
    const tensor = isCarried ? this.inputs.get(name) : this.outputs.get(name);
    if (tensor === undefined)
      throw new EngineError(`"${name}" has no value yet: ${isCarried ? "write it" : "run an iteration"} first.`);
    const values = numbers(node.dtype, length(node, this.options.chains));
    values.set(tensor.dataSync().subarray(0, values.length));
    return values;
  }

  async run(iterations: number, schedule: Schedule = {}): Promise<Recorded> {
    this.alive();
    const { scheduled = [], recorded = [], chains } = this.options;
    checkSchedule(scheduled, iterations, schedule);
    this.checkWritten();
    checkBackend(this.backend);
    const { tf } = this.backend;
    const kept = recorded.map((name) => {
      const node = named(this.program.outputs, name, "output");
      return { name, size: node.size, data: numbers(node.dtype, chains * iterations * node.size) };
    });
    tf.tidy(() => {
      const fixed = this.compute(this.fixed, { values: this.inputValues(), loops: new Map() });
      for (let iteration = 0; iteration < iterations; iteration++) {
        for (const name of scheduled) this.write(name, [schedule[name]![iteration]!]);
        tf.tidy(() => this.iterate(fixed, iteration === iterations - 1));
        for (const { name, size, data } of kept) {
          const values = this.outputs.get(name)!.dataSync();
          for (let chain = 0; chain < chains; chain++)
            data.set(values.subarray(chain * size, (chain + 1) * size), (chain * iterations + iteration) * size);
        }
      }
    });
    return Object.fromEntries(kept.map(({ name, data }) => [name, data]));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const tensor of new Set([...this.inputs.values(), ...this.outputs.values()])) tensor.dispose();
    this.inputs.clear();
    this.outputs.clear();
    this.constants.dispose();
  }

  /** One iteration of every chain. Keeps the carried and the recorded outputs; after the last one, all. */
  private iterate(fixed: Known, isLast: boolean): void {
    const { carried = {}, recorded = [] } = this.options;
    const known: Known = { values: new Map([...fixed.values, ...this.inputValues()]), loops: new Map(fixed.loops) };
    this.compute(this.changing, known);
    for (const [name, node] of Object.entries(this.program.outputs)) {
      const to = own(carried, name);
      if (!isLast && to === undefined && !recorded.includes(name)) continue;
      // A tensor of its own each, so that freeing one leaves the others.
      this.replace(this.outputs, name, this.own(node, known));
      if (to !== undefined) this.replace(this.inputs, to, this.own(node, known));
    }
  }

  private own(node: Node, known: Known): Tensor {
    const { tf } = this.backend;
    return tf.keep(tf.clone(known.values.get(node)!));
  }

  private compute(nodes: readonly Node[], known: Known): Known {
    for (const node of nodes) known.values.set(node, this.valueOf(node, known));
    return known;
  }

  private valueOf(node: Node, known: Known): Tensor {
    if (node.is("constant"))
      return this.constants.once(`node ${node.id}`, () => this.tensor(node, node.attributes.data));
    if (node.is("loop")) {
      known.loops.set(node, this.runLoop(node, known));
      return known.values.get(node.inputs[0]!)!;
    }
    if (node.is("carried")) return known.loops.get(node.inputs[0]!)![node.attributes.index]!;
    const operands = node.inputs.map((one) => known.values.get(one)!);
    return computeNode(this.context, node as NodeOf<EvaluatedOp>, operands);
  }

  /** Each turn is tidied by itself, so that memory does not grow with the number of turns. */
  private runLoop(node: NodeOf<"loop">, known: Known): readonly Tensor[] {
    const { tf } = this.backend;
    const { region } = node.attributes;
    const { body } = regionNodes(region);
    const [index, ...parameters] = region.parameters;
    const [count, ...starts] = node.inputs.map((one) => known.values.get(one)!);
    const turns = count!.dataSync()[0]!;
    // A value is one per chain in every turn or in none.
    let carried = starts.map((start, i) =>
      node.inputs[i + 1]!.shared && !parameters[i]!.shared ? perChain(this.context, start) : start,
    );
    for (let turn = 0; turn < turns; turn++) {
      const last = carried;
      const next = tf.tidy(() => {
        known.values.set(index!, tf.scalar(turn, "int32"));
        parameters.forEach((parameter, i) => {
          known.values.set(parameter, last[i]!);
        });
        this.compute(body, known);
        return region.results.map((result, i) => {
          const value = known.values.get(result)!;
          return tf.clone(result.shared && !parameters[i]!.shared ? perChain(this.context, value) : value);
        });
      });
      if (turn > 0) for (const tensor of last) tensor.dispose();
      carried = next;
    }
    return carried;
  }

  private inputValues(): Map<Node, Tensor> {
    return new Map([...this.inputs].map(([name, tensor]) => [this.program.inputs[name]!, tensor]));
  }

  /** Values of all chains, and those of the last chain again for the chains that fill up. */
  private filled(node: Node, values: ArrayLike<number>): ArrayLike<number> {
    const total = length(node, this.chains);
    const beyond = values.length - node.size;
    return total === values.length
      ? values
      : Array.from({ length: total }, (_, i) => values[i < values.length ? i : beyond + (i % node.size)]!);
  }

  /** Numbers as a tensor; uint32 as int32 of the same bits. */
  private tensor(node: Node, values: ArrayLike<number>): Tensor {
    const { tf } = this.backend;
    const shape = node.shared ? [...node.shape] : [this.chains, ...node.shape];
    if (node.dtype === "float") return tf.tensor(Float32Array.from(values), shape, "float32");
    if (node.dtype === "bool")
      return tf.tensor(
        Uint8Array.from(values, (v) => Number(v !== 0)),
        shape,
        "bool",
      );
    return tf.tensor(Int32Array.from(values), shape, "int32");
  }

  private replace(map: Map<string, Tensor>, name: string, tensor: Tensor): void {
    map.get(name)?.dispose();
    map.set(name, tensor);
  }

  private alive(): void {
    if (this.disposed) throw new EngineError(`The kernel of program ${this.program.name} was disposed of.`);
  }

  private checkWritten(): void {
    const scheduled = this.options.scheduled ?? [];
    const missing = Object.keys(this.program.inputs).filter((n) => !this.inputs.has(n) && !scheduled.includes(n));
    if (missing.length > 0)
      throw new EngineError(`Program ${this.program.name} cannot run: write its inputs ${missing.join(", ")} first.`);
  }
}

function numbers(dtype: DType, size: number): Numbers {
  if (dtype === "float") return new Float32Array(size);
  if (dtype === "bool") return new Uint8Array(size);
  return dtype === "int32" ? new Int32Array(size) : new Uint32Array(size);
}
