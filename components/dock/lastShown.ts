/** Which panel a phone showed last in a canvas, kept in this browser. A browser that keeps nothing forgets, and no more. */

const KEY = "polycanvas.narrow.";

export function lastShown(canvas: string, storage: () => Pick<Storage, "getItem"> = () => localStorage): string | null {
  try {
    return storage().getItem(KEY + canvas);
  } catch {
    return null; // storage is switched off in this browser
  }
}

export function rememberShown(canvas: string, panel: string, storage: () => Pick<Storage, "setItem"> = () => localStorage): void {
  try {
    storage().setItem(KEY + canvas, panel);
  } catch {
    // Full or switched off: the next visit starts with the code.
  }
}
