import { describe, expect, it } from "vitest";
import { blocksOf } from "./prose";

describe("an answer's blocks", () => {
  it("reads paragraphs, lists, headings and code", () => {
    expect(blocksOf("# Why\nIt `adds` **twice**.\n\n- one\n- two\n\n```js\nlet x\n```").map((block) => block.kind)).toEqual([
      "heading", "paragraph", "list", "code",
    ]);
  });
  it("keeps an unfinished fence as code", () => {
    expect(blocksOf("Text\n```py\nx = 1\ny")).toEqual([
      { kind: "paragraph", parts: [{ kind: "text", text: "Text" }] },
      { kind: "code", language: "py", text: "x = 1\ny" },
    ]);
  });
  it("leaves HTML as the text it is", () => {
    expect(blocksOf("<img src=x onerror=alert(1)>")).toEqual([
      { kind: "paragraph", parts: [{ kind: "text", text: "<img src=x onerror=alert(1)>" }] },
    ]);
  });
  it("reads inline code and strong words", () => {
    expect(blocksOf("a `b` **c** d")[0]).toEqual({
      kind: "paragraph",
      parts: [{ kind: "text", text: "a " }, { kind: "code", text: "b" }, { kind: "text", text: " " }, { kind: "strong", text: "c" }, { kind: "text", text: " d" }],
    });
  });
});
