import { expect, test } from "vitest";
import { markdownPage } from "./markdown";

const body = (text: string): string => /<main>([\s\S]*)<\/main>/.exec(markdownPage(text))?.[1] ?? "";

test.each([
  ["# A `b` **c**\n\ntwo\nlines", "<h1>A <code>b</code> <strong>c</strong></h1>\n<p>two\nlines</p>"],
  ["- one\n- two\n  - inner\n\n1. a\n2. b", "<ul><li>one</li><li>two\n<ul><li>inner</li></ul></li></ul>\n<ol><li>a</li><li>b</li></ol>"],
  ["```js\n# <b>\n```", "<pre><code># &lt;b></code></pre>"],
  ["```\nopen", "<pre><code>open</code></pre>"],
  ["> a\n> b\n\n---", "<blockquote><p>a\nb</p></blockquote>\n<hr>"],
  ["| a | b |\n|---|:-:|\n| 1 | *2* |", "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><em>2</em></td></tr></tbody></table>"],
  ["[x](a.md) ![p](p.svg) <https://a.b>", '<p><a href="a.md">x</a> <img src="p.svg" alt="p"> <a href="https://a.b">https://a.b</a></p>'],
  ["snake_case_name 2 * 3 * 4 \\*no\\*", "<p>snake_case_name 2 * 3 * 4 *no*</p>"],
])("%j", (text, html) => expect(body(text)).toBe(html));

test("nothing of the text becomes markup or a script's address", () => {
  expect(body('<img src=x onerror=a()> [x](javascript:a()) ![y](data:text/html,z) ["](b" onclick="c)')).not.toMatch(/<img src=x|href="javascript|src="data|" onclick/);
});

test("text that nests without end is read in time", () => {
  expect(body("> ".repeat(2_000) + "x")).toContain("x");
  expect(body("**".repeat(5_000)).length).toBeGreaterThan(0);
  expect(body("[".repeat(5_000)).length).toBeGreaterThan(0);
});
