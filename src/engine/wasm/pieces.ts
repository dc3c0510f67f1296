import type { StepCode } from "./code.ts";
import { FunctionBuilder, type Local, type ModuleBuilder } from "./encoder.ts";

/*
 * A recursion that is written out makes straight-line code of any length, and V8 refuses a function of more than 50,000
 * locals or 7.6 MB; long before, it optimises one in a time that grows faster than its length. So what is long is cut into
 * functions that are called one after the other. Cutting changes no bit, and nothing is cut that is short.
 */

/** How long something may be before it is cut. */
export interface Longest {
  /** Items of straight-line code in a function (`body.ts`). */
  readonly items: number;
  /** Functions that a function calls, parts that it moves, and what else it does one after the other. */
  readonly parts: number;
}

export const LONGEST: Longest = { items: 2000, parts: 512 };

/** What a product counts in items: about as much code. */
export const PRODUCT_ITEMS = 40;

/** Something to emit, with its length. */
export interface Piece {
  readonly items: number;
  readonly emit: (code: StepCode, locals: readonly Local[]) => void;
}

/** Emit pieces, as many to a function as fit one, each with the values of some locals. */
export function emitPieces(code: StepCode, pieces: readonly Piece[], locals: readonly Local[], most: number): void {
  let together: Piece[] = [];
  let items = 0;
  const flush = (): void => {
    const these = together;
    if (these.length > 0)
      code.outline(locals, (inner, given) => {
        for (const piece of these) piece.emit(inner, given);
      });
    together = [];
    items = 0;
  };
  for (const piece of pieces) {
    if (items + piece.items > most) flush();
    together.push(piece);
    items += piece.items;
  }
  flush();
}

/** `emit` of each part: here where they are few, else some to a function. */
export function emitParts<T>(code: StepCode, parts: readonly T[], emit: (code: StepCode, part: T) => void): void {
  const { longest } = code;
  if (parts.length <= longest.parts) {
    for (const part of parts) emit(code, part);
    return;
  }
  const pieces = parts.map((part): Piece => ({ items: 1, emit: (inner) => emit(inner, part) }));
  emitPieces(code, pieces, [], longest.parts);
}

/** Functions of (group) in order; where they are many, functions that call them. */
export function callsOf(module: ModuleBuilder, functions: readonly number[], most: number): readonly number[] {
  if (functions.length <= most) return functions;
  const callers: number[] = [];
  for (let first = 0; first < functions.length; first += most) {
    const f = new FunctionBuilder(1);
    for (const index of functions.slice(first, first + most)) {
      f.get(0);
      f.call(index);
    }
    callers.push(module.add(f));
  }
  return callsOf(module, callers, Math.max(2, most));
}
