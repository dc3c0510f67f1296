import { describe, expect, test } from "vitest";
import { evaluateGates, renderSummary, type SummaryInput } from "../../src/report/index.ts";
import { engineText, textWidth } from "../../src/report/text.ts";
import type { SummaryRow } from "../../src/store/index.ts";
import { constant, limits, row, run } from "./example.ts";

const many = Array.from({ length: 30 }, (_, index) => row(`coefficient[worst fractal dimension ${index}]`));

function render(quantities: readonly SummaryRow[], change: Partial<SummaryInput> = {}): string {
  const facts = change.run ?? run;
  const gates = evaluateGates({ ...limits, quantities: change.gatedQuantities ?? "all" }, quantities, facts);
  return renderSummary({ quantities, gates, run: facts, ...change });
}

test("the engine is told with what its bits depend on", () => {
  const told = (engine_class: string) => engineText({ engine: "xla", precision: "float32", engine_class });
  const whole = "xla float32 (cuda 12090, NVIDIA H100), batches of 64";
  expect(told(whole)).toBe("xla, float32 (cuda 12090, NVIDIA H100), batches of 64");
  expect([told("xla float32"), told("of another engine")]).toEqual(["xla, float32", "xla, float32"]);
});

describe("a run that converged", () => {
  test("shows its table, facts, gates and verdict", () => {
    const text = render([row("tau"), row("beta[a]")], { title: "breast-cancer", directory: "results/breast-cancer/1" });
    expect(text).toMatch(/^breast-cancer\n/);
    expect(text).toMatch(/mean +sd +mcse +q5 +q50 +q95 +R-hat +bulk +tail/);
    expect(text).toMatch(/ {2}tau +-0\.123 0\.456 0\.0012 -0\.988 -0\.100 0\.877 1\.001 12345 9876\n/);
    expect(text).toContain("64 chains × 1000 draws after 500 of warm-up; 12 divergences (0.0187 % of all");
    expect(text).toContain("11.9 s: compiling 0.123 s, warm-up 4.50 s, sampling 6.70 s");
    expect(text).toContain("1.23M gradients in warm-up, 2.35M in sampling");
    expect(text).toContain("least bulk ESS 12345: 1843 per second of sampling, 1037 per second in all");
    expect(text).toContain("engine wasm, float32, seed 18446744073709551615");
    expect(text).toContain(`digest ${run.digest}`);
    expect(text).toContain("  pass  R-hat < 1.01: at most 1.0012 (tau)");
    expect(text).toContain("Converged: all 4 gates passed.\nResults: results/breast-cancer/1\n");
    expect(text).not.toContain("!");
  });

  test("keeps the declared order, and says how many rows are left out", () => {
    const text = render(many, { maxRows: 3 });
    expect(text.indexOf("dimension 0]")).toBeLessThan(text.indexOf("dimension 1]"));
    expect(text).toContain("… and 27 more in summary.csv\n");
  });
});

describe("a run that did not converge", () => {
  const bad = [
    ...many,
    row("theta", { ess_tail: 350 }),
    row("tau", { rhat: 1.0842, ess_bulk: 100, ess_tail: 90 }),
    row("broken", { mean: Number.NaN, rhat: Number.NaN, ess_bulk: Number.NaN, ess_tail: Number.NaN }),
  ];
  const text = render(bad, {
    maxRows: 2,
    run: { ...run, divergences: 1472 },
    chains: { apart: { tau: [3, 17] }, divergences: [0, 2, 9, 0, 5, 1] },
  });
  const flat = text.replaceAll(/\s+/g, " ");

  test("puts the worst quantities first and marks them", () => {
    expect(
      text
        .split("\n")
        .filter((line) => line.startsWith("!"))
        .map((line) => line.split(/ +/)[1]),
    ).toEqual(["broken", "tau"]);
    expect(text).toContain("… and 31 more in summary.csv, 1 of them failing");
  });

  test("says what fails and by how much", () => {
    expect(text).toContain("  FAIL  R-hat < 1.01: broken not known; 2 quantities fail");
    expect(text).toContain("  FAIL  divergences ≤ 1 %: 2.3 % (1472)");
    expect(text.trimEnd()).toMatch(/NOT converged: 4 of 4 gates failed\.$/);
  });

  test("says in words which quantity, which chains, and what usually helps", () => {
    expect(flat).toContain("R-hat or ESS of broken cannot be computed: some draws are not finite.");
    expect(flat).toContain(
      "The chains do not agree on tau: R-hat is up to 1.0842, and must be below 1.01. For tau, chains 3 and 17 lie apart from the others: stuck, or in another mode.",
    );
    expect(flat).toMatch(/What usually helps: .*starting points nearer .* a longer warm-up .* non-centred/);
    expect(flat).toContain("tau has too few independent draws in the bulk: ESS is down to 100, and must be above 400");
    expect(flat).toContain("More draws do not help while the chains do not agree");
    expect(flat).not.toContain("`draws: 4400`");
    expect(flat).toContain("tau and theta have too few independent draws in the tails: ESS is down to 90");
    expect(flat).toContain(
      "1472 transitions diverged (most in chains 2, 4 and 1): 2.3 % of all draws, and at most 1 % may.",
    );
    expect(flat).toContain("`sampler.target_acceptance`");
  });

  test("asks for draws where there are too few for R-hat", () => {
    const few = render([row("x", { rhat: Number.NaN, ess_bulk: Number.NaN })], { run: { ...run, draws: 3 } });
    expect(few.replaceAll(/\s+/g, " ")).toContain("from 3 draws of each chain: at least 4 are needed");
  });

  test("does not mark quantities that the gates do not ask of", () => {
    const partly = render([row("tau"), row("nuisance", { rhat: 3 })], { gatedQuantities: ["tau"] });
    expect(partly).not.toMatch(/^!/m);
    expect(partly).toContain("Converged: all 4 gates passed.");
  });

  test("says that convergence cannot be judged where nothing matches or nothing moved", () => {
    expect(render([row("tau")], { gatedQuantities: ["tua"] }).replaceAll(/\s+/g, " ")).toContain(
      "Convergence cannot be judged: no quantity is named tua.",
    );
    expect(render([constant("a")])).toContain("every quantity is constant");
  });
});

