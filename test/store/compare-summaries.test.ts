import { expect, test } from "vitest";
import { compareSummaries, SUMMARY_NUMBERS, type SummaryNumber, type SummaryRow } from "../../src/store/index.ts";

function row(name: string, change: Partial<Record<SummaryNumber, number>> = {}): SummaryRow {
  const numbers = Object.fromEntries(SUMMARY_NUMBERS.map((key) => [key, key.startsWith("mcse") ? 0.1 : 1]));
  return { name, ...numbers, ...change } as SummaryRow;
}

test("what is within 5 combined standard errors agrees", () => {
  // 5 · √(0.1² + 0.1²) = 0.707
  const before = [row("a"), row("b")];
  expect(compareSummaries(before, [row("a", { mean: 1.7 }), row("b", { q95: 0.3 })])).toEqual({
    quantities: 2,
    limit: 5,
  });
  expect(compareSummaries(before, [row("a", { mean: 1.72 }), row("b", { q5: 2 })]).worst).toMatchObject({
    quantity: "b",
    number: "q5",
    before: 1,
    now: 2,
    distance: expect.closeTo(7.07, 2),
  });
});

test("constants agree with themselves; a quantity or a number that one run lacks is a difference", () => {
  const constant = row("c", { mcse_mean: Number.NaN, mcse_sd: Number.NaN, sd: 0 });
  expect(compareSummaries([constant], [constant]).worst).toBeUndefined();
  expect(compareSummaries([constant], [{ ...constant, mean: 2 }]).worst?.distance).toBe(Number.POSITIVE_INFINITY);
  expect(compareSummaries([row("a")], []).worst?.quantity).toBe("a");
  expect(compareSummaries([], [row("a")]).worst?.quantity).toBe("a");
});
