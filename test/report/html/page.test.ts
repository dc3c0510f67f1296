import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ReportInput, renderReport } from "../../../src/report/index.ts";
import { constant, row, run } from "../example.ts";
import { inputOf, namesOf, small, textOf } from "./example.ts";

const input = inputOf(small);

function sectionsOf(page: string): string[] {
  return [...page.matchAll(/<section id="([a-z]+)"/g)].map((match) => match[1] ?? "");
}

/** Every part of a page, in its order. */
const ALL = "verdict overview forest close zoom growth energy pairs warmup table facts".split(" ");

describe("the report of a run that converged", async () => {
  const page = await renderReport(input);
  const text = textOf(page);

  test("has every part, and a link to each", () => {
    expect(sectionsOf(page)).toEqual(ALL);
    for (const id of ALL) expect(page).toContain(`href="#${id}"`);
  });

  test("says so on top, with gates and numbers", () => {
    expect(page).toContain("<title>Converged: all 4 gates passed. – example / run</title>");
    expect(text).toMatch(/✓ Converged: all 4 gates passed\..*R-hat ✓ pass below 1\.01/);
    expect(text).toContain("6 × 200");
    expect(text).not.toContain("What to do");
    expect(text).not.toContain("What is missing");
  });

  test("shows the run's facts", () => {
    for (const fact of ["18446744073709551615", run.digest, "model: example", "v20", "1 cd"])
      expect(text).toContain(fact);
  });

  test("has a row for each quantity", () => {
    expect(page.match(/<th scope="row">(?:tau|lambda|coefficient)/g)).toHaveLength(7);
  });

  test("gives headings in order, and each figure and scrolling part a label", () => {
    const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => {
      expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1);
    });
    const images = page.match(/<svg [^>]*>/g) ?? [];
    expect(images.length).toBeGreaterThan(15);
    for (const image of images) expect(image).toMatch(/role="img" aria-label="[^"]+"/);
    for (const scroll of page.match(/<div class="scroll[^>]*>/g) ?? []) {
      expect(scroll).toMatch(/tabindex="0" role="group" aria-label="[^"]+"/);
    }
  });
});

describe("the policy", async () => {
  const page = await renderReport(input);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";

  test("forbids everything but the page's own script and style, by their hashes", () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    for (const [element, directive] of [
      ["script", "script-src"],
      ["style", "style-src"],
    ] as const) {
      const sources = [...page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, "g"))];
      expect(sources).toHaveLength(1);
      const hash = createHash("sha256")
        .update(sources[0]?.[1] ?? "")
        .digest("base64");
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
    }
  });

  test("is met: no style attributes, no handlers, no addresses to load from", () => {
    const markup = page.replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "");
    expect(markup).not.toMatch(/<[^>]*\s(?:style|on\w+)=/);
    expect(markup).not.toMatch(/(?:src|href)="(?!#|data:,")/);
    expect(markup).not.toMatch(/url\((?!#)/);
    expect(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1]).not.toMatch(/url\(|@import/);
  });
});

test("the same input gives the same bytes, whatever was rendered before", async () => {
  const first = await renderReport(input);
  await renderReport(inputOf({ names: ["a", "b"], chains: 2, draws: 20, summarized: true }));
  expect(await renderReport(inputOf(small))).toBe(first);
});

test("a main job's report is below 2 MB, and an enormous one stays bounded", async () => {
  const main = await renderReport(inputOf({ names: namesOf(45), chains: 64, draws: 1000 }));
  expect(Buffer.byteLength(main)).toBeLessThan(2_000_000);
  const many = await renderReport(inputOf({ names: namesOf(3000), chains: 700, draws: 20 }));
  expect(Buffer.byteLength(many)).toBeLessThan(3_000_000);
  expect(textOf(many)).toContain("more in summary.csv");
});

