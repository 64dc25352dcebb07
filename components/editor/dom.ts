/** Small DOM makers for CodeMirror widgets, which live outside React. Text always goes in as text. */
import type { Who } from "../collab/types";

type Child = Node | string | null;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  children: Child[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** A button that keeps the caret where it is when pressed by mouse. */
export function button(label: string, className: string, press: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", class: className }, [label]);
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    press();
  });
  return made;
}

/** The square that says who: solid for people, striped for models, dotted for experts. */
export function swatch(who: Who & { kind?: string }): HTMLElement {
  return element("i", { class: `pc-swatch who ${whoClass(who.kind)}`, style: hueStyle(who.hue), "aria-hidden": "true" });
}

export function whoClass(kind: string | undefined): string {
  return kind === "model" ? "who-model" : kind === "expert" ? "who-expert" : "who-person";
}

/** The custom property the `who` classes read. A hue comes from others' pages: only a number gets through. */
export function hueStyle(hue: unknown): string {
  return `--hue:${typeof hue === "number" && Number.isFinite(hue) ? Math.round(hue) : 265}`;
}

/** `12:04`, with the date when it is another day. */
export function timeOf(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return at.toDateString() === new Date().toDateString()
    ? time
    : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}
