import type { Coordinates } from "../draws.ts";
import { about, ModelError } from "../errors.ts";
import { byNames, own } from "../named.ts";
import { inWords, suggestion } from "./words.ts";

/** The sizes that are given: by number, or by as many labels. Throws a ModelError where the two disagree. */
export function knownSizes(
  dimensions: Readonly<Record<string, number>>,
  coordinates: Coordinates,
): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = byNames();
  for (const [dim, size] of Object.entries(dimensions)) {
    if (!Number.isInteger(size) || size < 1)
      throw new ModelError(`Dimension ${dim} must have a whole number of entries, at least 1; it has ${size}.`);
    sizes[dim] = size;
  }
  for (const [dim, labels] of Object.entries(coordinates)) {
    const known = sizes[dim];
    if (known !== undefined && known !== labels.length)
      throw new ModelError(
        `Dimension ${dim} has ${known} entries but ${labels.length} labels.`,
        about("coordinates", dim),
      );
    const twice = labels.find((label, i) => labels.indexOf(label) !== i);
    if (twice !== undefined)
      throw new ModelError(`Dimension ${dim} has the label ${JSON.stringify(twice)} twice.`, about("coordinates", dim));
    sizes[dim] = labels.length;
  }
  return sizes;
}

/**
 * Labels for every dimension that is used: those given, else 0, 1, … Throws a ModelError for labels of a dimension
 * that nothing has.
 */
export function completeCoordinates(used: Readonly<Record<string, number>>, given: Coordinates): Coordinates {
  for (const dim of Object.keys(given)) {
    if (!Object.hasOwn(used, dim))
      throw new ModelError(
        `Labels were given for dimension ${dim}, which no data and no variable have` +
          `${suggestion(dim, Object.keys(used))} They have ${inWords(Object.keys(used))}.`,
        about("coordinates", dim),
      );
  }
  return Object.fromEntries(
    Object.entries(used).map(([dim, size]) => [dim, own(given, dim) ?? Array.from({ length: size }, (_, i) => i)]),
  );
}

/** A name for each element of a variable, row-major: `beta[mean radius]`, or `tau` for a scalar. */
export function elementNames(name: string, dims: readonly string[], coordinates: Coordinates): string[] {
  let labels: string[] = [""];
  for (const dim of dims) labels = labels.flatMap((start) => coordinates[dim]!.map((label) => `${start}, ${label}`));
  return labels.map((text) => (text === "" ? name : `${name}[${text.slice(2)}]`));
}
