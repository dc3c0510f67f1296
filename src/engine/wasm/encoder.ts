import { ByteWriter } from "./bytes.ts";
import { MOST_PAGES } from "./webassembly.ts";

/**
 * A byte emitter for WebAssembly modules with SIMD: no more of the format than the code generator needs
 * [WebAssembly Core Specification 2.0, §5].
 */

export const I32 = 0x7f;
export const V128 = 0x7b;

/** A local of a function, by its index. */
export type Local = number;

/** Opcodes behind the prefix 0xfd. */
export const simd = {
  load: 0x00,
  load32Splat: 0x09,
  load64Splat: 0x0a,
  store: 0x0b,
  i32x4Eq: 0x37,
  i32x4LtS: 0x39,
  i32x4LtU: 0x3a,
  i32x4LeS: 0x3d,
  i32x4LeU: 0x3e,
  f32x4Eq: 0x41,
  f32x4Lt: 0x43,
  f32x4Le: 0x45,
  f64x2Eq: 0x47,
  f64x2Lt: 0x49,
  f64x2Le: 0x4b,
  not: 0x4d,
  and: 0x4e,
  andnot: 0x4f,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
  f32x4Floor: 0x68,
  f32x4Trunc: 0x69,
  f64x2Floor: 0x75,
  f64x2Trunc: 0x7a,
  i32x4Abs: 0xa0,
  i32x4Neg: 0xa1,
  i32x4Shl: 0xab,
  i32x4ShrU: 0xad,
  i32x4Add: 0xae,
  i32x4Sub: 0xb1,
  i32x4Mul: 0xb5,
  i64x2Abs: 0xc0,
  i64x2Neg: 0xc1,
  i64x2Shl: 0xcb,
  i64x2ShrS: 0xcc,
  i64x2ShrU: 0xcd,
  i64x2Add: 0xce,
  i64x2Sub: 0xd1,
  i64x2Mul: 0xd5,
  i64x2Eq: 0xd6,
  i64x2LtS: 0xd8,
  i64x2LeS: 0xda,
  f32x4Sqrt: 0xe3,
  f32x4Add: 0xe4,
  f32x4Sub: 0xe5,
  f32x4Mul: 0xe6,
  f32x4Div: 0xe7,
  f32x4Pmin: 0xea,
  f32x4Pmax: 0xeb,
  f64x2Sqrt: 0xef,
  f64x2Add: 0xf0,
  f64x2Sub: 0xf1,
  f64x2Mul: 0xf2,
  f64x2Div: 0xf3,
  f64x2Pmin: 0xf6,
  f64x2Pmax: 0xf7,
  i32x4TruncSatF32x4S: 0xf8,
  i32x4TruncSatF32x4U: 0xf9,
  f32x4ConvertI32x4S: 0xfa,
  f32x4ConvertI32x4U: 0xfb,
  f32x4RelaxedMadd: 0x105,
  f32x4RelaxedNmadd: 0x106,
  f64x2RelaxedMadd: 0x107,
  f64x2RelaxedNmadd: 0x108,
} as const;

export type SimdOp = (typeof simd)[keyof typeof simd];

/** The body of one function. Locals are handed out by type, and given back with `release`. */
export class FunctionBuilder {
  readonly parameters: number;
  private readonly code = new ByteWriter();
  private readonly types: number[] = [];
  private readonly free: Record<number, Local[]> = { [I32]: [], [V128]: [] };
  private taken: { readonly type: number; readonly local: Local }[] = [];
  /** V128 locals that are set in each of the loops around the code that is being written, outermost first. */
  private readonly loops: Set<Local>[] = [];
  /** A V128 local that is never set. */
  private zero: Local | undefined;

  /** A function of `parameters` i32 arguments and no result. */
  constructor(parameters: number) {
    this.parameters = parameters;
  }

  local(type: number): Local {
    const reused = this.free[type]?.pop();
    const local = reused ?? this.parameters + this.types.push(type) - 1;
    this.taken.push({ type, local });
    return local;
  }

  /** A mark for `release`. */
  mark(): number {
    return this.taken.length;
  }

  /** Give back every local that was taken since the mark. */
  release(mark: number): void {
    for (const { type, local } of this.taken.splice(mark)) this.free[type]?.push(local);
  }

