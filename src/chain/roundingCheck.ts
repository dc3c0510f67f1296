import type { Engine, Kernel } from "../engine/engine.ts";
import { input } from "../graph/node.ts";
import { type Program, program } from "../graph/program.ts";
import type { BoundModel, ModelVariable } from "../model/boundModel.ts";
import { evaluate } from "../sampler/leapfrog.ts";
import { POSTERIOR } from "../sampler/transition.ts";
import type { BatchEvent, BatchFrame, BatchPosition } from "./batch.ts";
import {
  floatSize,
  noRounding,
  type RoundingSums,
  roundingFacts,
  roundingNames,
  type TwiceEvaluated,
  withStates,
} from "./rounding.ts";

/** Makes the engine that evaluates states in float64; asked once there is one to evaluate. */
export type ExactEngine = () => Promise<Engine>;

/** Chains of a batch that are looked at, at most; spread evenly over it. */
const MOST_CHAINS = 64;
/** How often at least, in equal parts of the draws; the last draw is among them. */
const LEAST_TIMES = 4;

type BlockEvent = Extract<BatchEvent, { kind: "block" }>;

/**
 * Looks whether float32 is enough for a batch: at the ends of some blocks of draws, its states are evaluated in float64 as
 * well. Which states is a function of the settings alone. Nothing of the run depends on it.
 */
export class RoundingCheck {
  private readonly model: BoundModel;
  private readonly settings: BatchFrame;
  private readonly engine: ExactEngine | undefined;
  private readonly chains: readonly number[];
  private readonly floats: readonly ModelVariable[];
  private kernel: Kernel | undefined;
  /** Undefined where there is nothing to look at. */
  sums: RoundingSums | undefined;

  /** @param engine none looks at nothing; a batch in float64 is not looked at either */
  constructor(
    model: BoundModel,
    settings: BatchFrame,
    engine: ExactEngine | undefined,
    before: RoundingSums | undefined,
  ) {
    const most = Math.min(settings.chains, MOST_CHAINS);
    this.model = model;
    this.settings = settings;
    this.engine = settings.precision === "float32" ? engine : undefined;
    this.chains = Array.from({ length: most }, (_, i) => Math.floor((i * settings.chains) / most));
    this.floats = model.variables.filter(({ dtype }) => dtype === "float");
    this.sums = before;
  }

  /**
   * Looks at the states after a block of draws, if it is their turn.
   * @param state where the batch stands after it
   * @returns what is known so far, where that is more than before
   */
  async *after(
    { block }: Pick<BlockEvent, "block">,
    state: Pick<BatchPosition, "z" | "logDensity" | "gradient">,
  ): AsyncGenerator<BatchEvent, void, void> {
    if (this.engine === undefined || !this.isDue(block.firstDraw, block.firstDraw + block.draws)) return;
    const { dimension } = this.model;
    const last = this.floats.map(({ name }) => lastDraws(block.posterior[name]!, block));
    const kernel = await this.exactly(this.engine);
    const points = new Float64Array(this.chains.length * dimension);
    this.chains.forEach((chain, nth) => {
      points.set(partOf(state.z, chain, dimension), nth * dimension);
    });
    kernel.write("z", points);
    await kernel.run(1);
    const density = await kernel.read("log_density");
    const gradient = await kernel.read("gradient");
    const values = await Promise.all(this.floats.map(({ name }) => kernel.read(POSTERIOR + name)));
    const sizes = this.floats.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    this.sums ??= noRounding(dimension, floatSize(this.model));
    const states = this.chains.map((chain, nth): TwiceEvaluated => {
      const [told, right] = [new Float64Array(floatSize(this.model)), new Float64Array(floatSize(this.model))];
      let at = 0;
      sizes.forEach((size, i) => {
        told.set(last[i]!(chain), at);
        right.set(partOf(values[i]!, nth, size), at);
        at += size;
      });
      return {
        density: [state.logDensity[chain]!, density[nth]!],
        gradient: [partOf(state.gradient, chain, dimension), partOf(gradient, nth, dimension)],
        quantities: [told, right],
      };
    });
    this.sums = withStates(this.sums, states);
    const facts = roundingFacts(this.sums, roundingNames(this.model));
    yield { kind: "precision", batch: this.settings.batch, facts };
  }

  dispose(): void {
    this.kernel?.dispose();
  }

  /** Whether a part of the draws ends among these. */
  private isDue(first: number, end: number): boolean {
    const { draws } = this.settings;
    const times = Math.max(LEAST_TIMES, Math.ceil(MOST_CHAINS / this.chains.length));
    return Math.floor((end * times) / draws) > Math.floor((first * times) / draws);
  }

  private async exactly(engine: ExactEngine): Promise<Kernel> {
    this.kernel ??= await (await engine()).compile(exactProgram(this.model, this.floats), {
      precision: "float64",
      chains: this.chains.length,
    });
    return this.kernel;
  }
}

/** log p, its gradient, and the float variables, at z. */
function exactProgram(model: BoundModel, floats: readonly ModelVariable[]): Program {
  const z = input("z", { dtype: "float", shape: [model.dimension] });
  const { logDensity, gradient } = evaluate(model, z);
  const values = model.values(z);
  const named = floats.map(({ name }) => [POSTERIOR + name, values[name]!.perChain()] as const);
  const outputs = { log_density: logDensity.perChain(), gradient, ...Object.fromEntries(named) };
  return program(`${model.name} in float64`, outputs, [z]);
}

function partOf<T extends { subarray(start: number, end: number): ArrayLike<number> & Iterable<number> }>(
  values: T,
  index: number,
  size: number,
): ReturnType<T["subarray"]> {
  return values.subarray(index * size, (index + 1) * size) as ReturnType<T["subarray"]>;
}

/** The last draw of each chain in a block, by chain. */
function lastDraws(
  values: ArrayLike<number> & { subarray(start: number, end: number): ArrayLike<number> & Iterable<number> },
  { chains, draws }: BlockEvent["block"],
): (chain: number) => ArrayLike<number> & Iterable<number> {
  const size = values.length / (chains * draws);
  return (chain) => values.subarray((chain * draws + draws - 1) * size, (chain + 1) * draws * size);
}