describe("a run that did not converge", () => {
  test("has words for what to do, the chain that lies apart, and divergences", async () => {
    const failing = inputOf({ ...small, apart: 4, diverging: true });
    const page = await renderReport(failing);
    const text = textOf(page);
    expect(text).toMatch(/✗ Not converged: [1-4] of 4 gates failed\. What to do/);
    expect(text).toMatch(/R-hat ✗ fail below 1\.01 .* fail/);
    expect(text).toContain("Thick: chain 4");
    expect(text).toContain("6 divergent transitions: ✕");
    // Each of them is drawn in each pair, also where it lies far out.
    const pairs = page.slice(page.indexOf('id="pairs"'), page.indexOf('id="warmup"'));
    const crosses = [...pairs.matchAll(/ d="([^"]*l6,6m-6,0l6,-6[^"]*)"/g)].map(
      ([, path]) => path!.split("m-3,-3").length - 1,
    );
    expect(crosses.length).toBeGreaterThan(0);
    expect(new Set(crosses)).toEqual(new Set([6]));
    expect(page).toContain('<tr class="fail">');
  });
});

describe("what is not there", () => {
  test("is said: a failed run without draws", async () => {
    const empty: ReportInput = {
      title: "x",
      status: "failed",
      missing: ["This run failed: boom <b>"],
      summary: { run: { ...run, draws: 0 }, gates: [], quantities: [] },
    };
    const page = await renderReport(empty);
    expect(sectionsOf(page)).toEqual(["verdict", "facts"]);
    expect(textOf(page)).toContain("There are no draws to judge. What is missing This run failed: boom &lt;b&gt;");
    expect(textOf(page)).toContain("The config is not known.");
  });

  test("is left out: a summary alone", async () => {
    const { title, summary } = input;
    expect(sectionsOf(await renderReport({ title, summary }))).toEqual([
      "verdict",
      "overview",
      "forest",
      "table",
      "facts",
    ]);
  });

  test("does not count as converged: an interrupted run whose gates pass", async () => {
    const text = textOf(await renderReport({ ...input, status: "interrupted", missing: ["It stopped."] }));
    expect(text).toContain("? Not finished; so far all 4 gates passed. What is missing It stopped.");
  });

  test("is not judged: no gates", async () => {
    const page = await renderReport({ ...input, summary: { ...input.summary, gates: [] } });
    expect(textOf(page)).toContain("No gates were set: convergence was not judged.");
  });
});

describe("odd runs", () => {
  test.each([
    [1, 1],
    [1, 3],
    [1, 30],
    [2, 5],
    [4, 8],
    [5, 1],
    [300, 12],
  ])("of %i chains and %i draws have a report", async (chains, draws) => {
    const page = await renderReport(inputOf({ names: namesOf(2), chains, draws, summarized: true }));
    expect(sectionsOf(page)).toContain("close");
    expect(page).not.toMatch(/="[^"]*NaN[^"]*"/);
  });

  test("with draws that are not finite say so", async () => {
    const names = ["bad", "good"];
    const size = { names, chains: 3, draws: 20 };
    const made = inputOf(size);
    const bad = [1, 2, 3].map(() => new Float64Array(20).fill(Number.NaN));
    const rows = [
      row("bad", { mean: Number.NaN, sd: Number.NaN, rhat: Number.NaN, ess_bulk: Number.NaN, ess_tail: Number.NaN }),
      row("good"),
    ];
    const page = await renderReport({
      ...made,
      summary: { ...made.summary, quantities: rows },
      draws: { chains: [0, 1, 2], statistic: async () => undefined, quantities: async () => new Map([["bad", bad]]) },
    });
    expect(textOf(page)).toContain("Some of its draws are not finite");
    expect(textOf(page)).toContain("Its draws are not there.");
    expect(textOf(page)).toContain("1 without a finite value are not drawn");
  });

  test("with constant quantities leave them out of the plots and name them", async () => {
    const page = await renderReport({
      ...input,
      summary: { ...input.summary, quantities: [...input.summary.quantities, constant("fixed")] },
    });
    expect(textOf(page)).toContain("Constant, and therefore left out: fixed.");
    const only = await renderReport({ ...input, summary: { ...input.summary, quantities: [constant("fixed")] } });
    expect(textOf(only)).toContain("R-hat cannot be computed for any quantity.");
  });

  test("do not call quantities of few values the worst of tails that they do not have", async () => {
    const flag = row("flag", { q95: 1, q99: 1, ess_tail: Number.NaN });
    const summary = { ...input.summary, quantities: [...input.summary.quantities, flag] };
    const text = textOf(await renderReport({ ...input, summary }));
    expect(text).not.toMatch(/tail ESS: the least \(circled\): flag/);
    expect(text).not.toContain("without a finite value are not drawn");
  });

  test("show chosen quantities, arrays by their name", async () => {
    const text = textOf(await renderReport({ ...input, chosen: ["lambda", "no such"] }));
    expect(text).toMatch(/lambda\[feature 2\] mean .*? chosen/);
  });
});

