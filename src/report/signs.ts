/** What a run shows of why it did not converge, and what helps against that: the advice of every gate is made of these. */
import type { Gate, RunFacts, SummaryRow } from "../store/index.ts";
import { standsStill } from "../summary/gates.ts";

/** Signs of what went wrong. */
export interface Signs {
  /** Some chain did not move at all. */
  readonly stuck: boolean;
  /** A few chains lie apart from all others. */
  readonly apart: boolean;
  /** The gate `precision` failed. */
  readonly coarse: boolean;
  /** The gate `precision` was asked, and passed. */
  readonly fine?: boolean;
  /** More draws are divergent than may be. */
  readonly divergent: boolean;
  /** R-hat is far above its limit: the chains have not found the same place, and no number of draws mends that. */
  readonly far: boolean;
}

/** R-hat above this is no matter of a few more draws: they help where the limit is only just missed. */
export const NEAR = 1.1;
/** Warm-up iterations that are called few. */
const FEW_WARMUP = 1000;

/** What advice looks at. */
export interface SignInput {
  readonly gates: readonly Gate[];
  readonly quantities: readonly SummaryRow[];
  readonly chains?: { readonly apart?: Readonly<Record<string, readonly number[]>> };
}

export function signsOf({ gates, quantities, chains }: SignInput): Signs {
  const fails = (name: string): Gate | undefined => gates.find((gate) => gate.name === name && !gate.pass);
  const isJudged = gates.some(({ name }) => name === "rhat");
  const largest = isJudged ? (fails("rhat")?.value ?? 1) : Math.max(1, ...quantities.map(({ rhat }) => rhat || 1));
  const rhat = Math.max(largest, fails("nested_rhat")?.value ?? 1);
  return {
    stuck: quantities.some(standsStill),
    apart: Object.values(chains?.apart ?? {}).some((list) => list.length > 0),
    coarse: fails("precision") !== undefined,
    fine: gates.some(({ name, pass }) => name === "precision" && pass),
    divergent: fails("divergences") !== undefined,
    // Of what is not a number nobody knows that it is near.
    far: !(rhat <= NEAR),
  };
}

/** True where more draws of the same chains may do: they move, and they agree but for a little. */
export function maySample({ stuck, apart, coarse, far }: Signs): boolean {
  return !(stuck || apart || coarse || far);
}

/** `a longer warm-up (`warmup: 1000`)`, or none in numbers where there were many iterations. */
export function longerWarmup({ warmup }: Pick<RunFacts, "warmup">): string {
  return warmup < FEW_WARMUP ? `a longer warm-up (\`warmup:\u00a0${FEW_WARMUP}\`)` : "a longer warm-up (`warmup`)";
}

/** What usually helps against chains that do not agree, the likeliest first. */
export function remedies(signs: Signs, run: Pick<RunFacts, "warmup" | "precision">): string[] {
  const { stuck, apart, coarse, fine, divergent, far } = signs;
  const starts = "starting points nearer to the bulk (`init:\u00a0{\u00a0uniform:\u00a00.5\u00a0}`, or values)";
  const modes = "a look whether the posterior has several modes, or labels that can be exchanged";
  const digits =
    run.precision === "float64" || coarse || fine
      ? []
      : ["`precision: float64`, where data or log densities are large"];
  return [
    ...(coarse ? ["`precision: float64` first"] : []),
    ...(maySample(signs) ? ["more draws (`draws`), since the limit is only just missed"] : []),
    ...(divergent ? ["smaller steps, since some transitions diverged"] : []),
    ...(stuck || apart ? [starts] : []),
    longerWarmup(run),
    ...(far && !stuck && !apart ? [starts] : []),
    "a non-centred or otherwise rescaled parametrisation",
    "narrower priors",
    ...digits,
    modes,
  ];
}
