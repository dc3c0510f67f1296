/**
 * SHA-256 whose state can be saved: a run that keeps no draws cannot hash them anew when it is resumed. Node's own hash,
 * which is several times as fast, hides its state; it is used wherever the draws lie on the disk.
 * Source: FIPS 180-4, section 6.2.
 */
import { StoreError } from "../errors.ts";

const BLOCK = 64;
/** Bytes of a saved state: 8 words, the unhashed rest of at most 63 bytes in a block of its own, the length. */
export const SHA256_STATE_BYTES: number = 32 + BLOCK + 8;

/** The first 32 bits of the fractional parts of a root of the first primes, exact by integer arithmetic. */
function primeConstants(count: number, root: 2n | 3n): Uint32Array {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return Uint32Array.from(primes, (prime) => {
    const scaled = prime << (32n * root);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** root <= scaled) low = middle;
      else high = middle;
    }
    return Number(BigInt.asUintN(32, low));
  });
}

const ROUNDS = Int32Array.from(primeConstants(64, 3n));
const START = Int32Array.from(primeConstants(8, 2n));

/** Adds one block of 64 bytes to the state. */
function compress(state: Int32Array, words: Int32Array): void {
  for (let t = 16; t < 64; t++) {
    const x = words[t - 15]!;
    const y = words[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[t] = (words[t - 16]! + s0 + words[t - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[t]! + words[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
  state[4] = (state[4]! + e) | 0;
  state[5] = (state[5]! + f) | 0;
  state[6] = (state[6]! + g) | 0;
  state[7] = (state[7]! + h) | 0;
}

/** A streaming SHA-256. Asking for the digest does not end it. */
export class Sha256 {
  readonly #state: Int32Array = START.slice();
  readonly #words: Int32Array = new Int32Array(64);
  readonly #rest: Uint8Array = new Uint8Array(BLOCK);
  #length = 0;

  /** Continues from a saved state. @throws StoreError if the state has another length */
  static from(saved: Uint8Array): Sha256 {
    if (saved.length !== SHA256_STATE_BYTES) {
      throw new StoreError(`the saved state of a digest has ${saved.length} bytes, expected ${SHA256_STATE_BYTES}.`);
    }
    const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
    const hash = new Sha256();
    for (let word = 0; word < 8; word++) hash.#state[word] = view.getInt32(4 * word);
    hash.#rest.set(saved.subarray(32, 32 + BLOCK));
    hash.#length = Number(view.getBigUint64(32 + BLOCK));
    return hash;
  }

  /** What `from` continues. */
  save(): Uint8Array {
    const saved = new Uint8Array(SHA256_STATE_BYTES);
    const view = new DataView(saved.buffer);
    for (let word = 0; word < 8; word++) view.setInt32(4 * word, this.#state[word]!);
    saved.set(this.#rest.subarray(0, this.#length % BLOCK), 32);
    view.setBigUint64(32 + BLOCK, BigInt(this.#length));
    return saved;
  }

  update(bytes: Uint8Array): void {
    let at = 0;
    let held = this.#length % BLOCK;
    this.#length += bytes.length;
    if (held > 0) {
      at = Math.min(BLOCK - held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), held);
      held += at;
      if (held < BLOCK) return;
      this.#block(this.#rest, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#block(bytes, at);
    this.#rest.set(bytes.subarray(at));
  }

  /** The digest of what was added so far, in hexadecimal. */
  digest(): string {
    const end = Sha256.from(this.save());
    const padding = new Uint8Array(9 + ((2 * BLOCK - 9 - (this.#length % BLOCK)) % BLOCK));
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, 8n * BigInt(this.#length));
    end.update(padding);
    return Array.from(end.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #block(bytes: Uint8Array, at: number): void {
    const words = this.#words;
    for (let word = 0, from = at; word < 16; word++, from += 4) {
      words[word] = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!;
    }
    compress(this.#state, words);
  }
}
