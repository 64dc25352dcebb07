// @vitest-environment jsdom
import { closeBrackets } from "@codemirror/autocomplete";
import { EditorState, type Extension } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, ViewPlugin, WidgetType } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** What a frame asks for when it begins, in the order in which it was asked for. */
let frames = new Map<number, FrameRequestCallback>();
let asked = 0;
let views: EditorView[] = [];
let openView: (doc: string, ...extensions: Extension[]) => EditorView;
let frame: () => void;
let echo: (typeof import("./echo"))["echo"];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.resetModules();
  frames = new Map();
  views = [];
  vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => {
    frames.set((asked += 1), call);
    return asked;
  });
  vi.stubGlobal("cancelAnimationFrame", (id: number) => frames.delete(id));
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
  const { typedLetters } = await import("./typed");
  ({ echo } = await import("./echo"));
  openView = (doc, ...extensions) => {
    const view = new EditorView({
      parent: document.body,
      state: EditorState.create({ doc, extensions: [drawSelection(), closeBrackets(), typedLetters, ...extensions] }),
    });
    views.push(view);
    view.focus();
    return view;
  };
  frame = () => {
    const due = frames;
    frames = new Map();
    for (const call of due.values()) call(0);
  };
});

afterEach(() => {
  for (const view of views) view.destroy();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Put the caret at an offset, in the state and in the page. */
function caretAt(view: EditorView, at: number): void {
  view.dispatch({ selection: { anchor: at } });
  const { node, offset } = view.domAtPos(at);
  document.getSelection()!.collapse(node, offset);
}

/** A key as a browser sends it: false where the browser is left to put the letter there. */
function press(view: EditorView, letter: string): boolean {
  const event = { bubbles: true, cancelable: true, composed: true };
  view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: letter, ...event }));
  const input = new InputEvent("beforeinput", { data: letter, inputType: "insertText", ...event });
  return !view.contentDOM.dispatchEvent(Object.assign(input, { getTargetRanges: () => [] }));
}

/** Whoever watches the page hears of what was changed in it. */
const heardOf = (): Promise<void> =>
  new Promise((done) => {
    const node = document.createTextNode("");
    new MutationObserver(() => queueMicrotask(done)).observe(node, { characterData: true });
    node.data = "changed";
  });

