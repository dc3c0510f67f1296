import type { Program } from "../../graph/program.ts";
import { simplify } from "../../graph/simplify.ts";
import { productsOfLogs } from "./logProducts.ts";

/** The program as this engine goes about it: simplified, and rewritten where one engine's way is not every engine's. */
export function lower(program: Program): Program {
  return productsOfLogs(simplify(program));
}
