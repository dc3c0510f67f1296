import type { TensorType, Value } from "./types.ts";
import { typeText } from "./types.ts";
import { signature, type Writer } from "./writer.ts";

/** Axes of a value besides `axis`. */
function others(type: TensorType, axis: number): number[] {
  return type.dims.flatMap((_, i) => (i === axis ? [] : [i]));
}

/** Rows of `x` at `indices` `[k]` along an axis: 0, or 1 where the first is the chain axis. */
export function gather(writer: Writer, x: Value, indices: Value, axis: number, type: TensorType): Value {
  const sizes = x.type.dims.map((length, i) => (i === axis ? 1 : length));
  const numbers =
    `#stablehlo.gather<offset_dims = [${others(type, axis)}], collapsed_slice_dims = [${axis}], ` +
    `start_index_map = [${axis}], index_vector_dim = 1>`;
  const attributes = `{dimension_numbers = ${numbers}, indices_are_sorted = false, slice_sizes = array<i64: ${sizes.join(", ")}>}`;
  return writer.value(
    `"stablehlo.gather"(${x.name}, ${indices.name}) ${attributes}`,
    signature([x, indices], type),
    type,
  );
}

/** Zeros with the rows of `x` added at `indices` `[k]` along an axis. */
export function scatterAdd(writer: Writer, x: Value, indices: Value, axis: number, type: TensorType): Value {
  const zeros = writer.filled(0, type);
  const element = typeText({ element: type.element, dims: [] });
  const numbers =
    `#stablehlo.scatter<update_window_dims = [${others(x.type, axis)}], inserted_window_dims = [${axis}], ` +
    `scatter_dims_to_operand_dims = [${axis}], index_vector_dim = 1>`;
  const [result, total, one, sum] = [writer.name(), writer.name(), writer.name(), writer.name()];
  writer.line(`${result} = "stablehlo.scatter"(${zeros.name}, ${indices.name}, ${x.name}) ({`);
  writer.line(`^bb0(${total}: ${element}, ${one}: ${element}):`);
  writer.region(() => {
    writer.line(`${sum} = stablehlo.add ${total}, ${one} : ${element}`);
    writer.line(`stablehlo.return ${sum} : ${element}`);
  });
  writer.line(
    `}) {indices_are_sorted = false, scatter_dimension_numbers = ${numbers}, unique_indices = false} : ${signature([zeros, indices, x], type)}`,
  );
  return { name: result, type };
}

/** A matrix `[n, d]` times vectors `[chain, d]` (or one `[d]`), or its transpose times vectors of length n. */
export function matvec(writer: Writer, matrix: Value, vector: Value, transposed: boolean, type: TensorType): Value {
  const axis = vector.type.dims.length - 1;
  // The chains come first, as rows: the other order of operands would need a transpose. HIGHEST keeps GPUs from TF32.
  const attributes = `contracting_dims = [${axis}] x [${transposed ? 0 : 1}], precision = [HIGHEST, HIGHEST]`;
  return writer.typed("dot_general", [vector, matrix], attributes, type);
}
