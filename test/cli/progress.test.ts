import { expect, test } from "vitest";
import { duration, short, terminal } from "../../src/cli/output.ts";
import { lineOf, liveText } from "../../src/cli/progress.ts";
import { advance, initialState, type ProgressState, secondsLeft } from "../../src/cli/progressState.ts";
import { resolveConfig } from "../../src/config/load.ts";
import type { DrawBlock } from "../../src/draws.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { planBatches } from "../../src/run/plan.ts";

const { config } = resolveConfig({ model: "funnel", chains: 8, batches: 2, warmup: 100, draws: 100 });
const planned: RunEvent = {
  kind: "planned",
  name: "fun\u001b[2Jnel",
  model: "funnel",
  dimension: 10,
  batches: planBatches({ ...config, precision: "float32" }),
  workers: 2,
  helpers: 1,
  engine: { name: "wasm", precision: "float32", details: [] },
  seed: "5",
  warnings: [],
};
const trace = { iteration: 50, stepSize: 0.123456, steps: 7, trajectoryLength: 1, acceptance: 0.8, divergences: 2 };

function block(firstDraw: number): RunEvent {
  const draws = { firstDraw, draws: 25, batch: 0, phase: "sampling" } as DrawBlock;
  return { kind: "block", batch: 0, phase: "sampling", block: draws, divergences: 1, gradients: 9, seconds: 1 };
}

/** Each event a second after the one before. */
const events: readonly RunEvent[] = [
  planned,
  { kind: "compiled", batch: 0, seconds: 0.5 },
  { kind: "initialized", batch: 0, redrawn: 3 },
  { kind: "adapting", batch: 0, trace },
  { kind: "adapted", batch: 0, trace: { ...trace, iteration: 100 }, inverseMass: new Float64Array(10) },
  block(0),
  { kind: "progress", batch: 0, draws: [25, 0], divergences: 1, rhat: 1.0345, worst: "v" },
  block(25),
];

function replay(count: number): ProgressState {
  return events.slice(0, count).reduce((state, event, now) => advance(state, event, now), initialState);
}

test("the state follows the events", () => {
  expect(replay(1).batches.map(({ phase }) => phase)).toEqual(["waiting", "waiting"]);
  expect(replay(4).batches[0]).toMatchObject({ phase: "warm-up", done: 50, of: 100, rate: 50, divergences: 2 });
  expect(replay(8).batches[0]).toMatchObject({ phase: "draws", done: 50, of: 100, divergences: 2 });
  expect(replay(8).iterations).toBe(150);
  // 150 of 400 iterations took 4 s since the first: 250 more take 6.67 s.
  expect(secondsLeft(replay(8), 7)).toBeCloseTo((250 * (7 - replay(8).began)) / 150);
  expect(secondsLeft(initialState, 3)).toBeNaN();
});

test("lines: one for each stage, and for each tenth of the iterations", () => {
  let state = initialState;
  const lines = events.map((event, now) => {
    const before = state;
    state = advance(state, event, now);
    return lineOf(event, before, state);
  });
  expect(lines).toEqual([
    "fun\ufffd[2Jnel: funnel (10 dimensions), 8 chains in 2 batches on 2 workers with up to 1 helper, wasm float32, seed 5",
    "batch 0: compiled in 0.5 s",
    "batch 0: starting points found (3 redrawn)",
    "batch 0: warm-up 50/100, step size 0.123, 7 steps, acceptance 0.8, 2 divergences",
    "batch 0: warmed up: step size 0.123, 7 steps, acceptance 0.8, 2 divergences",
    "batch 0: draws 25/100, 25 per second, 1 divergence",
    undefined,
    "batch 0: draws 50/100, 16.7 per second, 2 divergences, R-hat so far 1.034 (v)",
  ]);
});

test("the live table has a row a running batch, and no line wider than the terminal", () => {
  const text = liveText(replay(8), 100, 7);
  const lines = text.split("\n");
  expect(lines[1]).toMatch(/batch +phase +iterations +per second +step size +steps +acceptance +divergences/);
  expect(lines[2]).toMatch(/0 +draws +50\/100 +16\.7 +0\.123 +7 +0\.8 +2/);
  expect(lines[3]).toBe("0 done · 1 waiting · R-hat so far 1.034 (v) · 7.0 s so far · about 6.7 s left");
  expect(text).not.toContain("\u001b");
  for (const line of liveText(replay(8), 40, 7).split("\n")) expect(line.length).toBeLessThanOrEqual(40);
});

test("what a terminal may do", () => {
  const tty = { isTTY: true as const, columns: 99, rows: 30, write: () => true };
  expect(terminal(tty, {})).toMatchObject({ isLive: true, hasColor: true, width: 99 });
  expect(terminal(tty, { NO_COLOR: "1" })).toMatchObject({ isLive: true, hasColor: false });
  expect(terminal(tty, { TERM: "dumb" })).toMatchObject({ isLive: false, hasColor: false });
  expect(terminal(tty, { CI: "true" })).toMatchObject({ isLive: false, hasColor: true });
  expect(terminal({ ...tty, rows: 0, columns: 0 }, {})).toMatchObject({ isLive: false, width: 120 });
  const pipe = { isTTY: false, columns: undefined as unknown as number, write: () => true } as unknown as typeof tty;
  expect(terminal(pipe, {})).toMatchObject({ isLive: false, hasColor: false, width: 120 });
  expect(terminal(pipe, { COLUMNS: "80" }).width).toBe(80);
});

test("durations and numbers are short", () => {
  expect([0, 9.94, 9.96, 59.4, 185, 7620, Number.NaN].map(duration)).toEqual([
    "0.0 s",
    "9.9 s",
    "10 s",
    "59 s",
    "3 min 05 s",
    "2 h 07 min",
    "?",
  ]);
  expect([0, 0.00012, 0.12345, 12.345, 1234.5, Number.NaN].map(short)).toEqual([
    "0",
    "1.2e-4",
    "0.123",
    "12.3",
    "1235",
    "–",
  ]);
});
