import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { html, jsonText, lines, prose, trusted } from "../../../src/report/html/markup.ts";

describe("a template", () => {
  test("escapes text, keeps markup, joins lists, and leaves out what is undefined", () => {
    const inner = html`<b>${"a<b"}</b>`;
    expect(html`<p title="${`"'&`}">${inner}${["x", 1, undefined, [trusted("<i>")]]}</p>`.markup).toBe(
      '<p title="&quot;&#39;&amp;"><b>a&lt;b</b>x1<i></p>',
    );
  });

  test("makes control and direction characters harmless", () => {
    expect(html`${"a\u0000b\u202ec\u001b[31m\ud800"}`.markup).toBe("a\ufffdb\ufffdc\ufffd[31m\ufffd");
  });

  test("never lets a text open a tag or leave its quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(html`${text}`.markup).not.toMatch(/[<>"']/);
        expect(html`${text}`.markup.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
      }),
    );
  });
});

test("lines keep their ends", () => {
  expect(lines("a: <\r\n\tb\n").markup).toBe("a: &lt;\n\ufffdb\n");
});

test("back-quoted parts of prose are code, whatever is in them", () => {
  expect(prose("see `warmup` <b>").markup).toBe("see <code>warmup</code> &lt;b&gt;");
  expect(prose("odd `<i>").markup).toBe("odd <code>&lt;i&gt;</code>");
});

test("JSON in the page can be read back, and cannot end its element", () => {
  const value = { name: '</script><!--\u2028"', list: [1, null] };
  const text = jsonText(value);
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual(value);
});
