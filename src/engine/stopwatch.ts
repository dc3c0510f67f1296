import type { KernelSeconds } from "./engine.ts";

/** Adds up where a kernel's wall time goes. Engines without copies to and from a device need none. */
export class Stopwatch {
  private kernel = 0;
  private transfer = 0;

  get seconds(): KernelSeconds {
    const { kernel, transfer } = this;
    return { kernel, transfer };
  }

  /** Times a call that blocks. */
  blocking<T>(what: keyof KernelSeconds, work: () => T): T {
    const started = performance.now();
    try {
      return work();
    } finally {
      this.add(what, started);
    }
  }

  /** Times what has begun until it has come, or failed. @param started by `performance.now()`; default: now */
  async until<T>(what: keyof KernelSeconds, result: Promise<T>, started: number = performance.now()): Promise<T> {
    try {
      return await result;
    } finally {
      this.add(what, started);
    }
  }

  private add(what: keyof KernelSeconds, started: number): void {
    this[what] += (performance.now() - started) / 1000;
  }
}
