import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createResults,
  openResults,
  SUMMARY_NUMBERS,
  type SummaryDocument,
  type SummaryRow,
} from "../../src/store/index.ts";
import { csvText, summaryCsv } from "../../src/store/summary-csv.ts";
import { block, layout, manifest, withFolder } from "./example.ts";

function row(name: string, change: Partial<Omit<SummaryRow, "name">> = {}): SummaryRow {
  const numbers = Object.fromEntries(SUMMARY_NUMBERS.map((key, index) => [key, index + 0.1])) as Record<
    (typeof SUMMARY_NUMBERS)[number],
    number
  >;
  return { name, ...numbers, ...change };
}

const summary: SummaryDocument = {
  run: {
    chains: 5,
    draws: 50,
    warmup: 8,
    divergences: 3,
    gradients: { warmup: 100, sampling: 200 },
    seconds: { compile: 0.1, warmup: 0.2, sampling: 0.3, total: 0.6 },
    engine: "reference",
    precision: "float64",
    seed: "18446744073709551615",
    digest: "",
  },
  gates: [{ name: "rhat", limit: 1.01, value: Number.NaN, pass: false, worst: "tau" }],
  quantities: [row("tau", { rhat: Number.NaN, ess_bulk: Number.POSITIVE_INFINITY }), row("coefficient[mean radius]")],
};

test("summary.json has the keys of its definition, null for what is not a number, and the run's digest", async () => {
  await withFolder(async (root) => {
    const writer = await createResults({ root, configName: "c", runId: "r", manifest, layout });
    await writer.appendBlock(block(0, 0, 5));
    const digest = writer.digests().run;
    const written = await writer.finish({ status: "complete", summary });
    expect(written?.run.digest).toBe(digest);
    const document = JSON.parse(await readFile(join(writer.directory, "summary.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(Object.keys(document)).toEqual(["run", "gates", "quantities"]);
    expect(document["run"]).toEqual({ ...summary.run, digest });
    expect(document["gates"]).toEqual([{ name: "rhat", limit: 1.01, value: null, pass: false, worst: "tau" }]);
    const rows = document["quantities"] as Record<string, unknown>[];
    expect(Object.keys(rows[0] ?? {})).toEqual(["name", ...SUMMARY_NUMBERS]);
    expect(rows[0]).toMatchObject({ name: "tau", rhat: null, ess_bulk: null, mean: 0.1 });
    const back = await (await openResults(writer.directory)).summary();
    expect(back?.quantities[0]?.rhat).toBeNaN();
    expect(back?.gates[0]?.value).toBeNaN();
    // Of results that are older than these numbers, nothing is said of them.
    expect(back?.run.seconds).toEqual(summary.run.seconds);
    expect(back?.quantities[1]).toEqual(summary.quantities[1]);
    const { digests } = (await openResults(writer.directory)).run;
    expect(digests?.run).toBe(digest);
  });
});

describe("summary.csv", () => {
  test("has a header, full precision and empty fields", () => {
    const text = summaryCsv([row("tau", { mean: 1 / 3, rhat: Number.NaN })]);
    const [header, first, end] = text.split("\n");
    expect(header).toBe(`name,${SUMMARY_NUMBERS.join(",")}`);
    expect(first).toMatch(/^tau,0\.3333333333333333,/);
    expect(first?.split(",")).toHaveLength(18);
    expect(first?.split(",")[1 + SUMMARY_NUMBERS.indexOf("rhat")]).toBe("");
    expect(end).toBe("");
  });

  test("quotes commas, quotes and line ends", () => {
    expect(summaryCsv([row('pair[a, "b"]')]).split("\n")[1]).toMatch(/^"pair\[a, ""b""\]",/);
  });

  test.each(["=HYPERLINK(1)", "+1", "-x", "@SUM", "\t=1", "  =1", "\r=1"])(
    "a name that a spreadsheet would run, %j, gets an apostrophe",
    (name) => {
      expect(csvText(name)).toBe(`'${name}`);
      expect(summaryCsv([row(name)])).toContain(`'${name.slice(0, 1)}`);
    },
  );

  test("other names are left alone", () => {
    expect(csvText("coefficient[=1]")).toBe("coefficient[=1]");
  });

  test("no quantities give the header alone", () => {
    expect(summaryCsv([]).trimEnd()).toBe(`name,${SUMMARY_NUMBERS.join(",")}`);
  });
});
