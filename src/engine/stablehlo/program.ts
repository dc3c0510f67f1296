import type { StoredType } from "../../draws.ts";
import type { Node } from "../../graph/node.ts";
import { dependencies, type Program } from "../../graph/program.ts";
import { simplify } from "../../graph/simplify.ts";
import type { ConstantData, DType, Shape } from "../../graph/types.ts";
import { own } from "../../named.ts";
import type { CompileOptions } from "../engine.ts";
import { checkOptions, named } from "../validate.ts";
import { type Known, perChain, writeNodes } from "./body.ts";
import type { Context } from "./ops.ts";
import { type Target, type TensorType, typeOf, typeText, type Value } from "./types.ts";
import { type Functions, Writer } from "./writer.ts";

export interface PrintOptions extends CompileOptions {
  /** Most iterations of one call, at least 1: how many a call makes is an argument. */
  readonly iterations: number;
  /** Constants of more bytes than this become arguments; 1 MiB unless told. */
  readonly constantBytes?: number;
}

/** An argument or result of the printed module; its shape includes the chain and iteration axes. */
export interface Port {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: Shape;
}

export interface ArgumentPort extends Port {
  /**
   * `count`: how many iterations to make, from 1 to `iterations`, an int32 scalar; comes first. `input`: a program's input.
   * `schedule`: a scheduled input, `[iterations]`, of which the first `count` are used. `constant`: data of the program.
   */
  readonly role: "count" | "input" | "schedule" | "constant";
  /** The data of a constant. */
  readonly data?: ConstantData;
}

export interface ResultPort extends Port {
  /**
   * `output`: a program's output as the last iteration left it. `record`: a recorded output of every iteration,
   * `[iterations, chain, ...shape]`, of which the first `count` rows have been written and the others are 0.
   */
  readonly role: "output" | "record";
}

/** A module: `main` takes the inputs and gives the outputs, in order. */
export interface PrintedProgram {
  readonly text: string;
  readonly inputs: readonly ArgumentPort[];
  readonly outputs: readonly ResultPort[];
}

const CONSTANT_BYTES = 2 ** 20;

/**
 * A program as the text of a StableHLO module that makes a block of iterations in one call. The chain is the leading axis
 * of every value that is one per chain. Only plain ops are used (no `chlo`, no custom calls), the elementary functions
 * are ours, and nothing is drawn by the device. The program is simplified first.
 * @throws EngineError where the roles do not fit the program
 */
export function printProgram(source: Program, options: PrintOptions): PrintedProgram {
  checkOptions(source, options);
  return new Printer(simplify(source), options).print();
}

/** What a while loop over iterations carries, and which node gives its next value. */
interface Slot {
  readonly start: Value;
  readonly next: Node;
}

class Printer {
  private readonly source: Program;
  private readonly options: PrintOptions;
  private readonly context: Context;
  private readonly functions = new Map<string, { readonly name: string; readonly lines: readonly string[] }>();
  private readonly inputs: ArgumentPort[] = [];
  private readonly parameters: Value[] = [];
  private readonly known: Known = { values: new Map(), loops: new Map() };
  private readonly scheduled = new Map<Node, Value>();
  private readonly integer: TensorType = { element: "i32", dims: [] };

  constructor(source: Program, options: PrintOptions) {
    this.source = source;
    this.options = options;
    this.context = { writer: new Writer(this.moduleFunctions()), target: options };
  }

  print(): PrintedProgram {
    const count = this.parameter({ name: "count", dtype: "int32", shape: [], role: "count" }, this.integer);
    for (const [name, node] of Object.entries(this.source.inputs)) this.declareInput(name, node);
    for (const node of this.source.nodes) if (node.is("constant")) this.declareConstant(node, node.attributes.data);
    const fixed = this.fixedNodes();
    writeNodes(this.context, fixed, this.known);
    const values = this.writeIterations(count, new Set(fixed));
    const outputs = this.outputPorts();
    this.context.writer.end("return", values);
    return { text: this.module(values, outputs), inputs: this.inputs, outputs };
  }

