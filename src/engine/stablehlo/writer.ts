import type { ConstantData, Shape } from "../../graph/types.ts";
import { literal } from "./literal.ts";
import { isFloat, type TensorType, typeText, type Value } from "./types.ts";

/** Comparisons of the text. */
export type Comparison = "LT" | "LE" | "EQ";

/** Functions of a module that lines may call, each written once. */
export interface Functions {
  /** The name (with its @) of the function under `key`; `write` writes its lines when it is asked for first. */
  named(key: string, write: (name: string) => readonly string[]): string;
}

/**
 * Writes the lines of one function. Every method writes a line and gives its value; the ops used are the plainest that
 * there are, and each is written at this one place.
 */
export class Writer {
  readonly functions: Functions;
  private readonly lines: string[] = [];
  private indent: string;
  private next = 0;
  /** Values that need not be written again while the region that wrote them is open. */
  private known: Map<string, Value>[] = [new Map()];

  constructor(functions: Functions, indent = "    ") {
    this.functions = functions;
    this.indent = indent;
  }

  /** The lines so far. */
  get text(): readonly string[] {
    return this.lines;
  }

  line(text: string): void {
    this.lines.push(this.indent + text);
  }

  /** A new name. */
  name(): string {
    return `%${this.next++}`;
  }

  /** `%n = text : types`, whose value has the type. */
  value(text: string, types: string, type: TensorType): Value {
    const name = this.name();
    this.line(`${name} = ${text} : ${types}`);
    return { name, type };
  }

  /** Write once per open region what `key` stands for. */
  once(key: string, write: () => Value): Value {
    for (const region of this.known) {
      const value = region.get(key);
      if (value !== undefined) return value;
    }
    const value = write();
    this.known.at(-1)!.set(key, value);
    return value;
  }

  /** Lines of a region, one step further in. */
  region(write: () => void): void {
    this.indent += "  ";
    this.known.push(new Map());
    write();
    this.known.pop();
    this.indent = this.indent.slice(2);
  }

  /** Operands and result of one type: `stablehlo.add %a, %b : T`. */
  same(op: string, ...operands: readonly Value[]): Value {
    const type = operands[0]!.type;
    return this.value(`stablehlo.${op} ${names(operands)}`, typeText(type), type);
  }

  /** `stablehlo.op %a, %b, attributes : (A, B) -> T`. */
  typed(op: string, operands: readonly Value[], attributes: string, type: TensorType): Value {
    const suffix = attributes === "" ? "" : `, ${attributes}`;
    return this.value(`stablehlo.${op} ${names(operands)}${suffix}`, signature(operands, type), type);
  }

  constant(data: ConstantData | readonly number[], type: TensorType): Value {
    const text = literal(data, type.dims, type.element);
    const write = (): Value => this.value(`stablehlo.constant ${text}`, typeText(type), type);
    return text.length > 100 ? write() : this.once(`${text} ${typeText(type)}`, write);
  }

  /** The same number in every element. */
  filled(x: number, type: TensorType): Value {
    return this.constant([x], type);
  }

  compare(direction: Comparison, a: Value, b: Value): Value {
    const kind = isFloat(a.type) ? "FLOAT" : a.type.element === "i32" ? "SIGNED" : "UNSIGNED";
    const type: TensorType = { element: "i1", dims: a.type.dims };
    return this.value(`stablehlo.compare ${direction}, ${names([a, b])}, ${kind}`, signature([a, b], type), type);
  }

  select(condition: Value, yes: Value, no: Value): Value {
    const types = `${typeText(condition.type)}, ${typeText(yes.type)}`;
    return this.value(`stablehlo.select ${names([condition, yes, no])}`, types, yes.type);
  }

  /** Input axis i becomes axis `axes[i]` of `dims`. */
  broadcast(x: Value, dims: Shape, axes: readonly number[]): Value {
    const type: TensorType = { element: x.type.element, dims };
    return this.once(`broadcast ${x.name} ${dims} ${axes}`, () =>
      this.typed("broadcast_in_dim", [x], `dims = [${axes.join(", ")}]`, type),
    );
  }

  slice(x: Value, ranges: readonly (readonly [number, number])[]): Value {
    const type: TensorType = { element: x.type.element, dims: ranges.map(([start, stop]) => stop - start) };
    const text = ranges.map(([start, stop]) => `${start}:${stop}`).join(", ");
    return this.value(`stablehlo.slice ${x.name} [${text}]`, signature([x], type), type);
  }

  /** `op` is a commutative op of two values, `start` what it leaves alone. */
  reduce(op: string, x: Value, start: number, axes: readonly number[]): Value {
    const { element, dims } = x.type;
    const init = this.filled(start, { element, dims: [] });
    const type: TensorType = { element, dims: dims.filter((_, axis) => !axes.includes(axis)) };
    const text = `stablehlo.reduce(${x.name} init: ${init.name}) applies stablehlo.${op} across dimensions = [${axes.join(", ")}]`;
    return this.value(text, signature([x, init], type), type);
  }

  /** Call a function of the module. */
  call(name: string, operands: readonly Value[], type: TensorType): Value {
    return this.value(`func.call ${name}(${names(operands)})`, signature(operands, type), type);
  }

  /**
   * `while (condition(state)) state = body(state)`; returns the last state. Both may use every value from outside.
   */
  while(
    starts: readonly Value[],
    condition: (state: readonly Value[]) => Value,
    body: (state: readonly Value[]) => readonly Value[],
  ): Value[] {
    const result = this.name();
    const state = starts.map(({ type }): Value => ({ name: this.name(), type }));
    const bound = state.map(({ name }, i) => `${name} = ${starts[i]!.name}`).join(", ");
    this.line(`${result}:${starts.length} = stablehlo.while(${bound}) : ${types(starts)}`);
    this.line("cond {");
    this.region(() => {
      this.end("stablehlo.return", [condition(state)]);
    });
    this.line("} do {");
    this.region(() => {
      this.end("stablehlo.return", body(state));
    });
    this.line("}");
    return starts.map(({ type }, i) => ({ name: `${result}#${i}`, type }));
  }

  /** The last line of a region or function. */
  end(op: string, values: readonly Value[]): void {
    this.line(values.length === 0 ? op : `${op} ${names(values)} : ${types(values)}`);
  }
}

function names(values: readonly Value[]): string {
  return values.map(({ name }) => name).join(", ");
}

function types(values: readonly Value[]): string {
  return values.map(({ type }) => typeText(type)).join(", ");
}

export function signature(operands: readonly Value[], result: TensorType): string {
  return `(${types(operands)}) -> ${typeText(result)}`;
}
