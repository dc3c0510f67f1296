import { suggestion } from "../config/suggest.ts";
import { quantityNames } from "../store/index.ts";
import { type DrawsSource, usedBatches } from "../summary/summarize.ts";

/** The draws of a run by quantity. */
export interface QuantityReader {
  readonly quantities: readonly string[];
  draws(quantity: string): Promise<Float64Array[]>;
}

export function drawReader(source: DrawsSource): QuantityReader {
  const { layout } = source;
  const owners = new Map<string, string>();
  for (const variable of layout.variables) {
    for (const quantity of quantityNames(variable, layout.coordinates)) owners.set(quantity, variable.name);
  }
  const quantities = [...owners.keys()];
  return {
    quantities,
    draws: async (quantity) => {
      const owner = owners.get(quantity);
      if (owner === undefined) {
        const listed = quantities.length > 12 ? `${quantities.slice(0, 12).join(", ")}, …` : quantities.join(", ");
        throw new RangeError(
          `there is no quantity ${JSON.stringify(quantity)}${suggestion(quantity, quantities) || `; expected one of ${listed}`}`,
        );
      }
      const read = await source.draws(owner, usedBatches(source.perBatch()).batches);
      return read.find(({ name }) => name === quantity)!.draws;
    },
  };
}
