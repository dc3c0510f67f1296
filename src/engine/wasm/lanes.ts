import type { Precision } from "../../draws.ts";
import { type FunctionBuilder, type Local, type SimdOp, simd, V128 } from "./encoder.ts";
import { LaneArithmetic } from "./laneArithmetic.ts";
import type { LaneConstants } from "./memory.ts";

/**
 * Vectors of lanes in generated code: one local each, worked on side by side so that the latency of one hides behind
 * the others; or a constant, the same in all of them, that is loaded where it is used.
 */
export type Lane = { readonly locals: readonly Local[] } | { readonly address: number };

/** Vector k of a lane, where fewer vectors repeat. */
export function vectorOf(lane: Lane, k: number): Lane {
  return "locals" in lane ? { locals: [lane.locals[k % lane.locals.length]!] } : lane;
}

/** Emits the arithmetic of lanes into a function. */
export class Lanes extends LaneArithmetic<Lane> {
  readonly precision: Precision;
  private readonly f: FunctionBuilder;
  private readonly table: LaneConstants;

  constructor(precision: Precision, f: FunctionBuilder, table: LaneConstants) {
    super();
    this.precision = precision;
    this.f = f;
    this.table = table;
  }

  /** Push vector k. */
  push(lane: Lane, k = 0): void {
    if ("locals" in lane) {
      this.f.get(lane.locals[k % lane.locals.length]!);
    } else {
      this.f.i32(0);
      this.f.memory(this.precision === "float32" ? simd.load32Splat : simd.load64Splat, lane.address);
    }
  }

  /** Keep what is on the stack in a new local. */
  keep(): Lane {
    return { locals: [this.keepLocal()] };
  }

  private keepLocal(): Local {
    const local = this.f.local(V128);
    this.f.set(local);
    return local;
  }

  /** One instruction on each vector, one after the other. */
  apply(op: SimdOp, inputs: readonly Lane[], shift?: number): Lane {
    const width = Math.max(1, ...inputs.map((lane) => ("locals" in lane ? lane.locals.length : 1)));
    // A constant is loaded once for all vectors.
    const held = width > 1 ? inputs.map((lane) => this.held(lane)) : inputs;
    const locals: Local[] = [];
    for (let k = 0; k < width; k++) {
      for (const lane of held) this.push(lane, k);
      if (shift !== undefined) this.f.i32(shift);
      this.f.simd(op);
      locals.push(this.keepLocal());
    }
    return { locals };
  }

  private held(lane: Lane): Lane {
    if ("locals" in lane) return lane;
    this.push(lane);
    return this.keep();
  }

  constant(x: number): Lane {
    return { address: this.table.float(x) };
  }
  bits(pattern: bigint): Lane {
    return { address: this.table.bits(pattern) };
  }
}
