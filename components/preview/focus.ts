/** Gives the keyboard focus back when a preview takes it without the person having gone there. */

/** A Tab press this recent explains why a frame has the focus (milliseconds). */
const TAB_SPAN = 400;

/** Watch the frames that `frames` names. Returns how to stop. */
export function keepFocus(frames: () => readonly (HTMLElement | null)[]): () => void {
  let last: HTMLElement | null = null;
  let tab = -Infinity;
  const remember = (event: FocusEvent): void => {
    if (event.target instanceof HTMLElement && !frames().includes(event.target)) last = event.target;
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Tab" || event.key === "F6") tab = performance.now();
  };
  const check = (): void => {
    const taker = frames().find((frame) => frame !== null && frame === document.activeElement);
    if (!taker) return;
    // A click needs the pointer to be over the frame, the keyboard needs Tab: with neither, nobody asked for this.
    if (taker.matches(":hover") || performance.now() - tab < TAB_SPAN) return;
    taker.blur();
    if (last?.isConnected) last.focus({ preventScroll: true });
  };
  document.addEventListener("focusin", remember, true);
  window.addEventListener("keydown", key, true);
  window.addEventListener("blur", check);
  return () => {
    document.removeEventListener("focusin", remember, true);
    window.removeEventListener("keydown", key, true);
    window.removeEventListener("blur", check);
  };
}
