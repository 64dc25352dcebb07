import { expect, test } from "vitest";
import { bundle as bundleWith, entryOf } from "./bundle";
import type { Files } from "./css";
import { loadTranspile } from "./transpile";

const transpile = await loadTranspile();
const bundle = (files: Files, wanted: string | null = null) => bundleWith(files, transpile, wanted);

const PAGE = `<!doctype html>
<link rel="stylesheet" href="css/style.css">
<img src="logo.svg">
<script src="old.js"></script>
<script type="module" src="./src/app.ts"></script>
<script type="module">
import menu from "./menu.json";
console.log(menu);
</script>`;

const FILES = {
  "index.html": PAGE,
  "css/style.css": `@import "base.css";\nbody { background: url(../logo.svg) }`,
  "css/base.css": "p { color: red }",
  "logo.svg": "<svg/>",
  "old.js": "var x = 1",
  "src/app.ts": `import { price } from "./price";\nimport "../css/base.css";\nconst n: number = price(3);\nconst lazy = () => import('./lazy.js');`,
  "src/price.ts": "export const price = (cents: number): string => (cents / 100).toFixed(2);",
  "src/lazy.js": "export default 1",
  "menu.json": '[{"name": "leeks"}]',
};

test("a page and all that it refers to become one build without addresses", () => {
  const { build, problems } = bundle(FILES);
  expect(problems).toEqual([]);
  expect(build?.entry).toBe("index.html");
  expect(build?.styles["css/style.css"]).toContain("p { color: red }");
  expect(build?.styles["css/style.css"]).toContain('url("data:image/svg+xml');
  expect(build?.imported).toEqual(["css/base.css"]);
  expect(build?.scripts).toEqual({ "old.js": "var x = 1" });
  expect(Object.keys(build?.modules ?? {}).sort()).toEqual(["css/base.css", "index.html?1", "menu.json", "src/app.ts", "src/lazy.js", "src/price.ts"]);
  expect(build?.modules["src/app.ts"]).toContain('from "canvas:/src/price.ts"');
  expect(build?.modules["src/app.ts"]).toContain("import('canvas:/src/lazy.js')");
  expect(build?.modules["src/app.ts"]).not.toContain(": number");
  expect(build?.modules["index.html?1"]?.split("\n")[6]).toBe('import menu from "canvas:/menu.json";');
  expect(build?.html).toContain('<style data-canvas-style="css/style.css"></style>');
  expect(build?.html).toContain('<img src="data:image/svg+xml');
  expect(build?.html.split("\n").length).toBe(PAGE.split("\n").length);
});

test("the entry is index.html, else any page, else something that can stand for one", () => {
  expect(entryOf({ "a.html": "", "index.html": "" })).toBe("index.html");
  expect(entryOf({ "site/a.html": "", "z.js": "" })).toBe("site/a.html");
  expect(entryOf({ "app.test.tsx": "", "src/app.tsx": "", "README.md": "" })).toBe("src/app.tsx");
  expect(entryOf({ "README.md": "", "s.css": "" })).toBe("README.md");
  expect(entryOf({ "notes.txt": "" })).toBeNull();
  expect(bundle({}).build).toBeNull();
});

test("a syntax error says its file, line and column", () => {
  const { problems } = bundle({ "index.html": '<script type="module" src="a.ts"></script>', "a.ts": "let a = 1;\nlet b: = 2;" });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ level: "error", file: "a.ts", line: 2 });
});

test("a syntax error in an inline script is on the page's own line", () => {
  const { problems } = bundle({ "index.html": "<p>\n<script>\nlet = = 2\n</script>" });
  expect(problems[0]).toMatchObject({ file: "index.html", line: 3 });
});

test("a package says that there is no network; React comes from the server", () => {
  const missing = bundle({ "main.js": 'import _ from "lodash";' });
  expect(missing.problems[0]).toMatchObject({ file: "main.js", line: 1, level: "error" });
  expect(missing.problems[0]?.message).toContain("no network");
  const react = bundle({ "app.tsx": 'import { useState } from "react";\nexport const A = () => <b>{useState(1)[0]}</b>;' });
  expect(react.problems).toEqual([]);
  expect(react.build?.packages).toEqual(["react", "react/jsx-runtime"]);
});

