/** What a suggestion puts into the text: the new lines, the new words, the action bar. Drawing only. */
import type { Language } from "@codemirror/language";
import { type EditorView, WidgetType } from "@codemirror/view";
import { highlightCode } from "@lezer/highlight";
import type { Suggestion } from "../collab/types";
import { button, element, hueStyle, swatch, timeOf } from "./dom";
import { actionName, type HunkGroup, price } from "./hunks";
import { codeStyle } from "./theme";

/** Longer new text than this (characters) is shown without colours: parsing it would hold up typing. */
const MAX_COLOURED = 20_000;

/** What the buttons do. `hunks` undefined: the whole suggestion. */
export interface SuggestionActions {
  decide(suggestion: Suggestion, verdict: "accept" | "reject", hunks?: string[]): Promise<unknown>;
  revert(suggestion: Suggestion): Promise<unknown>;
  rerun(suggestion: Suggestion): Promise<unknown>;
  /** Show the page with it, for this person only. */
  preview(suggestion: Suggestion): void;
  /** Why this person cannot decide, or null when they can. */
  whyNot(): string | null;
}

export class NewLines extends WidgetType {
  constructor(
    readonly text: string,
    readonly source: Suggestion["source"],
    /** The file's language once it is loaded, for the colours. */
    readonly grammar: Language | null,
  ) {
    super();
  }

  override eq(other: NewLines): boolean {
    const { id, hue } = this.source;
    return other.text === this.text && other.grammar === this.grammar && other.source.id === id && other.source.hue === hue;
  }

  override get estimatedHeight(): number {
    return 20 * this.text.split("\n").length;
  }

  toDOM(): HTMLElement {
    const block = element("div", { class: "pc-add", role: "insertion", "aria-label": "Suggested text" });
    let row = element("div", { class: "pc-add-line" });
    block.append(row);
    const put = (text: string, classes: string): void => {
      row.append(classes === "" ? text : element("span", { class: classes }, [text]));
    };
    const wrap = (): void => {
      row = element("div", { class: "pc-add-line" });
      block.append(row);
    };
    const { grammar } = this;
    if (grammar && this.text.length <= MAX_COLOURED) {
      highlightCode(this.text, grammar.parser.parse(this.text), codeStyle, put, wrap);
    } else {
      this.text.split("\n").forEach((line, index) => {
        if (index > 0) wrap();
        put(line, "");
      });
    }
    return block;
  }
}

export class NewWords extends WidgetType {
  constructor(readonly text: string) {
    super();
  }

  override eq(other: NewWords): boolean {
    return other.text === this.text;
  }

  toDOM(): HTMLElement {
    return element("span", { class: "pc-add-words", role: "insertion" }, [this.text]);
  }
}

export class ActionBar extends WidgetType {
  private readonly look: string;
  /** How many of its suggestion's groups can be accepted, and their hunks where others cannot: the text under those changed. */
  private readonly all: { count: number; hunks: string[] | undefined };

  constructor(
    readonly group: HunkGroup,
    /** All groups that its suggestion has in this file. */
    siblings: readonly HunkGroup[],
    readonly actions: SuggestionActions,
  ) {
    super();
    const { suggestion, stale, hunks } = group;
    const fit = siblings.filter((one) => !one.stale);
    const some = fit.flatMap((one) => one.hunks.map(({ hunk }) => hunk.id));
    this.all = { count: fit.length, hunks: fit.length < siblings.length ? some : undefined };
    this.look = JSON.stringify([suggestion, stale, this.all, hunks.map(({ hunk }) => hunk.id), actions.whyNot()]);
  }

  override eq(other: ActionBar): boolean {
    return other.look === this.look;
  }

  override get estimatedHeight(): number {
    return 38;
  }

  toDOM(view: EditorView): HTMLElement {
    const { suggestion, stale } = this.group;
    const name = actionName(suggestion.action);
    const about = [suggestion.title, suggestion.note, suggestion.instruction && `“${suggestion.instruction}”`, timeOf(suggestion.at)];
    const said = element("span", { class: "pc-bar-text", title: about.filter(Boolean).join("\n") }, [
      swatch(suggestion.source),
      element("b", {}, [name]),
      " · ",
      // The sample's guide asks itself.
      ...(suggestion.by.id === suggestion.source.id ? [] : [`${suggestion.by.name} via `]),
      element("b", {}, [suggestion.source.name]),
      ` · ${price(suggestion.cost_usd)}`,
      stale ? element("span", { class: "pc-bar-stale" }, [" · the text changed underneath"]) : null,
    ]);
    const bar = element(
      "div",
      { class: "pc-bar", role: "group", "aria-label": `Suggestion: ${suggestion.title || name}`, style: hueStyle(suggestion.source.hue) },
      [said, element("span", { class: "pc-bar-buttons" }, this.buttons(view))],
    );
    return element("div", { class: "pc-bar-row" }, [bar]);
  }

  private buttons(view: EditorView): HTMLElement[] {
    const { suggestion, stale, hunks } = this.group;
    const look = stale ? [] : [button("Preview", "pc-button", () => this.actions.preview(suggestion))];
    if (this.actions.whyNot() !== null) return look;
    const ids = hunks.map(({ hunk }) => hunk.id);
    const press = (label: string, className: string, run: () => Promise<unknown>): HTMLButtonElement => {
      const made = button(label, `pc-button ${className}`, () => {
        const bar = made.closest(".pc-bar");
        bar?.setAttribute("aria-busy", "true");
        view.focus();
        // The bar goes when the document says so; if the server refused, it must be usable again.
        void run().finally(() => bar?.removeAttribute("aria-busy"));
      });
      return made;
    };
    const reject = press(stale ? "Discard" : "Reject", "", () => this.actions.decide(suggestion, "reject", ids));
    if (stale) return [press("Run again", "pc-button-main", () => this.actions.rerun(suggestion)), reject];
    const accept = press("Accept", "pc-button-main", () => this.actions.decide(suggestion, "accept", ids));
    if (this.all.count < 2) return [accept, reject, ...look];
    return [accept, reject, ...look, press(`Accept all ${this.all.count}`, "", () => this.actions.decide(suggestion, "accept", this.all.hunks))];
  }
}