const seen = (view: EditorView): string => [...view.contentDOM.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");
const both = (view: EditorView): [string, string] => [seen(view), view.state.doc.toString()];

test("a letter is seen at once, and in the text when that is on the screen", () => {
  const scrolled: boolean[] = [];
  const view = openView("let a", EditorView.updateListener.of(({ transactions }) => scrolled.push(transactions.some((one) => one.scrollIntoView))));
  caretAt(view, 3);
  expect(press(view, "x")).toBe(true);
  expect(both(view)).toEqual(["letx a", "let a"]);
  frame();
  expect(both(view)).toEqual(["letx a", "let a"]);
  vi.advanceTimersByTime(10);
  expect(both(view)).toEqual(["letx a", "letx a"]);
  expect(view.state.selection.main.head).toBe(4);
  expect(scrolled).toContain(true);
});

test("the next key finds it in the text, whatever that key is", () => {
  const view = openView("a");
  caretAt(view, 1);
  press(view, "b");
  press(view, "c");
  expect(both(view)).toEqual(["abc", "ab"]);
  view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
  expect(both(view)).toEqual(["abc", "abc"]);
});

test.each(["pointerdown", "beforeinput", "compositionstart", "copy", "cut", "paste", "dragstart", "drop", "focusout", "beforeunload", "pagehide"])(
  "it is in the text before a %s",
  (name) => {
    const view = openView("a");
    caretAt(view, 1);
    press(view, "b");
    window.dispatchEvent(new Event(name));
    expect(both(view)).toEqual(["ab", "ab"]);
  },
);

test("what others write meanwhile, also on the same spot, is beside it", async () => {
  const view = openView("one\ntwo");
  caretAt(view, 3);
  press(view, "x");
  view.dispatch({ changes: [{ from: 0, insert: "# " }, { from: 3, insert: "!" }] });
  view.dispatch({ changes: { from: view.state.doc.length, insert: "\nthree" } });
  expect(both(view)).toEqual(["# one!\ntwo\nthree", "# one!\ntwo\nthree"]);
  await Promise.resolve();
  expect(both(view)).toEqual(["# onex!\ntwo\nthree", "# onex!\ntwo\nthree"]);
  press(view, "y");
  press(view, "z");
  frame();
  vi.advanceTimersByTime(10);
  expect(both(view)).toEqual(["# onexyz!\ntwo\nthree", "# onexyz!\ntwo\nthree"]);
});

test("what changes the page past the editor is read without it", async () => {
  const view = openView("one\ntwo");
  const changes: ((node: Text, at: number) => void)[] = [
    (node) => node.insertData(0, "#"),
    (node, at) => node.insertData(at, "!"),
    (node, at) => node.insertData(at + 1, "?"),
    (node) => {
      const tool = document.createElement("mark");
      node.replaceWith(tool);
      tool.append(node);
    },
  ];
  let typed = "one";
  for (const change of changes) {
    caretAt(view, typed.length);
    press(view, "x");
    const { node } = view.domAtPos(typed.length);
    change(node as Text, typed.length);
    await heardOf();
    frame();
    vi.advanceTimersByTime(10);
    expect(both(view)[0]).toBe(both(view)[1]);
    typed = view.state.doc.line(1).text;
    expect(typed.replaceAll(/[^x]/g, "")).toBe("x".repeat(changes.indexOf(change) + 1));
  }
  expect(view.state.doc.toString()).toMatch(/^#onex(!x|x!)(\?x|x\?)x\ntwo$/);
});

test.each<[string, (node: Text, view: EditorView) => void, string]>([
  ["split", (node) => node.splitText(2), "0\nonex\n2"],
  [
    "wrapped in part",
    (node) => {
      const range = document.createRange();
      range.setStart(node, 1);
      range.setEnd(node, 4);
      range.surroundContents(document.createElement("mark"));
    },
    "0\nonex\n2",
  ],
  ["said again", (node) => (node.data = "one"), "0\nonex\n2"],
])("a text that a browser's extension has %s is read without it", async (_, change, text) => {
  const view = openView("0\none\n2");
  caretAt(view, 5);
  press(view, "x");
  change(view.domAtPos(5).node as Text, view);
  await heardOf();
  expect(both(view)).toEqual([text, text]);
});

test("so is a page that it changes on both sides", async () => {
  const view = openView("0\none\n2");
  caretAt(view, 5);
  press(view, "x");
  for (const line of [0, 2]) view.contentDOM.querySelectorAll(".cm-line")[line]!.firstChild!.textContent = "#";
  await heardOf();
  frame();
  vi.advanceTimersByTime(10);
  expect(both(view)[0]).toBe(both(view)[1]);
  expect([...both(view)[1]].sort().join("")).toBe("\n\n##enox");
});

test("where somebody wrote the whole line anew, it comes once all the same", async () => {
  const view = openView("one");
  caretAt(view, 3);
  press(view, "x");
  (view.domAtPos(3).node as Text).data = "two";
  await heardOf();
  frame();
  vi.advanceTimersByTime(10);
  expect(both(view)[0]).toBe(both(view)[1]);
  expect([...both(view)[1]].sort().join("")).toBe("otwx");
});

test("a selection that somebody makes in the page finds it in the text", () => {
  const view = openView("one");
  caretAt(view, 3);
  press(view, "x");
  document.dispatchEvent(new Event("selectionchange"));
  expect(both(view)).toEqual(["onex", "one"]); // what was selected before, told late
  document.getSelection()!.collapse(view.domAtPos(3).node, 4);
  document.dispatchEvent(new Event("selectionchange"));
  expect(both(view)).toEqual(["onex", "onex"]);
});

test("asked for while the editor changes, once or again, it comes right after that", async () => {
  const asks = ViewPlugin.define(() => ({
    update: ({ docChanged, state }) => {
      if (docChanged && state.doc.toString().endsWith("!")) window.dispatchEvent(new Event("focusout"));
    },
  }));
  const view = openView("one", asks);
  caretAt(view, 1);
  press(view, "x");
  for (const from of [3, 4]) view.dispatch({ changes: { from, insert: "!" } });
  await Promise.resolve();
  expect(both(view)).toEqual(["oxne!!", "oxne!!"]);
  caretAt(view, 2);
  press(view, "y");
  frame();
  vi.advanceTimersByTime(10);
  expect(both(view)).toEqual(["oxyne!!", "oxyne!!"]);
});

test("what fails once it is in the text brings it no second time", () => {
  const fails = EditorView.decorations.of((view) => {
    if (view.state.doc.toString() === "onex") throw new Error("a widget");
    return Decoration.none;
  });
  const view = openView("one", fails);
  caretAt(view, 3);
  press(view, "x");
  const faults: string[] = [];
  const hear = (event: ErrorEvent): void => {
    event.preventDefault();
    faults.push(event.error.message);
  };
  window.addEventListener("error", hear);
  frame();
  vi.advanceTimersByTime(10);
  window.removeEventListener("error", hear);
  expect([faults, view.state.doc.toString()]).toEqual([["a widget"], "onex"]);
});

test("what was typed while one could is in the text before one cannot", async () => {
  const { setAccess } = await import("./setup");
  const view = openView("one");
  caretAt(view, 3);
  press(view, "x");
  setAccess(view, "You may only look.");
  expect(both(view)).toEqual(["onex", "onex"]);
});

test("its caret is one letter on, also where the editor puts it anew for the letter before", () => {
  const view = openView("one");
  caretAt(view, 3);
  // Nothing has a place here, so CodeMirror draws none.
  const draw = (): HTMLElement => view.scrollDOM.appendChild(Object.assign(document.createElement("div"), { className: "cm-cursor-primary" }));
  const caret = (): HTMLElement => view.scrollDOM.querySelector(".cm-cursor-primary")!;
  draw();
  const step = `${view.defaultCharacterWidth}px`;
  frame();
  press(view, "x");
  expect(caret().style.translate).toBe(step);
  caret().remove();
  draw();
  frame();
  expect(caret().style.translate).toBe(step);
  vi.advanceTimersByTime(10);
  expect(caret().style.translate).toBe("");
});

test("a caret that is away just now is shown", async () => {
  const { blinkingCaret } = await import("./blink");
  const view = openView("one", blinkingCaret);
  caretAt(view, 3);
  view.scrollDOM.classList.add("pc-caret-away");
  press(view, "x");
  expect(view.scrollDOM.classList.contains("pc-caret-away")).toBe(false);
});

test("where the caret was put elsewhere meanwhile, it stays where it was typed", async () => {
  const view = openView("one\ntwo");
  caretAt(view, 3);
  press(view, "x");
  view.dispatch({ selection: { anchor: 5, head: 7 } });
  await Promise.resolve();
  expect(both(view)).toEqual(["onex\ntwo", "onex\ntwo"]);
  expect(view.state.selection.main).toMatchObject({ anchor: 6, head: 8 });
});

test("what may not be written meanwhile is seen no more", () => {
  const locked = EditorState.readOnly.of(false);
  const view = openView("one", locked);
  caretAt(view, 3);
  press(view, "x");
  vi.spyOn(view.state, "readOnly", "get").mockReturnValue(true);
  frame();
  vi.advanceTimersByTime(10);
  expect(both(view)).toEqual(["one", "one"]);
});

test("an editor that is taken away has it in the text first", async () => {
  const { closeEditor } = await import("./setup");
  const heard: string[] = [];
  const view = openView("one", EditorView.updateListener.of(({ state }) => heard.push(state.doc.toString())));
  caretAt(view, 3);
  press(view, "x");
  closeEditor(view);
  expect(heard.at(-1)).toBe("onex");
});

test.each(["()", "''", "{}", ">", "/", "日"])("%s goes into the text at once", (letters) => {
  const view = openView("a ");
  caretAt(view, 2);
  press(view, letters[0]!);
  expect(both(view)).toEqual([`a ${letters}`, `a ${letters}`]);
});

test("letters go through whoever handles input, when they go into the text", () => {
  const capitals = EditorView.inputHandler.of((view, from, to, text) => {
    view.dispatch({ changes: { from, to, insert: text.toUpperCase() }, selection: { anchor: from + 1 } });
    return true;
  });
  const view = openView("a", capitals);
  caretAt(view, 1);
  press(view, "b");
  expect(both(view)).toEqual(["ab", "a"]);
  frame();
  vi.advanceTimersByTime(10);
  expect(both(view)).toEqual(["aB", "aB"]);
});

test("nothing is drawn into what is no text of the file", () => {
  class Note extends WidgetType {
    toDOM(): HTMLElement {
      const note = document.createElement("span");
      note.textContent = "note";
      note.setAttribute("contenteditable", "false"); // as a browser has it of what CodeMirror says
      return note;
    }
  }
  const view = openView("ab", EditorView.decorations.of(Decoration.set(Decoration.widget({ widget: new Note(), side: 1 }).range(1))));
  caretAt(view, 1);
  view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
  const note = [...view.contentDOM.querySelectorAll("span")].find(({ textContent }) => textContent === "note")!;
  expect(view.plugin(echo)!.show("x", note.firstChild!, 4)).toBe(false);
  expect(note.textContent).toBe("note");
});

test("so does what no key asked for, what stands in an empty line, and what is beside letters from right to left", () => {
  const view = openView("a\n\nא b");
  caretAt(view, 1);
  frame();
  const input = new InputEvent("beforeinput", { data: "x", inputType: "insertText", bubbles: true, cancelable: true });
  view.contentDOM.dispatchEvent(Object.assign(input, { getTargetRanges: () => [] }));
  expect(view.state.doc.toString()).toBe("ax\n\nא b");
  caretAt(view, 3);
  press(view, "y");
  expect(view.state.doc.toString()).toBe("ax\ny\nא b");
  caretAt(view, 7);
  press(view, "z");
  expect(view.state.doc.toString()).toBe("ax\ny\nא zb");
});

test("without CodeMirror's way to draw unread, letters go into the text at once", () => {
  const view = openView("a");
  caretAt(view, 1);
  const { observer } = view as unknown as { observer: { ignore: unknown } };
  const { ignore } = observer;
  const show = (): boolean => view.plugin(echo)!.show("x", view.domAtPos(1).node, 1);
  press(view, "b");
  view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
  observer.ignore = undefined;
  expect(show()).toBe(false);
  observer.ignore = ignore;
  expect(show()).toBe(true);
});

/** Numbers that look random and are the same every time. */
function chances(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("whatever comes between, every letter is in the text once and in order", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const chance = chances(seed);
    const view = openView("[]\n\nsome words\n");
    caretAt(view, 1);
    let typed = "";
    for (let step = 0; step < 60; step += 1) {
      const what = chance(8);
      if (what < 4) {
        const letter = "abc "[chance(4)]!;
        typed += letter;
        press(view, letter);
      } else if (what === 4) frame();
      else if (what === 5) vi.advanceTimersByTime(chance(12));
      else if (what === 6) {
        const { doc } = view.state;
        const end = doc.line(doc.lines - 1);
        const at = [0, view.state.selection.main.head, end.to][chance(3)]!;
        view.dispatch({ changes: { from: at, insert: "~" } });
      } else await Promise.resolve();
      // Only somebody's own letters are seen before they are in the text.
      expect(seen(view).replaceAll(/[~\n]/g, "").length).toBeGreaterThanOrEqual(view.state.doc.toString().replaceAll(/[~\n]/g, "").length);
    }
    await Promise.resolve();
    frame();
    vi.advanceTimersByTime(200);
    expect(view.state.doc.toString().replaceAll("~", ""), `seed ${seed}`).toBe(`[${typed}]\n\nsome words\n`);
    expect(seen(view), `seed ${seed}`).toBe(view.state.doc.toString());
  }
});