  /** Nodes that are the same in every iteration, written once; what only repeats values is left where it can be fused. */
  private fixedNodes(): Node[] {
    const { carried = {}, scheduled = [] } = this.options;
    const changing = new Set([...Object.values(carried), ...scheduled].map((name) => this.source.inputs[name]!));
    return this.source.nodes.filter((node) => {
      const repeats = node.op === "broadcast" || node.op === "perChain";
      if (repeats || dependencies(node).some((dependency) => changing.has(dependency))) changing.add(node);
      return !changing.has(node);
    });
  }

  private declareInput(name: string, node: Node): void {
    const { iterations, scheduled = [] } = this.options;
    const type = typeOf(node, this.target);
    if (scheduled.includes(name)) {
      const port = this.port(name, node.dtype, [iterations]);
      this.scheduled.set(node, this.parameter({ ...port, role: "schedule" }, { ...type, dims: [iterations] }));
    } else {
      const port = this.port(name, node.dtype, type.dims);
      this.known.values.set(node, this.parameter({ ...port, role: "input" }, type));
    }
  }

  private declareConstant(node: Node, data: ConstantData): void {
    if (data.byteLength <= (this.options.constantBytes ?? CONSTANT_BYTES)) return;
    const name = `constant ${this.inputs.filter(({ role }) => role === "constant").length}`;
    const port: ArgumentPort = { ...this.port(name, node.dtype, node.shape), role: "constant", data };
    this.known.values.set(node, this.parameter(port, typeOf(node, this.target)));
  }

  private parameter(port: ArgumentPort, type: TensorType): Value {
    const value: Value = { name: this.context.writer.name(), type };
    this.inputs.push(port);
    this.parameters.push(value);
    return value;
  }

  /** The loop over iterations; returns the values that `main` gives: outputs, then records. */
  private writeIterations(count: Value, fixed: ReadonlySet<Node>): Value[] {
    const { recorded = [], iterations } = this.options;
    const { writer } = this.context;
    const slots = this.slots(fixed);
    const starts = recorded.map((name) => {
      const type = typeOf(named(this.source.outputs, name, "output"), this.target);
      return writer.filled(0, { ...type, dims: [iterations, ...type.dims] });
    });
    const [, ...ends] = writer.while(
      [writer.filled(0, this.integer), ...[...slots.values()].map(({ start }) => start), ...starts],
      ([iteration]) => writer.compare("LT", iteration!, count),
      ([iteration, ...state]) => this.writeIteration(iteration!, state, slots),
    );
    const records = ends.slice(slots.size);
    const slotNames = [...slots.keys()];
    const outputs = Object.entries(this.source.outputs).map(([name, node]) => {
      if (slots.has(name)) return ends[slotNames.indexOf(name)]!;
      const record = recorded.indexOf(name);
      return record < 0 ? this.known.values.get(node)! : this.lastRow(records[record]!, count);
    });
    return [...outputs, ...records];
  }

  /** What the loop carries besides records: the state, and outputs that are kept of the last iteration alone. */
  private slots(fixed: ReadonlySet<Node>): ReadonlyMap<string, Slot> {
    const { carried = {}, recorded = [] } = this.options;
    const slots = new Map<string, Slot>();
    for (const [name, next] of Object.entries(this.source.outputs)) {
      const to = own(carried, name);
      if (to !== undefined) slots.set(name, { start: this.known.values.get(this.source.inputs[to]!)!, next });
      else if (!fixed.has(next) && !recorded.includes(name))
        slots.set(name, { start: this.context.writer.filled(0, typeOf(next, this.target)), next });
    }
    return slots;
  }

  private outputPorts(): ResultPort[] {
    const { recorded = [], iterations } = this.options;
    const port = (name: string, before: Shape): Port => {
      const node = this.source.outputs[name]!;
      return this.port(name, node.dtype, [...before, ...typeOf(node, this.target).dims]);
    };
    return [
      ...Object.keys(this.source.outputs).map((name): ResultPort => ({ ...port(name, []), role: "output" })),
      ...recorded.map((name): ResultPort => ({ ...port(name, [iterations]), role: "record" })),
    ];
  }

