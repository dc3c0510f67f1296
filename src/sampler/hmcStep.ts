import type { Numbers, Precision } from "../draws.ts";
import type { Engine, Kernel } from "../engine/engine.ts";
import { input, type Node } from "../graph/node.ts";
import { type Program, program } from "../graph/program.ts";
import type { Key } from "../random/index.ts";
import { keyOf } from "../random/program.ts";
import { hmcTransition } from "./hmc.ts";
import { evaluate } from "./leapfrog.ts";
import type { Target } from "./target.ts";

/** One transition of one chain. */
export interface HmcStepInput {
  /** Where the chain stands, `[D]`, unconstrained. */
  readonly z: ArrayLike<number>;
  /** The transition's key; split into (momentum key, acceptance key). */
  readonly key: Key;
  /** ε > 0. */
  readonly stepSize: number;
  /** L, the number of leapfrog steps, an integer ≥ 1. */
  readonly steps: number;
  /** `[D]`; drawn with the key where it is not given. */
  readonly momentum?: ArrayLike<number>;
  /** The diagonal of M⁻¹, `[D]`, > 0; ones where it is not given. */
  readonly inverseMass?: ArrayLike<number>;
}

/** One transition of each chain of a stepper: `z`, `keys` and `momentum` hold one entry a chain. */
export interface HmcStepsInput extends Pick<HmcStepInput, "stepSize" | "steps" | "inverseMass"> {
  readonly z: readonly ArrayLike<number>[];
  readonly keys: readonly Key[];
  readonly momentum?: readonly ArrayLike<number>[];
}

/** What a transition gives. All numbers are of the precision that was asked for, held in float64. */
export interface HmcStep {
  /** The new position, `[D]`: the proposal's where it was accepted, otherwise where the chain stood. */
  readonly z: Float64Array;
  readonly isAccepted: boolean;
  /** H − H′; not finite, or NaN, where H′ is not finite. */
  readonly logAcceptRatio: number;
  /** H′ is not finite, or H′ − H > 1000: never accepted. */
  readonly isDiverging: boolean;
  /** H = ½ mᵀM⁻¹m − log p(z) at the start. */
  readonly energy: number;
  /** H′, at the trajectory's end. */
  readonly proposalEnergy: number;
  /** log p at the new position. */
  readonly logDensity: number;
  /** The momentum that the trajectory started with, `[D]`. */
  readonly momentum: Float64Array;
  /** The trajectory's end, its momentum not flipped. */
  readonly proposal: { readonly z: Float64Array; readonly momentum: Float64Array; readonly logDensity: number };
}

export interface HmcStepOptions {
  readonly engine: Engine;
  /** Default `float64`. */
  readonly precision?: Precision;
}

/** Compiled transitions, to be used again and again. Not re-entrant: wait for one `step` before the next. */
export interface HmcStepper {
  /** One transition of every chain. Throws a RangeError where an argument has another length or range. */
  step(input: HmcStepsInput): Promise<HmcStep[]>;
  /** Free what the engine holds. */
  dispose(): void;
}

/**
 * One HMC transition of one chain with a key of one's own: the seed's `hmc_step`, with JAX's numbers [Neal 2011, Fig. 2;
 * Sountsov et al. 2024]. Compiles each time; for many transitions use `hmcStepper`.
 *
 * @throws RangeError for an argument of another length or range; EngineError where the engine cannot run here
 */
export async function hmcStep(model: Target, input: HmcStepInput, options: HmcStepOptions): Promise<HmcStep> {
  const { z, key, momentum, ...shared } = input;
  const stepper = hmcStepper(model, { ...options, chains: 1 });
  try {
    const [result] = await stepper.step({ ...shared, z: [z], keys: [key], ...(momentum && { momentum: [momentum] }) });
    return result!;
  } finally {
    stepper.dispose();
  }
}

/** HMC transitions of several chains with keys of one's own; compiled at the first step. */
export function hmcStepper(
  model: Target,
  { chains, engine, precision = "float64" }: HmcStepOptions & { readonly chains: number },
): HmcStepper {
  if (engine === undefined)
    throw new RangeError('An engine is missing among the options, such as { engine: await createEngine("wasm") }.');
  const kernels = new Map<boolean, Promise<Kernel>>();
  const kernelFor = (momentumGiven: boolean): Promise<Kernel> => {
    const known = kernels.get(momentumGiven);
    if (known !== undefined) return known;
    const compiled = engine.compile(stepProgram(model, momentumGiven), { precision, chains });
    kernels.set(momentumGiven, compiled);
    return compiled;
  };
  return {
    step: async (given) => {
      check(given, chains, model.dimension);
      const kernel = await kernelFor(given.momentum !== undefined);
      writeInputs(kernel, given, model.dimension);
      await kernel.run(1);
      return await results(kernel, chains);
    },
    dispose: () => {
      // A kernel that did not compile has told so to whoever asked for it.
      for (const kernel of kernels.values()) kernel.then((compiled) => compiled.dispose()).catch(() => undefined);
      kernels.clear();
    },
  };
}

