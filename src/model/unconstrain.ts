import { about, ModelError } from "../errors.ts";
import { constant, type Node } from "../graph/node.ts";
import { own } from "../named.ts";
import type { ParameterSlot, ParameterValues } from "./boundModel.ts";
import { environmentWith, hostValue } from "./host.ts";
import type { Transform } from "./transform.ts";
import { inWords, suggestion } from "./words.ts";

/** z of constrained values; see `BoundModel.unconstrain`. Bounds that depend on earlier parameters take their values. */
export function unconstrain(
  modelName: string,
  parameters: readonly { readonly z: Node; readonly transform: Transform }[],
  slots: readonly ParameterSlot[],
  values: ParameterValues,
  otherwise: ArrayLike<number> | undefined,
): Float64Array {
  const names = slots.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ModelError(
      `Model ${modelName} has no parameter ${unknown}${suggestion(unknown, names)} It has ${inWords(names)}.`,
      about("values", unknown),
    );
  const missing = names.filter((name) => own(values, name) === undefined);
  if (missing.length > 0 && otherwise === undefined)
    throw new ModelError(
      `Model ${modelName} needs values of all its parameters; ${inWords(missing)} have none.`,
      about("values"),
    );
  const result = Float64Array.from({ length: slots.reduce((total, { size }) => total + size, 0) }, (_, i) =>
    Number(otherwise?.[i] ?? 0),
  );
  const known = environmentWith(new Map());
  slots.forEach((slot, i) => {
    const { z, transform } = parameters[i]!;
    const given = own(values, slot.name);
    const part = result.subarray(slot.offset, slot.offset + slot.size);
    if (given !== undefined) {
      const value = constant(checked(slot, typeof given === "number" ? [given] : given), slot.shape);
      part.set(hostValue(transform.unconstrain(value), known));
      const outside = part.findIndex((coordinate) => !Number.isFinite(coordinate));
      if (outside >= 0)
        throw new ModelError(
          `${slot.name} must be ${transform.support}; element ${outside} (from 0) of the value given is ` +
            `${typeof given === "number" ? given : given[outside]}.`,
          about("values", slot.name),
        );
    }
    known.values.set(z, Float64Array.from(part));
  });
  return result;
}

function checked({ name, size, shape }: ParameterSlot, values: ArrayLike<number>): ArrayLike<number> {
  if (values.length !== size)
    throw new ModelError(
      `${name} has ${size} values, shape [${shape}]; ${values.length} were given.`,
      about("values", name),
    );
  return values;
}
