/** Gives the keyboard focus back when a preview takes it without the person having gone there. */

/** A Tab press or a frame's own word this recent explains why a frame has the focus (milliseconds). */
const RECENT = 400;
/** A click reaches the frame before the page around it hears where the pointer is: so long it may wait (milliseconds). */
const GRACE = 60;

export interface Keeper {
  /** The frame's shell says that its window got the focus. `asked`: right after a click, tap or key in there. */
  said(frame: HTMLElement, asked: boolean): void;
  stop(): void;
}

/** Watch the frames that `frames` names. */
export function keepFocus(frames: () => readonly (HTMLElement | null)[]): Keeper {
  let last: HTMLElement | null = null;
  let tab = -Infinity;
  let word: { frame: HTMLElement; asked: boolean; at: number } | null = null;
  let doubt: ReturnType<typeof setTimeout> | undefined;
  const now = (): number => performance.now();
  const wordOf = (frame: HTMLElement): boolean | null => (word?.frame === frame && now() - word.at < RECENT ? word.asked : null);
  // A click needs the pointer to be over the frame, the keyboard needs Tab, a tap has the frame's word: with none of
  // them, nobody asked for this.
  const welcome = (frame: HTMLElement): boolean => frame.matches(":hover") || now() - tab < RECENT || wordOf(frame) === true;
  const giveBack = (taker: HTMLElement): void => {
    if (document.activeElement !== taker || welcome(taker)) return;
    taker.blur();
    if (last?.isConnected) last.focus({ preventScroll: true });
  };
  const remember = (event: FocusEvent): void => {
    if (event.target instanceof HTMLElement && !frames().includes(event.target)) last = event.target;
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Tab" || event.key === "F6") tab = now();
  };
  const check = (): void => {
    clearTimeout(doubt);
    const taker = frames().find((frame) => frame !== null && frame === document.activeElement);
    if (!taker) return;
    if (wordOf(taker) === false) giveBack(taker);
    else doubt = setTimeout(() => giveBack(taker), GRACE);
  };
  document.addEventListener("focusin", remember, true);
  window.addEventListener("keydown", key, true);
  window.addEventListener("blur", check);
  return {
    said(frame, asked) {
      word = { frame, asked, at: now() };
      if (!asked) giveBack(frame);
    },
    stop() {
      clearTimeout(doubt);
      document.removeEventListener("focusin", remember, true);
      window.removeEventListener("keydown", key, true);
      window.removeEventListener("blur", check);
    },
  };
}
