/** What has the keyboard first in a form. */
const FIRST = "input:checked, input:not([type=radio]), button";

/**
 * Keeps the keyboard in the panel. A form that opens has it, also when the palette opened it, which gives the focus back
 * to where it was as it closes. What has the focus may go: a form that is done, a button for a moment that is not
 * looked at any more. Then the control that opened the form has it again, or the track, which says where one is.
 */
export function keepFocus(sheet: HTMLElement): () => void {
  const page = sheet.ownerDocument;
  let focused: HTMLElement | null = null;
  let opener: HTMLElement | null = null;
  let form: Element | null = null;
  const enter = (opened: Element): void => {
    if (opened.isConnected && !opened.contains(page.activeElement)) opened.querySelector<HTMLElement>(FIRST)?.focus();
  };
  const came = ({ target }: FocusEvent): void => {
    focused = target as HTMLElement;
    if (focused.closest(".pc-history-form") === null) opener = focused;
  };
  const went = ({ target }: FocusEvent): void => {
    // Asked afterwards: an element that was taken away has not been left by the person.
    queueMicrotask(() => {
      if (focused === target && focused?.isConnected) focused = null;
    });
  };
  const look = (): void => {
    const opened = sheet.querySelector(".pc-history-form");
    if (opened !== form) {
      form = opened;
      if (opened !== null) requestAnimationFrame(() => enter(opened));
    }
    if (focused === null || focused.isConnected) return;
    focused = null;
    if (!sheet.isConnected || page.activeElement !== page.body) return;
    const next = opener?.isConnected ? opener : sheet.querySelector<HTMLElement>('[role="slider"]');
    next?.focus();
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(sheet, { childList: true, subtree: true });
  sheet.addEventListener("focusin", came);
  sheet.addEventListener("focusout", went);
  return () => {
    observer.disconnect();
    sheet.removeEventListener("focusin", came);
    sheet.removeEventListener("focusout", went);
  };
}
