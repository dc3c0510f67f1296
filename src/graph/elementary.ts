import { float64, elementary as functions, pow as power } from "../elementary/index.ts";

type Name = keyof typeof functions;

/** The elementary functions on float64 numbers: the same bits as in every engine that claims them. */
export const elementary: Readonly<Record<Name, (x: number) => number>> = Object.fromEntries(
  Object.entries(functions).map(([name, f]) => [name, (x: number): number => f(float64, x)]),
) as Record<Name, (x: number) => number>;

/** xʸ for x ≥ 0. */
export function pow(x: number, y: number): number {
  return power(float64, x, y);
}