  private writeIteration(iteration: Value, state: readonly Value[], slots: ReadonlyMap<string, Slot>): Value[] {
    const { carried = {}, recorded = [] } = this.options;
    const { writer } = this.context;
    const inner: Known = { values: new Map(this.known.values), loops: new Map(this.known.loops) };
    [...slots.keys()].forEach((name, i) => {
      const to = own(carried, name);
      if (to !== undefined) inner.values.set(this.source.inputs[to]!, state[i]!);
    });
    for (const [node, values] of this.scheduled) inner.values.set(node, this.element(values, iteration));
    writeNodes(this.context, this.source.nodes, inner);
    const of = (node: Node): Value => inner.values.get(node)!;
    const next = [...slots.values()].map((slot) => of(slot.next));
    const rows = recorded.map((name, r) => {
      const record = state[slots.size + r]!;
      const node = this.source.outputs[name]!;
      return this.withRow(record, perChain(this.context, node, of(node)), iteration);
    });
    return [writer.same("add", iteration, writer.filled(1, this.integer)), ...next, ...rows];
  }

  private element(values: Value, index: Value): Value {
    const { writer } = this.context;
    const { element } = values.type;
    const one = writer.typed("dynamic_slice", [values, index], "sizes = [1]", { element, dims: [1] });
    return writer.typed("reshape", [one], "", { element, dims: [] });
  }

  private withRow(record: Value, row: Value, index: Value): Value {
    const { writer } = this.context;
    const { element, dims } = row.type;
    const shaped = writer.typed("reshape", [row], "", { element, dims: [1, ...dims] });
    const zeros = dims.map(() => writer.filled(0, this.integer));
    return writer.typed("dynamic_update_slice", [record, shaped, index, ...zeros], "", record.type);
  }

  private lastRow(record: Value, count: Value): Value {
    const { writer } = this.context;
    const [, ...dims] = record.type.dims;
    const { element } = record.type;
    const index = writer.once(`last ${count.name}`, () =>
      writer.same("subtract", count, writer.filled(1, this.integer)),
    );
    const zeros = dims.map(() => writer.filled(0, this.integer));
    const sizes = `sizes = [${[1, ...dims].join(", ")}]`;
    const type: TensorType = { element, dims: [1, ...dims] };
    const row = writer.typed("dynamic_slice", [record, index, ...zeros], sizes, type);
    return writer.typed("reshape", [row], "", { element, dims });
  }

  private port(name: string, dtype: DType, shape: Shape): Port {
    return { name, dtype: dtype === "float" ? this.options.precision : dtype, shape };
  }

  private get target(): Target {
    return this.options;
  }

  private moduleFunctions(): Functions {
    return {
      named: (key, write) => {
        const found = this.functions.get(key);
        if (found !== undefined) return found.name;
        const name = `@${key}`;
        this.functions.set(key, { name, lines: write(name) });
        return name;
      },
    };
  }

  private module(values: readonly Value[], outputs: readonly ResultPort[]): string {
    const { precision, chains, iterations } = this.options;
    const parameters = this.parameters.map(({ name, type }) => `${name}: ${typeText(type)}`).join(", ");
    const results = values.map(({ type }) => typeText(type)).join(", ");
    const describe = (port: Port): string => `${port.name} ${port.dtype}[${port.shape}]`;
    return [
      `// ${this.source.name}: ${precision}, ${chains} chains, up to ${iterations} iterations`,
      ...this.inputs.map((port, i) => `// takes ${this.parameters[i]!.name}: ${port.role} ${describe(port)}`),
      ...outputs.map((port) => `// gives ${port.role} ${describe(port)}`),
      "module @manychain {",
      `  func.func public @main(${parameters}) -> (${results}) {`,
      ...this.context.writer.text,
      "  }",
      ...[...this.functions.values()].flatMap(({ lines }) => lines),
      "}",
      "",
    ].join("\n");
  }
}
