import { describe, expect, test } from "vitest";
import { allPass, evaluateGates } from "../../src/report/index.ts";
import { constant, limits, row, run } from "./example.ts";

const good = [row("tau"), row("beta[a]"), row("beta[b]")];

test("a run that meets every limit passes, with the worst value of each", () => {
  const gates = evaluateGates(limits, [...good, row("worst", { rhat: 1.009, ess_bulk: 401, ess_tail: 402 })], run);
  expect(gates).toEqual([
    { name: "rhat", limit: 1.01, value: 1.009, pass: true, worst: "worst", failing: 0 },
    { name: "ess_bulk", limit: 400, value: 401, pass: true, worst: "worst", failing: 0 },
    { name: "ess_tail", limit: 400, value: 402, pass: true, worst: "worst", failing: 0 },
    { name: "divergences", limit: 0.01, value: 12 / 64_000, pass: true },
  ]);
  expect(allPass(gates)).toBe(true);
});

describe("one bad quantity fails its gate and no other", () => {
  const cases = [
    ["rhat", { rhat: 1.01 }],
    ["rhat", { rhat: Number.POSITIVE_INFINITY }],
    ["ess_bulk", { ess_bulk: 400 }],
    ["ess_tail", { ess_tail: 12 }],
    ["rhat", { rhat: Number.NaN }],
    ["ess_bulk", { ess_bulk: Number.NaN }],
    ["ess_tail", { ess_tail: Number.NaN }],
  ] as const;
  test.each(cases)("%s %o", (name, change) => {
    for (const quantities of [
      [...good, row("bad", change)],
      [row("bad", change), ...good],
    ]) {
      const gates = evaluateGates(limits, quantities, run);
      expect(gates.filter((gate) => !gate.pass).map((gate) => gate.name)).toEqual([name]);
      expect(gates.find((gate) => gate.name === name)).toMatchObject({ worst: "bad", failing: 1 });
    }
  });
});

test("divergences are judged as a fraction of all draws, the limit included", () => {
  const judged = (divergences: number): boolean | undefined =>
    evaluateGates({ divergences: 0.01 }, good, { ...run, divergences })[0]?.pass;
  expect([judged(640), judged(641), judged(Number.NaN)]).toEqual([true, false, false]);
});

test("a constant derived quantity is left out and named", () => {
  const gates = evaluateGates(limits, [...good, { ...constant("fixed"), role: "derived" }], run);
  expect(allPass(gates)).toBe(true);
  expect(gates[0]?.note).toBe("left out, being constant: fixed");
});

describe("a parameter that did not move fails every gate that asks of it, by name", () => {
  const everywhere = { ...constant("when"), role: "parameter" } as const;
  // Among many chains one that is stuck leaves R-hat and ESS as good as they were.
  const still = { still: { chains: 1, first: [3] } };
  const inOne = { ...row("beta[b]"), role: "parameter", ...still } as const;
  test.each([
    ["in any chain", everywhere, "never moved: when"],
    ["in one chain", inOne, "not moving in every chain: beta[b]"],
    ["in any chain, up to rounding of its mean", { ...everywhere, sd: 1e-16 }, "never moved: when"],
  ])("%s", (_, quantity, note) => {
    const gates = evaluateGates(limits, [row("tau"), quantity, row("mu")], run);
    for (const gate of gates.slice(0, 3)) {
      expect(gate).toMatchObject({ pass: false, value: Number.NaN, worst: quantity.name, failing: 1, note });
    }
    expect(gates[3]?.pass).toBe(true);
  });

  test("a derived quantity that is constant in one chain is judged by its numbers", () => {
    const flag = { ...row("flag"), role: "derived", ...still } as const;
    expect(allPass(evaluateGates(limits, [...good, flag], run))).toBe(true);
  });

  test("where gates do not ask of it, they pass", () => {
    const gates = evaluateGates({ ...limits, quantities: ["tau"] }, [...good, everywhere], run);
    expect(allPass(gates)).toBe(true);
  });
});

test("a run in which nothing moved does not pass", () => {
  const gates = evaluateGates(limits, [constant("a"), constant("b")], run);
  expect(gates.slice(0, 3).map((gate) => gate.pass)).toEqual([false, false, false]);
  expect(gates[0]?.note).toMatch(/every quantity is constant/);
});

test("no quantity at all does not pass", () => {
  expect(evaluateGates({ rhat: 1.01 }, [], run)[0]?.pass).toBe(false);
});

describe("the quantities that are asked of", () => {
  const mixed = [row("beta", { rhat: 2 }), row("beta[a]", { rhat: 1.5 }), row("betas[a]", { rhat: 3 }), row("tau")];
  test("a name stands for itself and its elements, and for no longer name", () => {
    const [gate] = evaluateGates({ rhat: 1.01, quantities: ["beta"] }, mixed, run);
    expect(gate).toMatchObject({ value: 2, worst: "beta", failing: 2 });
    expect(evaluateGates({ rhat: 1.01, quantities: ["beta[a]"] }, mixed, run)[0]).toMatchObject({
      value: 1.5,
      failing: 1,
    });
    expect(evaluateGates({ rhat: 1.01, quantities: ["tau"] }, mixed, run)[0]?.pass).toBe(true);
    expect(evaluateGates({ rhat: 1.01, quantities: "all" }, mixed, run)[0]).toMatchObject({ value: 3, failing: 3 });
  });

  test("a name that matches nothing fails and is named", () => {
    const [gate] = evaluateGates({ rhat: 1.01, quantities: ["tau", "gamma"] }, mixed, run);
    expect(gate).toMatchObject({ pass: false, note: "no quantity is named gamma" });
  });
});

test("a quantity of few values, with no draw beyond a quantile, is left out of tails alone, by name", () => {
  const flag = row("flag", { q95: 1, q99: 1, ess_tail: Number.NaN });
  const [bulk, tail] = evaluateGates({ ess_bulk: 400, ess_tail: 400 }, [...good, flag], run);
  expect([bulk?.pass, tail?.pass]).toEqual([true, true]);
  expect(tail?.note).toBe("left out, having too few different values for tails: flag");
  const broken = row("broken", { mean: Number.NaN, q95: 1, q99: 1, ess_tail: Number.NaN });
  expect(evaluateGates({ ess_tail: 400 }, [...good, broken], run)[0]?.pass).toBe(false);
});

test("false asks for nothing; a limit that is left out is not checked", () => {
  expect(evaluateGates(false, good, run)).toEqual([]);
  expect(evaluateGates({ ess_bulk: 1 }, good, run).map((gate) => gate.name)).toEqual(["ess_bulk"]);
});
