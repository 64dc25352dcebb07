/** Which panel a phone showed last in a canvas, kept in this browser. A browser that keeps nothing forgets, and no more. */
import { kept } from "../kept";

const KEY = "polycanvas.narrow.";

export function lastShown(canvas: string): string | null {
  return kept.getItem(KEY + canvas);
}

export function rememberShown(canvas: string, panel: string): void {
  kept.setItem(KEY + canvas, panel);
}
