import { createResults, type Keep, openResults, type ResultsReader, type StoreLayout } from "../../src/store/index.ts";
import { block, data, layout, manifest } from "../store/example.ts";

/** The layout of the example, with more statistics. */
export const layoutOf: StoreLayout = {
  ...layout,
  statistics: [
    ...layout.statistics,
    { name: "step_size", dtype: "float32", dims: [], shape: [] },
    { name: "energy", dtype: "float64", dims: [], shape: [] },
    { name: "acceptance_rate", dtype: "float64", dims: [], shape: [] },
  ],
};

/** A run that was interrupted after some draws. */
export async function exampleRun(root: string, keep?: Keep, draws = 20): Promise<ResultsReader> {
  const kept = { ...layoutOf, ...(keep === undefined ? {} : { keep }) };
  const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout: kept, data });
  for (const batch of [0, 1, 2]) await writer.appendBlock(block(batch, 0, draws, "sampling", kept));
  await writer.finish({ status: "interrupted" });
  return await openResults(writer.directory);
}
