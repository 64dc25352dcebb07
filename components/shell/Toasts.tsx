/** Draws the toasts and says them: politely for news, at once for errors. They wait while the pointer or the focus is on them. */
import "./shell.css";
import { X } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { type Box, covers, freePlace } from "./freePlace";
import { dismiss, type Heard, type Toast, toasts, toHear } from "./toast";

/** What a toast must not cover: whatever takes a press or a key, and the place where somebody types. */
const CONTROLS = 'a[href], button, input, select, textarea, summary, [role="tab"], [role="treeitem"], [role="slider"], .cm-cursor-primary, .cm-panel, .pc-card, .pc-toolbar';
/** From controls and from the edges of the page: --space-2 of the tokens (pixels). */
const GAP = 8;

/** After a press, a key or a new size of the window (milliseconds): what that opens is drawn by then. */
const SETTLED = 150;

/** What is on the page now that a toast must not cover. */
function controlsBeside(popover: HTMLElement): Box[] {
  const { clientHeight } = document.documentElement;
  // Under a dialog nothing can be pressed.
  const reached = [...document.querySelectorAll<HTMLElement>("dialog:modal")].at(-1) ?? document;
  const boxes: Box[] = [];
  for (const control of reached.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (popover.contains(control) || !control.checkVisibility()) continue;
    const box = control.getBoundingClientRect();
    if (box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < clientHeight) boxes.push(box);
  }
  return boxes;
}

/** Put the toasts where they cover no control. */
function place(popover: HTMLElement): void {
  const { clientWidth, clientHeight } = document.documentElement;
  const bar = document.querySelector(".pc-topbar")?.getBoundingClientRect().bottom ?? 0;
  const room = { left: GAP, top: bar + GAP, right: clientWidth - GAP, bottom: clientHeight - GAP };
  const { left, top } = freePlace({ width: popover.offsetWidth, height: popover.offsetHeight }, room, controlsBeside(popover), GAP);
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}

/**
 * They stay where they are while they stand: moving under a pointer is worse. But where something opened under them that
 * can be pressed, they make way, unless the pointer or the focus is on them. Returns how to stop.
 */
function makeWay(popover: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    if (popover.matches(":hover, :focus-within")) return;
    if (covers(popover.getBoundingClientRect(), controlsBeside(popover))) place(popover);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED);
  };
  const signs = ["click", "keyup", "resize"];
  for (const sign of signs) window.addEventListener(sign, soon, { capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    for (const sign of signs) window.removeEventListener(sign, soon, { capture: true });
  };
}

export function Toasts() {
  const standing = useStore(toasts);
  const box = useRef<HTMLDivElement>(null);
  const some = standing.length > 0;
  const newest = standing.at(-1)?.id;
  useLayoutEffect(() => {
    // Shown anew for each: what came last into the browser's top layer lies above, dialogs included.
    if (!some) return undefined;
    const popover = box.current;
    if (popover === null) return undefined;
    popover.showPopover();
    place(popover);
    const stop = makeWay(popover);
    return () => {
      stop();
      popover.hidePopover();
    };
  }, [some, newest]);
  return (
    <>
      <div ref={box} className="pc-toasts" popover="manual">
        <div>{standing.filter(({ kind }) => kind !== "error").map((one) => <Card key={one.id} toast={one} />)}</div>
        <div>{standing.filter(({ kind }) => kind === "error").map((one) => <Card key={one.id} toast={one} />)}</div>
      </div>
      <Said urgent={false} standing={standing} />
      <Said urgent standing={standing} />
    </>
  );
}

/**
 * What a screen reader hears: the sentence alone, once, without its buttons. It is on the page before there are words:
 * what appears together with its words, as the toasts do, is not read by all.
 */
function Said({ urgent, standing }: { urgent: boolean; standing: readonly Toast[] }) {
  const heard = useRef<Heard>({ last: 0, words: "" });
  heard.current = toHear(standing, urgent, heard.current);
  const { last, words } = heard.current;
  return (
    <div className="pc-toasts-said pc-hidden" aria-live={urgent ? "assertive" : "polite"} aria-atomic="true">
      {words && <span key={last}>{words}</span>}
    </div>
  );
}

function Card({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismiss(toast.id), toast.stay);
    return () => clearTimeout(timer);
  }, [held, toast.id, toast.stay]);
  const { action } = toast;
  return (
    <div className="pc-toast" data-kind={toast.kind} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <span>{toast.text}</span>
      {action && (
        <button type="button" className="pc-link" onClick={() => { dismiss(toast.id); action.run(); }}>{action.label}</button>
      )}
      <button type="button" className="pc-icon-button" aria-label="Dismiss" onClick={() => dismiss(toast.id)}><X size={16} strokeWidth={1.5} /></button>
    </div>
  );
}
