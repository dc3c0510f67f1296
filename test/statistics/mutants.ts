import { chainKey } from "../../src/chain/initialize.ts";
import type { Engine, Kernel } from "../../src/engine/engine.ts";
import type { Node } from "../../src/graph/node.ts";
import type { Program } from "../../src/graph/program.ts";
import { type Replace, rewrite } from "../../src/graph/rewrite.ts";
import type { BoundModel } from "../../src/model/boundModel.ts";

/**
 * Samplers that are broken on purpose, made from the shipped one: an engine that changes the transition's program before
 * it compiles it, or what is written to its kernel; or a model that says something else. The statistical tests must tell
 * each of them from the shipped one; they would prove little otherwise.
 */
export interface Mutant {
  readonly engine?: (engine: Engine) => Engine;
  readonly model?: (model: BoundModel) => BoundModel;
}

export const mutants: Readonly<Record<string, Mutant>> = {
  "accepts every proposal": {
    engine: changed((program) => {
      const isAccepted = isAcceptedOf(program);
      return (node) => (node === isAccepted ? node.or(node.not()) : node);
    }),
  },
  "accepts by the wrong sign": {
    engine: changed((program) => {
      const [less] = isAcceptedOf(program).inputs;
      return (node) => (node === less ? node.inputs[0]!.lt(node.inputs[1]!.neg()) : node);
    }),
  },
  "forgets the Jacobian of a transform": {
    model: (model) => ({ ...model, logDensity: (z) => model.logDensity(z).sub(z.sum()) }),
  },
  "gives all chains one key": { engine: writing("chain_key", (keys) => keys.map((_, i) => keys[i % 2]!)) },
  "draws the same numbers in each iteration": {
    engine: scheduling("iteration", (iterations) => iterations.map(() => 0)),
  },
  "drops a chain": {
    engine: changed((program) => {
      const isAccepted = isAcceptedOf(program);
      const isDropped = program.inputs["chain_key"]!.at(1).eq(chainKey("1", 3)[1]);
      return (node) => (node === isAccepted ? node.and(isDropped.not()) : node);
    }),
  },
  "makes the second half kick a whole one": {
    engine: changed((program) => (node) => {
      if (!isKick(node, program) || !isKick(node.inputs[0]!, program)) return node;
      return node.inputs[0]!.add(node.inputs[1]!.mul(2));
    }),
  },
  "leaves the second half kick out": {
    engine: changed((program) => (node) => {
      if (!isKick(node, program) || !isKick(node.inputs[0]!, program)) return node;
      return node.inputs[0]!;
    }),
  },
  "does not refresh the momentum": {
    engine: changed(() => (node) => (node.op === "erfinv" ? node.inputs[0]!.mul(0).add(0.6) : node)),
  },
  "draws the momentum without the metric": {
    engine: changed((program) => (node) => {
      const [momentum, root] = node.inputs;
      const isScaled = node.op === "div" && root!.op === "sqrt" && root!.inputs[0] === program.inputs["inverse_mass"];
      return isScaled ? momentum! : node;
    }),
  },
};

/** The same for NUTS. */
export const nutsMutants: Readonly<Record<string, Mutant>> = {
  "takes the newest leaf of a subtree": {
    engine: changed(() => (node) => {
      const [isFirst, takes] = node.inputs;
      const isChoice =
        node.op === "or" && isFirst!.op === "equal" && takes!.op === "less" && takes!.inputs[1]!.op === "exp";
      return isChoice ? node.or(node.not()) : node;
    }),
  },
  "weighs leaves by the wrong sign": {
    engine: changed(() => (node) => {
      const [, weight, otherwise] = node.inputs;
      const isWeight = node.op === "select" && weight!.op === "neg" && isMinusInfinity(otherwise!);
      return isWeight ? node.inputs[0]!.select(weight!.neg(), otherwise!) : node;
    }),
  },
  ...Object.fromEntries(
    [
      "forgets the Jacobian of a transform",
      "gives all chains one key",
      "does not refresh the momentum",
      "draws the momentum without the metric",
    ].map((what) => [what, mutants[what]!]),
  ),
};

function isMinusInfinity(node: Node): boolean {
  return node.is("constant") && node.attributes.data[0] === Number.NEGATIVE_INFINITY;
}

/** Where the transition of `src/sampler/hmc.ts` decides, in a batch's program or a stepper's; a mutant whose node is not found changes nothing, and is caught. */
function isAcceptedOf(program: Program): Node {
  return program.outputs["is_accepted"] ?? program.outputs["statistics.energy"]!.inputs[0]!;
}

/** m + ½ε g, as `src/sampler/leapfrog.ts` writes it. */
function isKick(node: Node, program: Program): boolean {
  const [, product] = node.inputs;
  if (node.op !== "add" || product!.op !== "mul") return false;
  const [broadcast] = product!.inputs;
  const half = broadcast!.op === "broadcast" ? broadcast!.inputs[0]! : broadcast!;
  const [stepSize, factor] = half.inputs;
  return half.op === "mul" && stepSize === program.inputs["step_size"] && factor!.op === "constant";
}

/** An engine that changes nodes of the transition before it compiles it; other programs stay. */
function changed(replaceIn: (program: Program) => Replace): (engine: Engine) => Engine {
  return (engine) => ({
    ...engine,
    compile: async (program, options) => {
      const isTransition = program.outputs["proposal_z"] !== undefined || program.outputs["is_complete"] !== undefined;
      return await engine.compile(isTransition ? rewrite(program, replaceIn(program)) : program, options);
    },
  });
}

/** An engine whose kernels are told something else of one input. */
function writing(name: string, change: (values: readonly number[]) => readonly number[]): (engine: Engine) => Engine {
  return wrapped((kernel) => ({
    ...kernel,
    write: (input, values) => kernel.write(input, input === name ? change(Array.from(values)) : values),
  }));
}

/** An engine whose kernels are told something else of one scheduled input. */
function scheduling(
  name: string,
  change: (values: readonly number[]) => readonly number[],
): (engine: Engine) => Engine {
  return wrapped((kernel) => ({
    ...kernel,
    run: async (iterations, schedule = {}) => {
      const own = schedule[name];
      return await kernel.run(iterations, { ...schedule, ...(own && { [name]: change(Array.from(own)) }) });
    },
  }));
}

function wrapped(wrap: (kernel: Kernel) => Kernel): (engine: Engine) => Engine {
  return (engine) => ({
    ...engine,
    compile: async (program, options) => {
      const kernel = await engine.compile(program, options);
      return wrap({
        write: (name, values) => kernel.write(name, values),
        read: (name) => kernel.read(name),
        run: (iterations, schedule) => kernel.run(iterations, schedule),
        dispose: () => kernel.dispose(),
      });
    },
  });
}