test("a constant quantity is neither marked nor forgotten", () => {
  const text = render([row("tau"), constant("fixed")]);
  expect(text).not.toMatch(/^!/m);
  expect(text.replaceAll(/\s+/g, " ")).toContain("left out, being constant: fixed");
});

test("kernels and transfers are told apart, where there were transfers", () => {
  const facts = (seconds: object) => ({ ...run, seconds: { ...run.seconds, ...seconds } });
  const text = render([row("tau")], { run: facts({ kernel: 8.25, transfer: 0.5 }) });
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "sampling 6.70 s kernels 8.25 s, transfers to and from the device 0.500 s (both at once in part) 1.23M",
  );
  expect(render([row("tau")], { run: facts({ kernel: 8.25, transfer: 0 }) })).not.toContain("kernels");
  expect(render([row("tau")], { run: facts({ kernel: Number.NaN, transfer: Number.NaN }) })).not.toContain("kernels");
});

test("what is not known of a run is left out", () => {
  const unknown = Number.NaN;
  const facts = {
    ...run,
    warmup: unknown,
    divergences: unknown,
    gradients: { warmup: unknown, sampling: unknown },
    seconds: { compile: unknown, warmup: unknown, sampling: unknown, total: unknown },
    digest: "",
  };
  const text = renderSummary({ quantities: [row("tau")], gates: [], run: facts });
  expect(text).not.toContain("NaN");
  expect(text).toContain("\n64 chains × 1000 draws\nleast bulk ESS 12345\nengine wasm");
});

test("where not all rows are shown, those that gates judge come first", () => {
  const rows = [...many, row("tau"), row("theta")];
  const text = render(rows, { maxRows: 3, gatedQuantities: ["theta", "tau"] });
  expect(text).toMatch(/bulk +tail\n {2}tau .*\n {2}theta .*\n {2}coefficient/);
});

test("of a run that has not ended, gates that pass are no verdict", () => {
  for (const status of ["running", "interrupted", "failed"] as const) {
    const text = render(many, { status, maxRows: 3 });
    expect(text).toContain("Not finished; so far all 4 gates passed.");
    expect(text).not.toContain("Converged");
    // What has died has written no table.
    expect(text).toContain(`more in ${status === "interrupted" ? "summary.csv" : "report.html"}`);
  }
  expect(render([row("tau", { rhat: 2 })], { status: "running" })).toContain("NOT converged: 1 of 4 gates failed.");
});

test("without gates nothing is judged", () => {
  expect(renderSummary({ quantities: [row("tau", { rhat: 2 })], gates: [], run })).toContain(
    "convergence was not judged",
  );
});

describe("a terminal", () => {
  test.each([80, 60, 100, 200])("of %i columns: no line is longer", (width) => {
    const quantities = [
      ...many,
      row("tau", { rhat: 1.2, mean: -123_456.7, ess_tail: 3 }),
      row("変数[平均半径の最大値と最小値の差の平均の平均]"),
    ];
    const text = render(quantities, {
      width,
      run: { ...run, divergences: 9999 },
      title: "a rather long name of a run that goes on and on and on and on and on",
    });
    for (const line of text.split("\n")) {
      if (!line.includes(run.digest)) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
    expect(text).toContain("R-hat");
  });

  test("gets no escape code without color, and colours with it", () => {
    const bad = [row("tau", { rhat: 1.2 })];
    expect(render(bad)).not.toContain("\u001b");
    const colored = render(bad, { color: true });
    expect(colored).toContain("\u001b[31m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(render(bad));
  });

  test("never gets a control character from a name", () => {
    const evil = "x\u001b]0;owned\u0007\r\n\u202eabc\u009b31m";
    const text = render([row(`${evil}[a]`, { rhat: 1.2, ess_bulk: 3 }), row("b", { rhat: Number.NaN })], {
      title: evil,
      directory: evil,
      run: { ...run, engine: evil },
      gatedQuantities: ["b", evil, "none\u001b[2J"],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the test
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
