import type { BatchRunner } from "./runner.ts";

/** Lets a run be stopped before, while and after it has something to stop. */
export interface Control {
  stop(): void;
  attach(runner: BatchRunner): void;
  /** The run is over: nothing is listened to any longer. */
  end(): void;
}

export function createControl(signal: AbortSignal | undefined): Control {
  let stopped = false;
  let running: BatchRunner | undefined;
  const stop = (): void => {
    stopped = true;
    running?.stop();
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  return {
    stop,
    attach: (runner) => {
      running = runner;
      if (stopped) runner.stop();
    },
    end: () => signal?.removeEventListener("abort", stop),
  };
}