test("what lies elsewhere is left out with a warning, and the page still runs", () => {
  const { build, problems } = bundle({ "index.html": '<script src="https://cdn.example/x.js"></script><link rel="stylesheet" href="gone.css"><p>hi</p>' });
  expect(problems.map((one) => one.level)).toEqual(["warn", "warn"]);
  expect(build?.html).toContain("<p>hi</p>");
  expect(build?.html).not.toContain("cdn.example");
});

test("a page's import map names files of the canvas", () => {
  const { build, problems } = bundle({
    "index.html": '<script type="importmap">{"imports":{"lib":"./lib/l.js","parts/":"./parts/"}}</script><script type="module">import "lib"; import "parts/a.js"</script>',
    "lib/l.js": "",
    "parts/a.js": "",
  });
  expect(problems).toEqual([]);
  expect(Object.keys(build?.modules ?? {})).toContain("parts/a.js");
});

test("a file imported as JSON, style sheet or text is JavaScript by the time it reaches the frame", () => {
  for (const main of ["main.js", "main.ts"]) {
    const { build, problems } = bundle({
      [main]: 'import m from "./m.json" with { type: "json" };\nimport s from "./s.css" with { type: "css" };\nimport t from "./s.css" with { type: "text" };\nimport names from "./n.module.css";\nconsole.log(m, s, t, names, import("./m.json", { with: { type: "json" } }));',
      "m.json": "[1]",
      "s.css": "p { color: red }",
      "n.module.css": ".card .title { margin: .5em } /* .not */",
    });
    expect(problems).toEqual([]);
    const code = build?.modules ?? {};
    expect(code[main]).not.toContain("with {");
    expect(code[main]).not.toContain("with:");
    expect(code[main]?.split("\n")).toHaveLength(5);
    expect(code["m.json"]).toBe("export default [1];");
    expect(code["s.css?css"]).toContain("new CSSStyleSheet()");
    expect(code["s.css?text"]).toBe('export default "p { color: red }";');
    expect(code["n.module.css"]).toBe('export default {"card":"card","title":"title"};');
    expect(build?.imported).toEqual(["n.module.css"]);
  }
});

test("modules that import each other end", () => {
  const { build, problems } = bundle({ "main.js": 'import "./b.js"', "b.js": 'import "./main.js"' });
  expect(problems).toEqual([]);
  expect(Object.keys(build?.modules ?? {})).toHaveLength(2);
});

test("bad JSON is an error with its line", () => {
  const { problems } = bundle({ "main.js": 'import m from "./m.json"', "m.json": '{\n "a": ,\n}' });
  expect(problems[0]).toMatchObject({ file: "m.json", level: "error" });
});

test("a script that does not parse is left out, the rest of the page stays", () => {
  const page = '<h1>Menu</h1>\n<script src="bad.js"></script>\n<script>let = = 2</script>\n<script type="module" src="worse.js"></script>\n<script src="good.js"></script>';
  const { build, problems } = bundle({ "index.html": page, "bad.js": "if (", "worse.js": "import './gone.js'", "good.js": "var fine = 1" });
  expect(build?.partial).toBe(true);
  expect(build?.scripts).toEqual({ "bad.js": "", "good.js": "var fine = 1" });
  expect(build?.modules["worse.js"]).toBe("");
  expect(build?.html).toContain("<h1>Menu</h1>");
  expect(build?.html).not.toContain("let = =");
  expect(problems.map(({ file, line, unparsed }) => [file, line, unparsed ?? false])).toEqual([["bad.js", 1, true], ["index.html", 3, true], ["worse.js", 1, false]]);
});

test("an error names the token that it met", () => {
  const said = (text: string): string | undefined => bundle({ "app.js": text }).problems[0]?.message;
  expect(said("let a = 1;\nlet b = => 2;")).toBe("Unexpected “=>”");
  expect(said("const list = [1, 2;")).toBe("Unexpected “;”, expected “,”");
  expect(said("function f() {")).toBe("Unexpected end of the file");
});

test("without a transpiler JavaScript passes as it is and anything else waits", () => {
  const page = { "index.html": '<script type="module" src="a.js"></script>', "a.js": "import './b.js';\nlet = ;", "b.js": "" };
  expect(bundleWith(page, null)).toMatchObject({ waits: false, problems: [], build: { partial: false } });
  expect(bundleWith({ ...page, "a.js": "import './c.ts'", "c.ts": "let a: number" }, null).waits).toBe(true);
  expect(bundleWith({ "index.html": '<script type="text/babel">let a = <b/></script>' }, null).waits).toBe(true);
});
