import type { ConstantData } from "../../graph/types.ts";
import type { Element } from "./types.ts";

/** Constants up to this many elements are written as numbers; longer ones as the hexadecimal digits of their bytes. */
const READABLE = 8;

/**
 * The literal of a constant, exact in every element: `dense<0.5>` where all are equal, `dense<[1, 2]>`, or
 * `dense<"0x…">`. Nested brackets are not needed: a hexadecimal literal takes its shape from the type, and so short
 * lists are written for vectors alone.
 */
export function literal(data: ConstantData | readonly number[], dims: readonly number[], element: Element): string {
  const first = data[0];
  if (first === undefined) return "dense<>";
  if (everySame(data)) return `dense<${number(first, element)}>`;
  // Packed bits have a layout of their own, so bools are never written as bytes.
  if (element === "i1" || (dims.length === 1 && data.length <= READABLE)) {
    const elements = Array.from(data, (x: number) => number(x, element));
    return `dense<${bracketed(elements, dims)}>`;
  }
  return `dense<"0x${hexadecimal(data, element)}">`;
}

function everySame(data: ConstantData | readonly number[]): boolean {
  const first = data[0];
  for (const x of data) if (!Object.is(x, first)) return false;
  return true;
}

function bracketed(elements: readonly string[], dims: readonly number[]): string {
  const [length, ...rest] = dims;
  if (length === undefined) return elements[0]!;
  const run = elements.length / length;
  const parts = Array.from({ length }, (_, i) => bracketed(elements.slice(i * run, (i + 1) * run), rest));
  return `[${parts.join(", ")}]`;
}

/** One element as MLIR reads it: floats need a point; what has no decimal form is written by its bits. */
function number(x: number, element: Element): string {
  if (element === "i1") return x === 0 ? "false" : "true";
  if (element === "ui64") return String(BigInt(x));
  if (element !== "f32" && element !== "f64") return String(x);
  const rounded = element === "f32" ? Math.fround(x) : x;
  if (!Number.isFinite(rounded)) return bits(rounded, element);
  if (Object.is(rounded, -0)) return "-0.0";
  const [digits, exponent] = String(rounded).split("e") as [string, string?];
  const pointed = digits.includes(".") ? digits : `${digits}.0`;
  return exponent === undefined ? pointed : `${pointed}e${exponent}`;
}

function bits(x: number, element: "f32" | "f64"): string {
  const view = new DataView(new ArrayBuffer(8));
  if (element === "f32") view.setFloat32(0, x);
  else view.setFloat64(0, x);
  const digits = element === "f32" ? 8 : 16;
  return `0x${view.getBigUint64(0).toString(16).toUpperCase().padStart(16, "0").slice(0, digits)}`;
}

/** The bytes of the elements, each with its low byte first. */
function hexadecimal(data: ConstantData | readonly number[], element: Element): string {
  const width = element === "f64" || element === "ui64" ? 8 : 4;
  const view = new DataView(new ArrayBuffer(data.length * width));
  data.forEach((x: number, i: number) => {
    if (element === "f32") view.setFloat32(i * 4, x, true);
    else if (element === "f64") view.setFloat64(i * 8, x, true);
    else if (element === "ui64") view.setBigUint64(i * 8, BigInt(x), true);
    else view.setUint32(i * 4, x, true);
  });
  return Buffer.from(view.buffer).toString("hex").toUpperCase();
}