/** The transition with everything that it tells; log p and its gradient at the start are computed, not carried. */
function stepProgram(model: Target, momentumGiven: boolean): Program {
  const vector = { dtype: "float", shape: [model.dimension] } as const;
  const z = input("z", vector);
  const stepSize = input("step_size", { dtype: "float", shape: [], shared: true });
  const inverseMass = input("inverse_mass", { ...vector, shared: true });
  const steps = input("steps", { dtype: "int32", shape: [], shared: true });
  const keyNode = input("key", { dtype: "uint32", shape: [2] });
  const momentum = momentumGiven ? { momentum: input("momentum", vector) } : {};
  const { logDensity, gradient } = evaluate(model, z);
  const start = { z, logDensity: logDensity.perChain(), g: gradient };
  const settings = { stepSize, inverseMass, steps, key: keyOf(keyNode), ...momentum };
  const { state, info } = hmcTransition(model, start, settings);
  const outputs: Record<(typeof outputNames)[number], Node> = {
    new_z: state.z,
    is_accepted: info.isAccepted,
    log_accept_ratio: info.logAcceptRatio,
    is_diverging: info.isDiverging,
    energy: info.energy,
    proposal_energy: info.proposalEnergy,
    log_density: state.logDensity,
    drawn_momentum: info.momentum,
    proposal_z: info.proposal.z,
    proposal_momentum: info.proposal.m,
    proposal_log_density: info.proposal.logDensity,
  };
  const declared = [z, stepSize, inverseMass, steps, keyNode, ...Object.values(momentum)];
  const perChain = Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, node.perChain()]));
  return program(`${model.name} hmc step`, perChain, declared);
}

const outputNames = [
  "new_z",
  "is_accepted",
  "log_accept_ratio",
  "is_diverging",
  "energy",
  "proposal_energy",
  "log_density",
  "drawn_momentum",
  "proposal_z",
  "proposal_momentum",
  "proposal_log_density",
] as const;

function writeInputs(kernel: Kernel, given: HmcStepsInput, dimension: number): void {
  kernel.write("z", rows(given.z));
  kernel.write("key", rows(given.keys));
  kernel.write("step_size", [given.stepSize]);
  kernel.write("steps", [given.steps]);
  kernel.write("inverse_mass", given.inverseMass ?? new Float64Array(dimension).fill(1));
  if (given.momentum !== undefined) kernel.write("momentum", rows(given.momentum));
}

function rows(parts: readonly ArrayLike<number>[]): number[] {
  return parts.flatMap((part) => Array.from(part));
}

async function results(kernel: Kernel, chains: number): Promise<HmcStep[]> {
  const read: Partial<Record<(typeof outputNames)[number], Numbers>> = {};
  for (const name of outputNames) read[name] = await kernel.read(name);
  const scalar = (name: (typeof outputNames)[number], chain: number): number => read[name]![chain]!;
  const vector = (name: (typeof outputNames)[number], chain: number): Float64Array => {
    const all = read[name]!;
    const size = all.length / chains;
    return Float64Array.from(all.subarray(chain * size, (chain + 1) * size));
  };
  return Array.from({ length: chains }, (_, chain) => ({
    z: vector("new_z", chain),
    isAccepted: scalar("is_accepted", chain) === 1,
    logAcceptRatio: scalar("log_accept_ratio", chain),
    isDiverging: scalar("is_diverging", chain) === 1,
    energy: scalar("energy", chain),
    proposalEnergy: scalar("proposal_energy", chain),
    logDensity: scalar("log_density", chain),
    momentum: vector("drawn_momentum", chain),
    proposal: {
      z: vector("proposal_z", chain),
      momentum: vector("proposal_momentum", chain),
      logDensity: scalar("proposal_log_density", chain),
    },
  }));
}

/** Throws a RangeError that says what was expected and what was found. */
function check(given: HmcStepsInput, chains: number, dimension: number): void {
  const { z, keys, momentum, stepSize, steps, inverseMass } = given;
  checkRows("z", z, chains, dimension);
  checkRows("keys", keys, chains, 2);
  if (momentum !== undefined) checkRows("momentum", momentum, chains, dimension);
  if (inverseMass !== undefined) checkRow("inverseMass", inverseMass, dimension);
  for (const words of keys) {
    if (words.some((word) => !Number.isInteger(word) || word < 0 || word >= 2 ** 32))
      throw new RangeError(`keys must hold two integers from 0 to 2^32 - 1 each, not ${JSON.stringify(words)}.`);
  }
  if (!(stepSize > 0 && Number.isFinite(stepSize)))
    throw new RangeError(`stepSize must be a finite number above 0, not ${stepSize}.`);
  if (!(Number.isInteger(steps) && steps >= 1 && steps < 2 ** 31))
    throw new RangeError(`steps must be an integer of 1 or more, not ${steps}.`);
  if (inverseMass !== undefined && !Array.from(inverseMass).every((value) => value > 0 && Number.isFinite(value)))
    throw new RangeError("inverseMass must hold finite numbers above 0.");
}

function checkRows(name: string, parts: readonly ArrayLike<number>[], chains: number, length: number): void {
  if (parts.length !== chains)
    throw new RangeError(`${name} must have ${chains} entries, one a chain; it has ${parts.length}.`);
  parts.forEach((part, chain) => {
    checkRow(chains === 1 ? name : `${name}[${chain}]`, part, length);
  });
}

function checkRow(name: string, values: ArrayLike<number>, length: number): void {
  if (values?.length === undefined)
    throw new RangeError(`${name} must be an array of ${length} numbers; it is ${String(values)}.`);
  if (values.length !== length) throw new RangeError(`${name} must have ${length} numbers; it has ${values.length}.`);
}
