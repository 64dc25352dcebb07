/** The card that says who wrote a stretch of text: for a model its request, price and tokens, who asked, who accepted. */
import type { CanvasSession } from "../collab/session";
import type { Origin, Suggestion } from "../collab/types";
import { openInReview } from "../provenance/openInReview";
import { runFacts } from "../provenance/runFacts";
import { howOf, nameOf, type RunFacts, tokensOf } from "../provenance/words";
import type { Card } from "./card";
import { button, element, swatch, timeOf } from "./dom";
import { actionName, price } from "./hunks";
import type { SuggestionActions } from "./suggestionWidgets";

/** More hands on one line are read one by one, in the text. */
const MAX_SHOWN = 4;

/** The card of one stretch (`length` characters long), or of one line's authors. */
export function authorCard(
  session: CanvasSession,
  actions: SuggestionActions,
  pos: number,
  authors: readonly Origin[],
  pinned: boolean,
  length?: number,
): Card {
  const label = length === undefined ? "Who wrote this line" : "Who wrote this";
  return {
    pos,
    pinned,
    draw: (_view, close) => {
      const entries = authors.slice(0, MAX_SHOWN).map((author) => entry(session, actions, author, close, length));
      const card = element("div", { class: "pc-authors", role: "dialog", "aria-label": label, tabindex: "-1" }, entries);
      return card;
    },
  };
}

function entry(session: CanvasSession, actions: SuggestionActions, author: Origin, close: () => void, length?: number): HTMLElement {
  const suggestion = author.suggestion ? session.suggestions.get(author.suggestion) : undefined;
  const made = author.kind === "model" || author.kind === "expert";
  const asked = element("div", { class: "pc-author-why" });
  const facts = element("div", { class: "pc-author-facts" });
  const size = length === undefined ? "" : length === 1 ? "1 character" : `${length.toLocaleString("en")} characters`;
  const say = (run: RunFacts | null): void => {
    if (made) asked.replaceChildren(...requestOf(suggestion, run));
    facts.textContent = [...(made ? factsOf(author, suggestion, run) : []), size].filter((part) => part !== "").join(" · ");
  };
  say(null);
  // The figures that the document does not keep come a moment later.
  if (made && author.run) void runFacts(author.run).then(say);
  const buttons = suggestion ? actsOn(suggestion, actions, close) : [];
  return element("div", { class: "pc-author" }, [
    swatch(author),
    element("div", { class: "pc-author-words" }, [
      element("div", { class: "pc-author-who" }, [nameOf(author, session.person.id)]),
      element("div", { class: "pc-author-how" }, [howOf(author)]),
      asked,
      facts,
      buttons.length > 0 ? element("div", { class: "pc-author-acts" }, buttons) : null,
    ]),
  ]);
}

/** What was asked for: the action, and the words of the request or else what came of it. */
function requestOf(suggestion: Suggestion | undefined, run: RunFacts | null): (Node | string)[] {
  const action = suggestion?.action ?? run?.action;
  const words = suggestion?.instruction || run?.instruction || "";
  return [...(action ? [element("b", {}, [actionName(action)])] : []), words === "" ? "" : ` “${words}”`];
}

/** When, for how much, with how many tokens, as far as each is known. */
function factsOf(author: Origin, suggestion: Suggestion | undefined, run: RunFacts | null): string[] {
  const free = author.kind === "expert" && author.cost_usd === undefined;
  return [timeOf(suggestion?.at ?? run?.started_at ?? ""), free ? "" : price(author.cost_usd), run === null ? "" : tokensOf(run)];
}

function actsOn(suggestion: Suggestion, actions: SuggestionActions, close: () => void): HTMLElement[] {
  const acts = [
    button("Show in Review", "pc-button", () => {
      close();
      openInReview(suggestion.id);
    }),
  ];
  if (suggestion.state === "accepted" && actions.whyNot() === null) {
    acts.push(
      button("Revert", "pc-button", () => {
        close();
        void actions.revert(suggestion);
      }),
    );
  }
  return acts;
}
