/** Names: of quantities as people read them, and of folders and variables as the file system sees them. */
import type { Coordinates, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";

/** Labels of one axis: the coordinates of its dimension where they are given, else 0, 1, 2 … */
export function axisLabels(dim: string, length: number, coordinates: Coordinates): readonly (string | number)[] {
  return givenLabels(dim, length, coordinates) ?? Array.from({ length }, (_, index) => index);
}

/** The coordinates of a dimension, where they are given. @throws StoreError where they do not fit its length */
export function givenLabels(
  dim: string,
  length: number,
  coordinates: Coordinates,
): readonly (string | number)[] | undefined {
  const given = Object.hasOwn(coordinates, dim) ? coordinates[dim] : undefined;
  if (given === undefined) return undefined;
  if (given.length !== length) {
    throw new StoreError(
      `dimension "${dim}" has ${given.length} coordinates, but an array with that dimension is ${length} long. Give one coordinate for each element.`,
    );
  }
  const odd = given.find((label) => typeof label === "number" && !Number.isFinite(label));
  if (odd === undefined) return given;
  throw new StoreError(`dimension "${dim}" has the coordinate ${odd}; expected a text or a finite number.`);
}

/**
 * Names of a variable's scalar quantities in row-major order, as ArviZ's summary writes them: `tau` for a scalar,
 * `coefficient[mean radius]`, `covariance[0, 1]` for arrays.
 */
export function quantityNames(variable: VariableSpec, coordinates: Coordinates): string[] {
  let prefixes: string[] = [""];
  variable.shape.forEach((length, axis) => {
    const labels = axisLabels(variable.dims[axis] ?? "", length, coordinates);
    const separator = axis === 0 ? "" : ", ";
    prefixes = prefixes.flatMap((prefix) => labels.map((label) => `${prefix}${separator}${label}`));
  });
  return variable.shape.length === 0 ? [variable.name] : prefixes.map((inner) => `${variable.name}[${inner}]`);
}

const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const MAX_NAME_BYTES = 150;

function whyUnsafe(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (/[/\\]/.test(name)) return "it has a path separator";
  if (name.startsWith(".")) return "it begins with a dot";
  if (CONTROL.test(name)) return "it has a control character";
  if (/[<>:"|?*]/.test(name)) return 'it has one of < > : " | ? *';
  if (/[. ]$/.test(name)) return "it ends in a dot or a space";
  if (WINDOWS_DEVICE.test(name)) return "it is a device name on Windows";
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  return undefined;
}

/**
 * Checks that a name that came from a user is one plain path component, so that it cannot leave the results folder.
 * @throws StoreError that says why it is refused
 */
export function checkFileName(name: string, what: string): string {
  const reason = whyUnsafe(name);
  if (reason === undefined) return name;
  throw new StoreError(
    `${what} ${JSON.stringify(name)} cannot name a file: ${reason}. Use letters, digits, "-" and "_", for example "my-run".`,
  );
}
