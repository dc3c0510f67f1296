import type { Precision } from "../../draws.ts";

/** Bytes of a line of the cache: a vector that lies across two takes two loads. */
const LINE = 64;

/** Where something lies: at a fixed address, or at an offset within the area of the group that is running. */
export interface Place {
  readonly space: "fixed" | "group";
  readonly offset: number;
}

/** Lane constants, each once: sixteen bytes with the same value in every lane. */
export interface LaneConstants {
  /** The address of a float in every lane, rounded to the precision. */
  float(x: number): number;
  /** The address of a bit pattern in every lane. */
  bits(pattern: bigint): number;
}

/**
 * Lays out a kernel's linear memory: fixed areas (constants, shared inputs, scratch) and, after them, one area a group
 * of chains with everything that outlives an iteration.
 */
export class MemoryLayout implements LaneConstants {
  readonly precision: Precision;
  /** Contents that do not change, written once. */
  readonly initial: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  private top = 16;
  private groupTop = 0;
  private readonly constants = new Map<string, number>();

  constructor(precision: Precision) {
    this.precision = precision;
  }

  /** Bytes of fixed memory so far; the groups' areas begin there. The last numbers' neighbours can be loaded, too. */
  get fixedBytes(): number {
    return roundUp(this.top, LINE) + LINE;
  }
  get groupBytes(): number {
    return roundUp(this.groupTop, LINE);
  }

  fixed(bytes: number): Place {
    const offset = aligned(this.top, bytes);
    this.top = roundUp(offset + bytes);
    return { space: "fixed", offset };
  }

  group(bytes: number): Place {
    const offset = aligned(this.groupTop, bytes);
    this.groupTop = roundUp(offset + bytes);
    return { space: "group", offset };
  }

  /** Fixed memory with contents. */
  data(bytes: Uint8Array): Place {
    const place = this.fixed(bytes.length);
    this.initial.push({ address: place.offset, bytes });
    return place;
  }

  float(x: number): number {
    return this.bits(floatPattern(this.precision, x));
  }

  bits(pattern: bigint): number {
    const key = pattern.toString(16);
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    if (this.precision === "float32") for (let i = 0; i < 16; i += 4) view.setUint32(i, Number(pattern), true);
    else for (let i = 0; i < 16; i += 8) view.setBigUint64(i, pattern, true);
    const address = this.data(bytes).offset;
    this.constants.set(key, address);
    return address;
  }
}

/** The bits of a number, rounded to the precision. */
export function floatPattern(precision: Precision, x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (precision === "float32") view.setFloat32(0, x, true);
  else view.setFloat64(0, x, true);
  return precision === "float32" ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true);
}

function roundUp(bytes: number, to = 16): number {
  return Math.ceil(bytes / to) * to;
}

/** Where something of that many bytes may lie at or after `top`: what fills a line of the cache begins with one. */
function aligned(top: number, bytes: number): number {
  return bytes < LINE ? top : roundUp(top, LINE);
}
