/** Bytes that grow, with the numbers of the WebAssembly format. */
export class ByteWriter {
  private data = new Uint8Array(1024);
  private used = 0;

  get length(): number {
    return this.used;
  }

  byte(value: number): void {
    if (this.used === this.data.length) this.reserve(1);
    this.data[this.used++] = value;
  }

  bytes(...values: readonly number[]): void {
    for (const value of values) this.byte(value);
  }

  /** Unsigned LEB128. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  /** Signed LEB128 of a 32-bit integer. */
  signed(value: number): void {
    let rest = value | 0;
    for (; rest < -64 || rest > 63; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest & 0x7f);
  }

  append(other: ByteWriter): void {
    if (this.used + other.used > this.data.length) this.reserve(other.used);
    this.data.set(other.data.subarray(0, other.used), this.used);
    this.used += other.used;
  }

  /** The other's length, then its bytes. */
  sized(other: ByteWriter): void {
    this.unsigned(other.used);
    this.append(other);
  }

  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.unsigned(bytes.length);
    for (const byte of bytes) this.byte(byte);
  }

  result(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.used);
  }

  private reserve(more: number): void {
    const larger = new Uint8Array(Math.max(2 * this.data.length, this.used + more));
    larger.set(this.data.subarray(0, this.used));
    this.data = larger;
  }
}
