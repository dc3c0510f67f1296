import type { CompileOptions, Engine, Kernel, Roles } from "../engine/engine.ts";
import type { Program } from "../graph/program.ts";

/**
 * An engine that keeps its kernels when they are disposed of, for the next batch, or the next part of one, that runs the
 * same program of the same model: a thread compiles it once. Only for callers that write every input before they run.
 */
export function keepKernels(engine: Engine): Engine {
  const idle = new Map<string, Kernel[]>();
  return {
    ...engine,
    compile: async (program, options) => {
      const key = keyOf(program, options);
      const kept = idle.get(key) ?? [];
      idle.set(key, kept);
      const kernel = kept.pop() ?? (await engine.compile(program, options));
      let isDisposed = false;
      return {
        get seconds() {
          return kernel.seconds;
        },
        ...(kernel.advance !== undefined && { advance: kernel.advance.bind(kernel) }),
        write: (name, values) => kernel.write(name, values),
        read: (name) => kernel.read(name),
        run: (iterations, schedule, asked) => kernel.run(iterations, schedule, asked),
        dispose: () => {
          if (!isDisposed) kept.push(kernel);
          isDisposed = true;
        },
      };
    },
  };
}

/** What tells the programs of one model and one run apart. */
function keyOf({ name, inputs, outputs }: Program, { precision, chains, ...roles }: CompileOptions): string {
  const { carried = {}, scheduled = [], recorded = [] }: Roles = roles;
  const ports = [Object.keys(inputs), Object.keys(outputs), carried, scheduled, recorded];
  return JSON.stringify([name, precision, chains, ports]);
}
