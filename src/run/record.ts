import type { JsonObject } from "../store/index.ts";
import type { RunEvent } from "./events.ts";

/** An event as a line of events.ndjson: without the draws. Undefined for what is not worth a line. */
export function eventRecord(event: RunEvent): JsonObject | undefined {
  switch (event.kind) {
    case "planned":
      return {
        kind: event.kind,
        model: event.model,
        dimension: event.dimension,
        batches: event.batches.map(({ batch, firstChain, chains }) => ({ batch, firstChain, chains })),
        workers: event.workers,
        ...(event.resumed !== undefined && {
          resumed: event.resumed.map(({ problems, ...rest }) => ({ ...rest, problems: [...problems] })),
        }),
      };
    case "compiled":
    case "initialized":
    case "done":
      return { ...event };
    case "precision": {
      const { kind, batch, facts } = event;
      return { kind, batch, ...facts };
    }
    case "adapting":
      return { kind: event.kind, batch: event.batch, ...event.trace };
    case "adapted":
      return { kind: event.kind, batch: event.batch, ...event.trace, inverseMass: Array.from(event.inverseMass) };
    case "block": {
      const { kind, batch, phase, divergences, gradients, seconds } = event;
      const { firstDraw, draws } = event.block;
      return { kind, batch, phase, firstDraw, draws, divergences, gradients, seconds };
    }
    case "check": {
      const { rhat, ess, ...rest } = event;
      return {
        ...rest,
        ...(rhat !== undefined && { rhat: { ...rhat } }),
        ...(ess !== undefined && { ess: { ...ess } }),
      };
    }
    case "finished":
      return { kind: event.kind, status: event.status, digest: event.summary.run.digest };
    case "progress":
    case "checkpoint":
      return undefined;
  }
}
