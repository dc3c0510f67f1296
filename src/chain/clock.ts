import type { Engine, Kernel, KernelSeconds } from "../engine/engine.ts";

/** Adds up where the time of an engine's kernels goes, by what they tell of themselves, or else by their calls. */
export class Clock {
  /** Those of kernels that are gone. */
  private gone: KernelSeconds = { kernel: 0, transfer: 0 };
  private readonly kernels = new Set<Timed>();
  private lapped: KernelSeconds = { kernel: 0, transfer: 0 };

  /** The engine; time counts from a kernel's compilation on. */
  timed(engine: Engine): Engine {
    return {
      name: engine.name,
      probe: () => engine.probe(),
      compile: async (program, options) => {
        const kernel = timedKernel(await engine.compile(program, options), () => {
          if (this.kernels.delete(kernel)) this.gone = sum(this.gone, kernel.seconds);
        });
        this.kernels.add(kernel);
        return kernel;
      },
    };
  }

  /** Seconds so far. */
  total(): KernelSeconds {
    return [...this.kernels].reduce((all, { seconds }) => sum(all, seconds), this.gone);
  }

  /** Seconds since the last lap. */
  lap(): KernelSeconds {
    const total = this.total();
    const lap = difference(total, this.lapped);
    this.lapped = total;
    return lap;
  }
}

type Timed = Kernel & { readonly seconds: KernelSeconds };

/** A kernel that tells the seconds since it was given, not since it was compiled: kernels may have had an owner before. */
function timedKernel(kernel: Kernel, disposed: () => void): Timed {
  const before = kernel.seconds;
  let called = 0;
  return {
    get seconds() {
      const now = kernel.seconds;
      return now === undefined || before === undefined ? { kernel: called, transfer: 0 } : difference(now, before);
    },
    ...(kernel.advance !== undefined && { advance: kernel.advance.bind(kernel) }),
    write: (name, values) => kernel.write(name, values),
    read: (name) => kernel.read(name),
    run: async (iterations, schedule, asked) => {
      const started = performance.now();
      try {
        return await kernel.run(iterations, schedule, asked);
      } finally {
        called += (performance.now() - started) / 1000;
      }
    },
    dispose: () => {
      disposed();
      kernel.dispose();
    },
  };
}

function sum(a: KernelSeconds, b: KernelSeconds): KernelSeconds {
  return { kernel: a.kernel + b.kernel, transfer: a.transfer + b.transfer };
}

function difference(a: KernelSeconds, b: KernelSeconds): KernelSeconds {
  return { kernel: a.kernel - b.kernel, transfer: a.transfer - b.transfer };
}
