import { expect, test } from "vitest";
import { importsOf } from "./imports";

const names = (code: string): string[] => importsOf(code).map((one) => one.specifier);

test("every form of import and re-export is found, with its place", () => {
  const code = `import a, { b as c } from "./x.js"; import "side"; export * from 'y'; export { q } from "z"; const l = await import("./lazy"); import d from "d" with { type: "json" };`;
  expect(names(code)).toEqual(["./x.js", "side", "y", "z", "./lazy", "d"]);
  const first = importsOf(code)[0];
  expect(code.slice(first?.start, first?.end)).toBe("./x.js");
});

test("attributes are found with their type and their place", () => {
  const code = `import a from "./a.json" with { type: "json" }; import "b" assert {type:'css'};\nexport { c } from "c" with { 'type': 'text' }; import("d", { with: { type: "json" } }); import("e"); import f from "f";`;
  const found = importsOf(code);
  expect(found.map((one) => one.attributes?.type)).toEqual(["json", "css", "text", "json", undefined, undefined]);
  expect(found.slice(0, 4).map((one) => code.slice(one.attributes?.start, one.attributes?.end))).toEqual([' with { type: "json" }', " assert {type:'css'}", " with { 'type': 'text' }", ', { with: { type: "json" } }']);
});

test("what only looks like an import is left alone", () => {
  expect(names('const from = "a"; x.import("b"); // import "c"\n/* import "d" */ `import "e" ${1 + `${"f"}`}`; const r = /import "g"/; const s = "import \\"h\\""; import.meta.url;')).toEqual([]);
  expect(names('export const a = "x"; export default "y"; export function f() { return "z" }')).toEqual([]);
});

test("a template inside a template does not hide what follows", () => {
  expect(names('const t = `a${`b${{ c: 1 }}`}d`; import "e";')).toEqual(["e"]);
  expect(names('const half = a / b / c; import "e";')).toEqual(["e"]);
});
