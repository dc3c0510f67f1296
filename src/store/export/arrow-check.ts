/**
 * Checks the frame of Arrow IPC before flechette decodes it, which trusts every length: messages lie in the file, tables and
 * vectors in their message, and the table is flat, of numbers and booleans, and not compressed.
 * Source: Arrow columnar format, "Serialization and Interprocess Communication"; flatbuffers' Schema.fbs, Message.fbs.
 */
import { StoreError } from "../../errors.ts";

const MAGIC_BYTES = 6;
const BLOCK_BYTES = 24;
/** Message headers. */
const SCHEMA = 1;
const RECORD_BATCH = 3;
/** Types: whole numbers, floating point, boolean. */
const NUMBERS: ReadonlySet<number> = new Set([2, 3, 6]);

/** A flatbuffer: numbers at places, all of them checked. */
class Frame {
  readonly #view: DataView;
  readonly #file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  fail(what: string): never {
    throw new StoreError(`cannot read ${this.#file}: ${what}.`);
  }

  damaged(): never {
    return this.fail("it is damaged: a length or place in it is not within the file");
  }

  int32(at: number): number {
    return this.#inside(at, 4) ? this.#view.getInt32(at, true) : this.damaged();
  }

  int64(at: number): number {
    return this.#inside(at, 8) ? Number(this.#view.getBigInt64(at, true)) : this.damaged();
  }

  uint8(at: number): number {
    return this.#inside(at, 1) ? this.#view.getUint8(at) : this.damaged();
  }

  /** Place of a table's field, or 0 where the table does not have it. @param at where the table's offset is */
  field(at: number, slot: number): number {
    const table = at + this.int32(at);
    const vtable = table - this.int32(table);
    if (slot >= this.#uint16(vtable)) return 0;
    const offset = this.#uint16(vtable + slot);
    return offset === 0 ? 0 : table + offset;
  }

  /** Places of the entries of a vector field; none where the table does not have it. */
  vector(at: number, slot: number, stride: number): number[] {
    const field = this.field(at, slot);
    if (field === 0) return [];
    const start = field + this.int32(field);
    const length = this.int32(start);
    if (length < 0 || !this.#inside(start + 4, length * stride)) this.damaged();
    return Array.from({ length }, (_, index) => start + 4 + index * stride);
  }

  /** Checks a text field. */
  text(at: number, slot: number): void {
    this.vector(at, slot, 1);
  }

  #uint16(at: number): number {
    return this.#inside(at, 2) ? this.#view.getUint16(at, true) : this.damaged();
  }

  #inside(at: number, length: number): boolean {
    return at >= 0 && at + length <= this.#view.byteLength;
  }
}

function checkMetadata(frame: Frame, at: number, slot: number): void {
  for (const entry of frame.vector(at, slot, 4)) {
    frame.text(entry, 4);
    frame.text(entry, 6);
  }
}

function checkSchema(frame: Frame, at: number): void {
  for (const field of frame.vector(at, 6, 4)) {
    frame.text(field, 4);
    const type = frame.field(field, 8);
    const isNumber = type !== 0 && NUMBERS.has(frame.uint8(type));
    if (!isNumber || frame.field(field, 12) !== 0 || frame.vector(field, 14, 4).length > 0) {
      frame.fail("it has a column that is not of numbers or booleans; draws are a flat table of numbers");
    }
    const inner = frame.field(field, 10);
    if (inner !== 0) frame.field(inner, 4);
    checkMetadata(frame, field, 16);
  }
  checkMetadata(frame, at, 8);
}

function checkBatch(frame: Frame, at: number): void {
  frame.vector(at, 6, 16);
  frame.vector(at, 8, 16);
  frame.vector(at, 12, 8);
  if (frame.field(at, 10) !== 0) {
    frame.fail("it is compressed. Write it without compression, or as Parquet");
  }
}

/** Checks a message and gives the place after it; undefined at the end of a stream. */
function checkMessage(bytes: Uint8Array, outer: Frame, start: number, file: string): number | undefined {
  let at = start;
  if (at + 4 > bytes.length) return undefined;
  let length = outer.int32(at);
  at += 4;
  if (length === -1) {
    length = outer.int32(at);
    at += 4;
  }
  if (length === 0) return undefined;
  if (length < 0 || at + length > bytes.length) outer.damaged();
  const frame = new Frame(bytes.subarray(at, at + length), file);
  const header = frame.field(0, 8);
  const kindAt = frame.field(0, 6);
  const kind = kindAt === 0 ? 0 : frame.uint8(kindAt);
  const bodyAt = frame.field(0, 10);
  const body = bodyAt === 0 ? 0 : frame.int64(bodyAt);
  if (header === 0 || (kind !== SCHEMA && kind !== RECORD_BATCH)) {
    frame.fail("it has a message that is neither a schema nor a batch of rows");
  }
  if (kind === SCHEMA) checkSchema(frame, header);
  else checkBatch(frame, header);
  if (body < 0 || at + length + body > bytes.length) outer.damaged();
  return at + length + body;
}

function checkFile(bytes: Uint8Array, frame: Frame, file: string): void {
  const tail = bytes.length - MAGIC_BYTES - 4;
  const footer = tail - frame.int32(tail);
  if (footer < 0 || footer > tail) frame.damaged();
  const schema = frame.field(footer, 6);
  if (schema === 0) frame.damaged();
  checkSchema(frame, schema);
  if (frame.vector(footer, 8, BLOCK_BYTES).length > 0) frame.fail("it has dictionaries; draws are numbers");
  for (const block of frame.vector(footer, 10, BLOCK_BYTES)) {
    checkMessage(bytes, frame, frame.int64(block), file) ?? frame.damaged();
  }
  checkMetadata(frame, footer, 12);
}

/** Checks an Arrow file or stream. @throws StoreError that says what is wrong */
export function checkArrow(bytes: Uint8Array, file: string): void {
  const frame = new Frame(bytes, file);
  if (Buffer.from(bytes.subarray(0, MAGIC_BYTES)).toString("latin1") === "ARROW1") {
    checkFile(bytes, frame, file);
    return;
  }
  for (let at: number | undefined = 0; at !== undefined; ) at = checkMessage(bytes, frame, at, file);
}
