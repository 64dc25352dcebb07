/** Offers people while a mention is typed into a field: a list under it, for the keyboard and the pointer. */
import type { CanvasSession } from "../collab/session";
import { callable, readMembers } from "./members";
import { type Callable, completed, mentionsIn, offered, typedAt } from "./mentions";
import type { Mention } from "../collab/types";
import "./people.css";

export interface Completion {
  /** The people called in the field's words. */
  mentions(): Mention[];
  close(): void;
}

let lists = 0;

/** Watch `field`. The list is put into `host`, which must be positioned; keys it takes do not reach the field's own. */
export function completeMentions(session: CanvasSession, field: HTMLTextAreaElement, host: HTMLElement): Completion {
  const id = `pc-mentions-${++lists}`;
  const list = document.createElement("ul");
  list.id = id;
  list.className = "pc-mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People to mention");
  list.hidden = true;
  host.append(list);
  const name = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
  for (const [key, value] of Object.entries(name)) field.setAttribute(key, value);
  const picked = new Set<string>();
  let people: Callable[] = [];
  let at = 0;
  let from = 0;

  const draw = (): void => {
    const open = people.length > 0;
    list.hidden = !open;
    field.setAttribute("aria-expanded", `${open}`);
    if (open) field.setAttribute("aria-activedescendant", `${id}-${at}`);
    else field.removeAttribute("aria-activedescendant");
    list.replaceChildren(...people.map((person, index) => line(person, index)));
  };
  const line = (person: Callable, index: number): HTMLElement => {
    const option = document.createElement("li");
    option.id = `${id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", `${index === at}`);
    const mark = document.createElement("i");
    mark.className = "pc-swatch who who-person";
    mark.style.setProperty("--hue", `${person.hue}`);
    const words = document.createElement("span");
    words.textContent = person.name;
    option.append(mark, words);
    if (person.here) {
      const here = document.createElement("small");
      here.textContent = "here";
      option.append(here);
    }
    // The field keeps the focus.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      pick(person);
    });
    return option;
  };
  const look = (): void => {
    const typed = typedAt(field.value, field.selectionStart);
    people = typed === null ? [] : offered(callable(session), typed.query);
    // A name that stands in full is no question any more.
    if (typed !== null && people.length === 1 && people[0]!.name === typed.query.trimEnd()) people = [];
    from = typed?.from ?? 0;
    at = 0;
    draw();
  };
  // Those who are not here come a moment later; what was typed meanwhile is looked at again.
  let closed = false;
  void readMembers(session).then(() => !closed && field.ownerDocument.activeElement === field && look());
  const pick = (person: Callable): void => {
    const { text, caret } = completed(field.value, field.selectionStart, from, person.name);
    picked.add(person.id);
    // By the element's own setter, and told as input: whoever draws the field from a state of theirs hears it.
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")!.set!.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.setSelectionRange(caret, caret);
    people = [];
    draw();
  };
  const press = (event: KeyboardEvent): void => {
    if (people.length === 0 || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      at = (at + step + people.length) % people.length;
      draw();
    } else if (event.key === "Enter" || event.key === "Tab") pick(people[at]!);
    else if (event.key === "Escape") {
      people = [];
      draw();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const away = (): void => {
    people = [];
    draw();
  };
  // Before the field's own handlers, React's included: Enter picks instead of sending.
  field.addEventListener("keydown", press, { capture: true });
  field.addEventListener("input", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", away);
  return {
    mentions: () => mentionsIn(field.value, callable(session), picked),
    close: () => {
      closed = true;
      field.removeEventListener("keydown", press, { capture: true });
      field.removeEventListener("input", look);
      field.removeEventListener("click", look);
      field.removeEventListener("blur", away);
      list.remove();
    },
  };
}
