import { describe, expect, test } from "vitest";
import { adviceOn } from "../../src/report/advice.ts";
import { evaluateGates, renderReport, renderSummary } from "../../src/report/index.ts";
import type { RunFacts, SummaryRow } from "../../src/store/index.ts";
import type { ChainNotes } from "../../src/summary/summarize.ts";
import { limits, row, run } from "./example.ts";

function advice(quantities: readonly SummaryRow[], facts: Partial<RunFacts> = {}, chains: ChainNotes = {}): string {
  const all = { ...run, divergences: 0, ...facts };
  return adviceOn({ quantities, gates: evaluateGates(limits, quantities, all), run: all, chains })
    .join("\n")
    .replaceAll("\u00a0", " ");
}

const MORE = /more draws \(`draws/;

describe("advice is made of what is seen", () => {
  test("R-hat just above its limit: more draws", () => {
    const text = advice([row("a", { rhat: 1.02, ess_bulk: 300 })]);
    expect(text).toMatch(MORE);
    expect(text).toContain("more draws (`draws: 1500`)");
  });

  test("R-hat 2.5 after 200 iterations of warm-up: a longer warm-up, and no more draws", () => {
    const text = advice([row("a", { rhat: 2.5, ess_bulk: 77, ess_tail: 80 })], { warmup: 200 });
    expect(text).not.toMatch(MORE);
    expect(text).toContain("What usually helps: a longer warm-up (`warmup: 1000`); starting points nearer to the bulk");
    expect(text).toContain("More draws do not help while the chains do not agree");
  });

  test("a chain apart from the others is told by number, with better starts", () => {
    const text = advice([row("a", { rhat: 1.04, ess_bulk: 100 })], {}, { apart: { a: [7] } });
    expect(text).toContain("For a, chain 7 lies apart from the others: stuck, or in another mode.");
    expect(text).toContain(
      "What usually helps: starting points nearer to the bulk (`init: { uniform: 0.5 }`, or values)",
    );
    expect(text).toContain("several modes");
    expect(text).not.toMatch(MORE);
  });

  test("chains that stand still: no more draws, of any quantity", () => {
    const still = {
      ...row("a", { rhat: 1.02 }),
      role: "parameter",
      still: { chains: 4, first: [3, 9, 17, 40] },
    } as const;
    const text = advice([still, row("b", { rhat: 1.02, ess_bulk: 300 })]);
    expect(text).toContain("a does not move in 4 of 64 chains (chains 3, 9, 17 and 40), which are stuck");
    expect(text).not.toMatch(MORE);
  });

  test("divergences come before more of the same", () => {
    const text = advice([row("a", { rhat: 1.02 })], { divergences: 5000 });
    expect(text).toContain("smaller steps, since some transitions diverged");
  });

  test("few draws alone: how many would do, where anyone would wait for them", () => {
    expect(advice([row("a", { ess_bulk: 200 })])).toContain("more draws (`draws: 2200`)");
    expect(advice([row("a", { ess_bulk: 2 })])).not.toMatch(MORE);
  });
});

test("the least bulk ESS is the gate's, in every place", async () => {
  const quantities = [row("a", { ess_bulk: 26715 }), row("b", { ess_bulk: 26032 })];
  const gates = evaluateGates({ ...limits, quantities: ["a"] }, quantities, run);
  const text = renderSummary({ quantities, gates, run, gatedQuantities: ["a"] });
  expect(text).toContain("least bulk ESS 26715:");
  expect(text).toContain("bulk ESS > 400: at least 26715 (a)");
  const page = await renderReport({ title: "t", summary: { run, gates, quantities }, gatedQuantities: ["a"] });
  expect(page).toMatch(/least bulk ESS<\/dt><dd><strong>26715<\/strong> <span>a</);
  // Where nothing is gated it is that of all.
  expect(renderSummary({ quantities, gates: [], run })).toContain("least bulk ESS 26032:");
});