  get(local: Local): void {
    this.indexed(0x20, local);
  }
  set(local: Local): void {
    if (this.types[local - this.parameters] === V128) this.loops.at(-1)?.add(local);
    this.indexed(0x21, local);
  }
  i32(value: number): void {
    this.code.byte(0x41);
    this.code.signed(value);
  }
  i32Load(offset: number): void {
    this.addressed(0x28, 2, offset);
  }
  i32Store(offset: number): void {
    this.addressed(0x36, 2, offset);
  }
  i64Load(offset: number): void {
    this.addressed(0x29, 3, offset);
  }
  i64Store(offset: number): void {
    this.addressed(0x37, 3, offset);
  }
  add(): void {
    this.code.byte(0x6a);
  }
  sub(): void {
    this.code.byte(0x6b);
  }
  mul(): void {
    this.code.byte(0x6c);
  }
  shiftRight(): void {
    this.code.byte(0x76);
  }
  /** Of addresses and offsets, which have no sign. */
  lessThan(): void {
    this.code.byte(0x49);
  }
  lessThanSigned(): void {
    this.code.byte(0x48);
  }
  /** As `lessThan`. */
  lessOrEqual(): void {
    this.code.byte(0x4d);
  }
  select(): void {
    this.code.byte(0x1b);
  }
  simd(op: SimdOp): void {
    this.indexed(0xfd, op);
  }
  /** load, load32Splat, load64Splat or store. The address is on the stack (for a store, below the value). */
  memory(op: SimdOp, offset: number): void {
    this.indexed(0xfd, op);
    this.code.byte(op === simd.load32Splat ? 2 : op === simd.load64Splat ? 3 : 4);
    this.code.unsigned(offset);
  }
  /** Bytes of two vectors, by number: those of the lower one on the stack first. */
  shuffle(bytes: readonly number[]): void {
    this.indexed(0xfd, 0x0d);
    this.code.bytes(...bytes);
  }
  call(functionIndex: number): void {
    this.indexed(0x10, functionIndex);
  }
  private indexed(opcode: number, index: number): void {
    this.code.byte(opcode);
    this.code.unsigned(index);
  }
  private addressed(opcode: number, align: number, offset: number): void {
    this.code.byte(opcode);
    this.code.byte(align);
    this.code.unsigned(offset);
  }
  /** `body` again and again while the i32 that `condition` leaves is not 0; tested before each turn. */
  while(condition: () => void, body: () => void): void {
    this.code.bytes(0x02, 0x40, 0x03, 0x40);
    condition();
    this.code.bytes(0x45, 0x0d, 1);
    this.turn(body);
    this.code.bytes(0x0c, 0, 0x0b, 0x0b);
  }
  /** `body` at least once, and again while the i32 that `condition` leaves is not 0. */
  doWhile(body: () => void, condition: () => void): void {
    this.code.bytes(0x03, 0x40);
    this.turn(body);
    condition();
    this.code.bytes(0x0d, 0, 0x0b);
  }

  /**
   * One turn of a loop. A local that is set in it and no longer needed is zero at its end: else V8 would carry its value into
   * the next turn, and count it as used there where it weighs whether two vectors become one of twice the width.
   */
  private turn(body: () => void): void {
    this.loops.push(new Set());
    body();
    const set = this.loops.pop()!;
    const free = new Set(this.free[V128]);
    for (const local of set) {
      if (!free.has(local)) this.loops.at(-1)?.add(local);
      else {
        this.zero ??= this.parameters + this.types.push(V128) - 1;
        this.get(this.zero);
        this.indexed(0x21, local);
      }
    }
  }

  /** Local declarations and code, as the code section wants them: their length first. */
  writeTo(section: ByteWriter): void {
    const body = new ByteWriter();
    body.unsigned(this.types.length);
    for (const type of this.types) body.bytes(1, type);
    body.append(this.code);
    body.byte(0x0b);
    section.sized(body);
  }
}

/** A module that imports one memory, `env.memory`, and exports functions of i32 arguments. */
export class ModuleBuilder {
  private readonly functions: FunctionBuilder[] = [];
  private readonly exported: { readonly name: string; readonly index: number }[] = [];

  /** Add a finished function; returns its index for `call`. */
  add(body: FunctionBuilder, exportName?: string): number {
    const index = this.functions.push(body) - 1;
    if (exportName !== undefined) this.exported.push({ name: exportName, index });
    return index;
  }

  /** `shared`: the memory is one that threads can share, of up to 4 GiB. */
  bytes(pages: number, shared = false): Uint8Array<ArrayBuffer> {
    const arities = [...new Set(this.functions.map((f) => f.parameters))];
    const module = new ByteWriter();
    module.bytes(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    const section = <T>(id: number, items: readonly T[], write: (content: ByteWriter, item: T) => void): void => {
      const content = new ByteWriter();
      content.unsigned(items.length);
      for (const item of items) write(content, item);
      module.byte(id);
      module.sized(content);
    };
    section(1, arities, (content, arity) => {
      content.bytes(0x60, arity, ...new Array<number>(arity).fill(I32), 0);
    });
    section(2, ["memory"], (content, field) => {
      content.name("env");
      content.name(field);
      content.bytes(0x02, shared ? 0x03 : 0x00);
      content.unsigned(pages);
      if (shared) content.unsigned(MOST_PAGES);
    });
    section(3, this.functions, (content, f) => content.unsigned(arities.indexOf(f.parameters)));
    section(7, this.exported, (content, { name, index }) => {
      content.name(name);
      content.byte(0x00);
      content.unsigned(index);
    });
    section(10, this.functions, (content, f) => f.writeTo(content));
    return module.result();
  }
}
