/**
 * Marks: what binds the chunks of a batch to their places. A chunk's own checksum is right wherever it lies, and an older
 * version of a chunk has a right one too. So a checkpoint keeps a mark for each array of its batch: a running SHA-256 over the
 * checksums of the array's chunks, in order, up to its position. A batch goes on only from a checkpoint whose marks are those of
 * what lies on the disk.
 */
import { createHash } from "node:crypto";

/** Hexadecimal digits of each of a mark's two parts. */
const DIGITS = 32;
const FORM = /^[0-9a-f]{32}(?:[0-9a-f]{32})?$/;

function digestOf(before: string, sums: readonly number[]): string {
  return createHash("sha256").update(before).update(Uint32Array.from(sums)).digest("hex").slice(0, DIGITS);
}

/** The mark of one array of one batch. */
export class ArrayMark {
  #whole = "0".repeat(DIGITS);
  #begun = "";

  /** Adds the next chunk of draws. @param sums checksums of its files, in the order of their chains */
  addWhole(sums: readonly number[]): void {
    this.#whole = digestOf(this.#whole, sums);
    this.#begun = "";
  }

  /** The chunk after the whole ones as it is now, its missing draws blank. */
  setBegun(sums: readonly number[]): void {
    this.#begun = digestOf("", sums);
  }

  /** As text; the same for the same draws. */
  text(): string {
    return this.#whole + this.#begun;
  }

  /** What the mark would be with this begun chunk. */
  textWith(sums: readonly number[]): string {
    return this.#whole + digestOf("", sums);
  }

  /** Goes on from a text that `isMark`. */
  restore(text: string): void {
    this.#whole = text.slice(0, DIGITS);
    this.#begun = text.slice(DIGITS);
  }
}

/** True for what `text` can have given. */
export function isMark(text: unknown): text is string {
  return typeof text === "string" && FORM.test(text);
}

/** Marks of a group's arrays by batch and variable, begun where there is none. */
export class Marks {
  readonly #marks = new Map<string, ArrayMark>();

  of(batch: number, variable: string): ArrayMark {
    const key = `${batch} ${variable}`;
    const mark = this.#marks.get(key) ?? new ArrayMark();
    this.#marks.set(key, mark);
    return mark;
  }
}
