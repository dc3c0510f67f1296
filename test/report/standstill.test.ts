import { expect, test } from "vitest";
import { evaluateGates, renderReport, renderSummary } from "../../src/report/index.ts";
import type { SummaryRow } from "../../src/store/index.ts";
import { constant, limits, row, run } from "./example.ts";

const never: SummaryRow = { ...constant("when"), role: "parameter" };
const moving: SummaryRow = { ...row("x"), role: "parameter" };
const stuck: SummaryRow = { ...moving, name: "tau", still: { chains: 10, first: [3, 5, 7, 9, 11, 13, 15, 17] } };

function told(quantities: readonly SummaryRow[], asked: Parameters<typeof evaluateGates>[0] = limits): string {
  const gates = evaluateGates(asked, quantities, run);
  const gatedQuantities = asked === false ? "all" : (asked.quantities ?? "all");
  return renderSummary({ quantities, gates, run, gatedQuantities, width: 10_000 });
}

test("a parameter that never moved is told with its value, and what usually helps", () => {
  const text = told([never, moving]);
  expect(text).toContain("when never moved: all 64000 draws of 64 chains are 2.");
  expect(text).toContain("`precision: float64`");
  expect(text).toContain("NOT converged: 3 of 4 gates failed.");
  expect(text).not.toContain("more draws (`draws");
  expect(
    renderSummary({ quantities: [never, moving], gates: [], run: { ...run, precision: "float64" } }),
  ).not.toContain("`precision: float64`");
});

test("where no parameter moved the step is the likelier cause", () => {
  const text = told([never, { ...never, name: "other" }, { ...constant("fixed"), role: "derived" }]);
  expect(text).toContain("when and other never moved: in each of them all 64000 draws of 64 chains are the same.");
  expect(text).toContain("no step was accepted");
});

test("chains that are stuck are told by number, and more draws are not the advice", () => {
  const text = told([stuck, moving]);
  expect(text).toContain(
    "tau does not move in 10 of 64 chains (chains 3, 5, 7, 9, 11, 13, 15, 17 and 2 more), which are stuck",
  );
  expect(text).toContain("`init`");
  expect(text).not.toContain("more draws (`draws");
});

test("float64 comes first for stuck chains where the gate precision failed, and is no advice where it passed", () => {
  const words = (error: number): string => {
    const facts = { states: 64, log_density: error, gradient: 0, quantity: 0 };
    const settings = { ...run, precision: "float32", rounding: facts } as const;
    const rows = [stuck, { ...moving, rhat: 1.5 }];
    const gates = evaluateGates({ ...limits, precision: 0.1 }, rows, settings);
    return renderSummary({ quantities: rows, gates, run: settings, gatedQuantities: "all", width: 10_000 });
  };
  expect(words(3)).toContain(
    "are stuck: the posterior was not sampled there, and more draws do not help. What usually helps: `precision: float64` first, starting points",
  );
  expect(words(1e-6)).toContain("What usually helps: starting points");
  expect(words(1e-6)).not.toContain("`precision: float64`");
});

test("a gate that has no number says why", async () => {
  const lines = told([never, moving]);
  expect(lines).toContain("  FAIL  R-hat < 1.01: when never moved; 1 quantity fails\n");
  expect(lines).toContain("  FAIL  tail ESS > 400: when never moved; 1 quantity fails\n");
  expect(told([never, { ...never, name: "other" }])).toContain(
    "R-hat < 1.01: when never moved; 2 quantities fail – never moved: when and other\n",
  );
  expect(told([stuck, moving])).toContain("bulk ESS > 400: tau does not move in every chain; 1 quantity fails\n");
  expect(told([{ ...constant("fixed"), role: "derived" }])).toContain(
    "R-hat < 1.01: not known – every quantity is constant",
  );
  for (const rows of [[never, moving], [stuck, moving], [{ ...constant("fixed"), role: "derived" as const }]]) {
    expect(told(rows)).not.toMatch(/at (?:most|least) (?:NaN|−?Inf)/);
    const page = await renderReport({
      title: "t",
      summary: { run, gates: evaluateGates(limits, rows, run), quantities: rows },
    });
    expect(page.slice(page.indexOf("<caption>Gates"), page.indexOf("</table>"))).not.toContain("NaN");
  }
});

test("what no gate asks of is a warning all the same", async () => {
  for (const asked of [false, { divergences: 0.5 }, { ...limits, quantities: ["x"] }] as const) {
    expect(told([never, moving], asked)).toContain("Warning, of what no gate asks: when never moved");
  }
  const gates = evaluateGates({ ...limits, quantities: ["x"] }, [never, moving], run);
  const page = await renderReport({
    title: "t",
    summary: { run, gates, quantities: [never, moving] },
    gatedQuantities: ["x"],
  });
  expect(page).toContain("Warning, of what no gate asks: when never moved");
  expect(page).toContain("Parameters that do not move in every chain, which fail: when.");
});

test("of a column that nobody knows, it is told that it may be a parameter; of a derived one nothing", () => {
  expect(told([constant("a"), row("b")])).toContain(
    "a is the same in every draw, and the draws do not say whether it is a parameter",
  );
  expect(told([{ ...constant("a"), role: "derived" }, row("b")])).not.toContain("same in every draw");
});
