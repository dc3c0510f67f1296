/** Looks at the report in Debian's Chromium. MANYCHAIN_REQUIRE_CHROMIUM=1 makes a missing browser a failure. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReportInput, renderReport } from "../../../src/report/index.ts";
import { withFolder } from "../../store/example.ts";
import { inputOf, namesOf, small } from "./example.ts";

const CHROMIUM = process.env["MANYCHAIN_CHROMIUM"] ?? "/usr/bin/chromium";
const ARGUMENTS =
  "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run";
const isThere = existsSync(CHROMIUM);
const isRequired = process.env["MANYCHAIN_REQUIRE_CHROMIUM"] === "1";

interface Seen {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

interface View {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

let browser: Browser;

/** Opens a report as a file, calls `look`, and expects that nothing was logged and nothing asked for. */
async function see(input: ReportInput, { width, scheme }: View, look: (seen: Seen) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "report.html");
    await writeFile(file, await renderReport(input));
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
    const [errors, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    const address = pathToFileURL(file).href;
    await page.goto(address, { waitUntil: "load" });
    await look({ page, errors, requests });
    expect(errors).toEqual([]);
    expect(requests.filter((url) => url !== address && url !== "data:,")).toEqual([]);
    await page.close();
  });
}

async function contrastOf(page: Page, selector: string): Promise<number> {
  return (await page.evaluate(`(() => {
    const channels = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const light = (color) => channels(color).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const element = document.querySelector(${JSON.stringify(selector)});
    let back = element;
    while (back && getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") back = back.parentElement;
    const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(back).backgroundColor)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  })()`)) as number;
}

test("Chromium is there, where it is required", () => {
  if (isRequired) expect(isThere, `${CHROMIUM} is missing: apt-get install chromium`).toBe(true);
});

describe.skipIf(!isThere)(`in a browser${isThere ? "" : ` (SKIPPED: no ${CHROMIUM})`}`, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS.split(" ") });
  });
  afterAll(async () => browser.close());

  test.each([
    { width: 1200, scheme: "light" },
    { width: 1200, scheme: "dark" },
    { width: 360, scheme: "light" },
    { width: 320, scheme: "dark" },
  ] as const)("$width pixels wide, $scheme: verdict, no sideways scrolling, colours that can be read", async (view) => {
    const names = [...namesOf(4), `coefficient[${"averylongwordwithoutanyspace".repeat(6)}]`];
    await see(inputOf({ ...small, names }), view, async ({ page }) => {
      expect(await page.locator("#verdict h2").textContent()).toContain("Converged: all 4 gates passed.");
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      const back = (await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string;
      expect(back === "rgb(255, 255, 255)").toBe(view.scheme === "light");
      for (const selector of [
        "body",
        "#verdict h2",
        "tr.pass .mark",
        "figcaption",
        ".key.blue",
        ".key.bad",
        "nav a",
        ".tiles dt",
      ]) {
        expect(await contrastOf(page, selector), selector).toBeGreaterThan(4.5);
      }
    });
  });

  test("the trace is drawn and can be zoomed by keyboard", async () => {
    await see(inputOf(small), { width: 1000, scheme: "dark" }, async ({ page }) => {
      expect(await page.locator("#zoom-plot canvas").count()).toBe(1);
      const status = page.locator("#zoom-status");
      expect(await status.textContent()).toMatch(/, draws 1 to 200/);
      await page.locator("[data-zoom=in]").focus();
      await page.keyboard.press("Enter");
      await expect.poll(async () => status.textContent()).toMatch(/, draws 51 to 150/);
      await page.locator("#zoom-chain").selectOption("2");
      await page.locator("#zoom-quantity").selectOption({ index: 1 });
      await expect.poll(async () => status.textContent()).toMatch(/, draws 51 to 150/);
      await page.locator("[data-zoom=all]").press("Space");
      await expect.poll(async () => status.textContent()).toMatch(/, draws 1 to 200/);
      await page.emulateMedia({ colorScheme: "light" });
      expect(await page.locator("#zoom-plot canvas").count()).toBe(1);
    });
  });

  test("the table sorts by keyboard, up, down and back", async () => {
    await see(inputOf(small), { width: 1000, scheme: "light" }, async ({ page }) => {
      const column = async (): Promise<number[]> =>
        (await page.locator("table.summary tbody tr td:nth-child(2)").allInnerTexts()).map(Number);
      const declared = await column();
      const button = page.locator("table.summary thead button").nth(1);
      await button.press("Enter");
      expect(await column()).toEqual(declared.toSorted((a, b) => b - a));
      expect(await page.locator("th[aria-sort=descending]").count()).toBe(1);
      await button.press("Enter");
      expect(await column()).toEqual(declared.toSorted((a, b) => a - b));
      await button.press("Enter");
      expect(await column()).toEqual(declared);
    });
  });

  test("every control can be reached by Tab and has a name", async () => {
    await see(inputOf(small), { width: 1000, scheme: "light" }, async ({ page }) => {
      const nameless = await page.evaluate(`[...document.querySelectorAll("a, button, select, summary, [tabindex]")]
        .filter((element) => element.tabIndex < 0 || !(element.textContent.trim() || element.getAttribute("aria-label") || element.labels?.length))
        .map((element) => element.outerHTML.slice(0, 100))`);
      expect(nameless).toEqual([]);
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.className")).toBe("skip");
      const ids = (await page.evaluate(
        `[...document.querySelectorAll("[id]")].map((element) => element.id)`,
      )) as string[];
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  test("names that attack are only text, in the page and in its controls", async () => {
    const attacks = [
      "<img src=x onerror='window.owned=1'>",
      "</script><script>window.owned=1</script>",
      '"><svg onload="window.owned=1">',
      "javascript:window.owned=1",
    ];
    const names = [...attacks, ...attacks.map((attack) => `x[${attack}]`)];
    const made = inputOf({ names, chains: 5, draws: 40, summarized: true });
    await see(
      { ...made, title: attacks[1] ?? "", config: attacks.join("\n") },
      { width: 1000, scheme: "light" },
      async ({ page }) => {
        expect(await page.evaluate("window.owned")).toBeUndefined();
        expect(await page.locator("img").count()).toBe(0);
        expect(await page.locator("h1").textContent()).toBe(attacks[1]);
        expect(await page.locator("#zoom-quantity option").first().textContent()).toMatch(/owned/);
      },
    );
  });

  test("without its script all but the zoom is there", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "report.html");
      await writeFile(file, await renderReport(inputOf(small)));
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(pathToFileURL(file).href);
      expect(await page.locator("#zoom noscript").textContent()).toContain("needs the script");
      expect(await page.locator("#zoom-controls").isVisible()).toBe(false);
      expect(await page.locator("svg.plot").first().isVisible()).toBe(true);
      await context.close();
    });
  });
});
