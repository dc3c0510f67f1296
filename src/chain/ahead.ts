import type { Advanced, Kernel } from "../engine/engine.ts";

/** What a kernel is called with. */
export interface Call {
  readonly iterations: number;
  readonly schedule: Readonly<Record<string, ArrayLike<number>>>;
}

/**
 * Makes calls of a kernel in order, one at a time. Where the engine copies records while it computes, the next call may
 * be begun before the records of the last one are asked for; elsewhere that gains nothing, and it waits for its turn.
 */
export class Ahead {
  private readonly kernel: Kernel;
  private begun: Promise<Advanced> | undefined;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Whether a call was begun that is still to be taken. */
  get hasBegun(): boolean {
    return this.begun !== undefined;
  }

  /** Begins the next call, if that gains something. `take` tells where it fails, so that what came before comes first. */
  begin({ iterations, schedule }: Call): void {
    this.begun = this.kernel.advance?.(iterations, schedule);
    this.begun?.catch(() => undefined);
  }

  /** The call that was begun, or else this one. The kernel's state is then the one after it. */
  async take({ iterations, schedule }: Call): Promise<Advanced> {
    const { begun, kernel } = this;
    this.begun = undefined;
    const advanced = begun ?? kernel.advance?.(iterations, schedule);
    if (advanced !== undefined) return await advanced;
    const recorded = await kernel.run(iterations, schedule);
    return { recorded: async () => recorded };
  }

  /** Waits for a call that nobody will take: then the kernel may be disposed of. Never rejects. */
  async settle(): Promise<void> {
    await this.begun?.catch(() => undefined);
    this.begun = undefined;
  }
}
