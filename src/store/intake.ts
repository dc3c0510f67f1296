/** What comes in: blocks are checked against the layout before they are stored, and thinned where the run asks for it. */
import type { DrawBlock, Numbers, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { elements, type StoreLayout } from "./layout.ts";
import { allocate, isStoredAs } from "./zarr.ts";

type Values = Readonly<Record<string, Numbers>>;

function checkPosition(layout: StoreLayout, block: DrawBlock, stored: number | undefined): void {
  const batch = layout.batches[block.batch];
  const planned = block.phase === "warmup" ? layout.warmup : layout.draws;
  const what = `${block.phase} block of batch ${block.batch}`;
  if (batch === undefined || stored === undefined) {
    throw new StoreError(`${what}: the run has ${layout.batches.length} batches, counted from 0.`);
  }
  if (block.firstChain !== batch.firstChain || block.chains !== batch.chains) {
    throw new StoreError(
      `${what}: expected ${batch.chains} chains from chain ${batch.firstChain}, found ${block.chains} from chain ${block.firstChain}.`,
    );
  }
  if (block.firstDraw !== stored) {
    throw new StoreError(
      `${what}: expected draws from ${stored} on, found a block that begins at ${block.firstDraw}. Append a batch's blocks in order.`,
    );
  }
  if (!Number.isSafeInteger(block.draws) || block.draws < 0 || stored + block.draws > planned) {
    throw new StoreError(`${what}: ${stored + block.draws} draws are more than the ${planned} that the layout plans.`);
  }
}

/** Checks that a block carries these variables, in their types and lengths. */
function checkValues(group: string, variables: readonly VariableSpec[], block: DrawBlock, values: Values): void {
  for (const variable of variables) {
    const found = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined;
    const expected = block.chains * block.draws * elements(variable);
    const where = `block of batch ${block.batch} at draw ${block.firstDraw}, ${group}`;
    if (found === undefined) {
      throw new StoreError(
        `${where}: variable "${variable.name}" is missing; found ${Object.keys(values).join(", ") || "none"}.`,
      );
    }
    if (!isStoredAs(found, variable.dtype) || found.length !== expected) {
      throw new StoreError(
        `${where}: variable "${variable.name}" must be ${expected} numbers of type ${variable.dtype}, found ${found.length} in a ${found.constructor.name}.`,
      );
    }
  }
}

/**
 * Checks a block against the layout.
 * @param stored draws of its batch and phase so far
 * @param z the variable of unconstrained draws, where the run keeps them
 */
export function checkBlock(
  layout: StoreLayout,
  block: DrawBlock,
  stored: number | undefined,
  z: VariableSpec | undefined,
): void {
  checkPosition(layout, block, stored);
  const prefix = block.phase === "warmup" ? "warmup_" : "";
  checkValues(`${prefix}posterior`, layout.variables, block, block.posterior);
  checkValues(`${prefix}sample_stats`, layout.statistics, block, block.statistics);
  if (z === undefined || block.phase === "warmup") return;
  const found = block.unconstrained === undefined ? {} : { z: block.unconstrained };
  checkValues("unconstrained_posterior", [z], block, found);
}

/** The draws 0, every, 2·every … of a run that lie in a block, as a block of the kept draws. */
export function thinned(block: DrawBlock, every: number, layout: StoreLayout): DrawBlock {
  const firstDraw = Math.ceil(block.firstDraw / every);
  const draws = Math.ceil((block.firstDraw + block.draws) / every) - firstDraw;
  const offset = firstDraw * every - block.firstDraw;
  const thin = (variable: Pick<VariableSpec, "dtype" | "shape">, values: Numbers): Numbers => {
    const width = elements(variable);
    const kept = allocate(variable.dtype, block.chains * draws * width);
    for (let row = 0; row < block.chains * draws; row++) {
      const from = Math.floor(row / draws) * block.draws + offset + (row % draws) * every;
      kept.set(values.subarray(from * width, (from + 1) * width), row * width);
    }
    return kept;
  };
  const all = (variables: readonly VariableSpec[], values: Values): Record<string, Numbers> =>
    Object.fromEntries(variables.map((variable) => [variable.name, thin(variable, values[variable.name]!)]));
  const { unconstrained } = layout;
  const { unconstrained: z, ...rest } = block;
  return {
    ...rest,
    firstDraw,
    draws,
    posterior: all(layout.variables, block.posterior),
    statistics: all(layout.statistics, block.statistics),
    ...(unconstrained === undefined || z === undefined
      ? {}
      : { unconstrained: thin({ dtype: unconstrained.dtype, shape: [unconstrained.labels.length] }, z) }),
  };
}