describe("hostile texts", () => {
  const ATTACKS = [
    "<zq onload=x()>",
    "</script><zq>",
    "]]><zq/>",
    '"><zq a="',
    "'><zq>",
    "&lt;<zq>&",
    "</title><zq>",
    "</text><zq>",
    "--><zq>",
    "\u202e<zq>\u0000",
    "$&<zq>",
    "`<zq>`",
    "</pre><zq>",
  ];
  const piece = fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: "grapheme", maxLength: 8 }));
  const hostile = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(""));

  async function pageOf(texts: readonly string[]): Promise<string> {
    const [title = "t", ...others] = texts;
    const labels = others.map((text, i) => `${text} ${i}`);
    const names = [...labels, ...labels.map((label) => `array[${label}]`), ...labels.map((label) => `${label}[e]`)];
    const size = { names, chains: 5, draws: 12 };
    const made = inputOf(size);
    return await renderReport({
      ...made,
      title,
      chosen: names.slice(0, 2),
      missing: [title],
      config: texts.join("\n"),
      facts: [[title, title]],
      digests: [title],
      checks: [{ draws: 1, met: false, rhat: { met: false, quantity: title, value: 2 } }],
      summary: {
        run: { ...made.summary.run, engine: title, digest: title, seed: title },
        gates: [{ name: title, limit: 1, value: 2, pass: false, worst: title, note: title }, ...made.summary.gates],
        quantities: names.map((name) => row(name, { rhat: 1.5 })),
      },
    });
  }

  test("never become markup, whoever wrote them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 3, maxLength: 5 }), async (texts) => {
        const page = await pageOf(texts);
        expect(page).not.toContain("<zq");
        expect(page.match(/<script/g)).toHaveLength(2);
        expect(page.match(/<\/script/g)).toHaveLength(2);
        expect(page.match(/<title>/g)?.length).toBe(page.match(/<\/title>/g)?.length);
        // Whatever stands in a tag's attributes stays within its quotes.
        const markup = page.replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "").replace("<!doctype html>", "");
        const tags = markup.match(/<[^>]*>/g) ?? [];
        for (const tag of tags) {
          expect(tag).toMatch(/^<\/?[a-zA-Z][a-zA-Z0-9]*(?:\s+[a-zA-Z][\w:-]*(?:="[^"]*")?)*\s*\/?>$/);
        }
        // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the test
        expect(markup).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
      { numRuns: 25 },
    );
  }, 300_000);
});

test("the libraries of the plots are loaded only for a report, so that every command starts without them", async () => {
  const source = await readFile(new URL("../../../src/report/index.ts", import.meta.url), "utf8");
  const loaded = [...source.matchAll(/^(?:import|export) (?!type\b)[^;]*? from "(\.[^"]*)"/gm)].map(
    (match) => match[1],
  );
  expect(loaded).toEqual(["../summary/gates.ts", "./summary.ts", "./text.ts"]);
});
