/** Nodes and the functions that make them. */
export { carriedResult, concat, input, loop, parameter, stack } from "./build.ts";
export { constant, lift, make, Node, type Operand } from "./nodeClass.ts";
export { sameShape } from "./shape.ts";
