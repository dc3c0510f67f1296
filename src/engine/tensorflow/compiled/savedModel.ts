import type { StoredType } from "../../../draws.ts";
import type { Port, PrintedProgram } from "../../stablehlo/index.ts";
import { field, integer, message } from "./protobuf.ts";

/** TensorFlow's numbers of the types. */
const TYPES: Readonly<Record<StoredType, number>> = { float32: 1, float64: 2, int32: 3, bool: 10, uint32: 22 };
const INT32 = TYPES.int32;
/** The version of XlaCallModule's calling convention: the module's `main` takes and gives the node's values, and no more. */
const CALL_VERSION = 9;
/** Of graphs, as TensorFlow 2.21 writes and reads them. */
const GRAPH_VERSION = 2286;

export type Platform = "CPU" | "CUDA";

/** A SavedModel, and what its nodes are called. */
export interface SavedModel {
  /** The content of `saved_model.pb`. */
  readonly bytes: Uint8Array;
  /** `x0:0,x1:0,…`, in the order of the program's inputs. */
  readonly inputNames: string;
  readonly outputNames: string;
}

/** The tag that the model is loaded by. */
export const TAG = "serve";

/**
 * A printed program as a SavedModel: one XlaCallModule node carries the text as it is, between placeholders and results.
 * Everything crosses as int32, since the addon knows neither float64 nor uint32, and keeps int32 in the host's memory:
 * bits of float32 and uint32, pairs of words (the low one first) for float64, 0 or 1 for bool.
 */
export function savedModel({ text, inputs, outputs }: PrintedProgram, platform: Platform): SavedModel {
  const nodes = [
    ...inputs.flatMap((port, i) => inputNodes(port, i)),
    node(
      "call",
      "XlaCallModule",
      inputs.map((_, i) => `in${i}`),
      {
        version: attribute.integer(CALL_VERSION),
        module: attribute.text(text),
        Tin: attribute.list(inputs.map(({ dtype }) => integer(6, TYPES[dtype]))),
        Tout: attribute.list(outputs.map(({ dtype }) => integer(6, TYPES[dtype]))),
        Sout: attribute.list(outputs.map((port) => field(7, shapeOf(port)))),
        platforms: attribute.list([field(2, platform)]),
        dim_args_spec: attribute.list([]),
        function_list: attribute.list([]),
        disabled_checks: attribute.list([]),
        has_token_input_output: attribute.boolean(false),
      },
    ),
    ...outputs.map((port, i) => crossing(`y${i}`, `call:${i}`, port.dtype, "out")),
  ];
  const graph = message(...nodes.map((one) => field(1, one)), field(4, integer(1, GRAPH_VERSION)));
  const meta = field(1, field(4, TAG));
  return {
    bytes: message(integer(1, 1), field(2, message(meta, field(2, graph)))),
    inputNames: inputs.map((_, i) => `x${i}:0`).join(),
    outputNames: outputs.map((_, i) => `y${i}:0`).join(),
  };
}

/** The shape of a value as it crosses. */
export function crossingShape({ dtype, shape }: Port): number[] {
  return dtype === "float64" ? [...shape, 2] : [...shape];
}

const attribute = {
  integer: (value: number): Uint8Array => integer(3, value),
  boolean: (value: boolean): Uint8Array => integer(5, Number(value)),
  text: (value: string): Uint8Array => field(2, value),
  type: (value: number): Uint8Array => integer(6, value),
  shape: (value: Uint8Array): Uint8Array => field(7, value),
  list: (items: readonly Uint8Array[]): Uint8Array => field(1, message(...items)),
} as const;

function node(
  name: string,
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Uint8Array>>,
): Uint8Array {
  return message(
    field(1, name),
    field(2, op),
    ...inputs.map((input) => field(3, input)),
    ...Object.entries(attributes).map(([key, value]) => field(5, message(field(1, key), field(2, value)))),
  );
}

function inputNodes(port: Port, i: number): Uint8Array[] {
  const shape = attribute.shape(shapeOf({ shape: crossingShape(port) }));
  const placeholder = node(`x${i}`, "Placeholder", [], { dtype: attribute.type(INT32), shape });
  return [placeholder, crossing(`in${i}`, `x${i}`, port.dtype, "in")];
}

/** From int32 to a type, or back. */
function crossing(name: string, input: string, dtype: StoredType, way: "in" | "out"): Uint8Array {
  const [from, to] = way === "in" ? [INT32, TYPES[dtype]] : [TYPES[dtype], INT32];
  if (dtype === "int32") return node(name, "Identity", [input], { T: attribute.type(INT32) });
  if (dtype === "bool") return node(name, "Cast", [input], { SrcT: attribute.type(from), DstT: attribute.type(to) });
  return node(name, "Bitcast", [input], { T: attribute.type(from), type: attribute.type(to) });
}

function shapeOf({ shape }: Pick<Port, "shape">): Uint8Array {
  return message(...shape.map((size) => field(2, integer(1, size))));
}
