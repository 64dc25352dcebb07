/** Show one suggestion in the Review panel, open, with the focus on it. */
import { showPanel } from "../dock/commands";

/** How long the panel may take until its rows are there (milliseconds); longer, and the panel alone is shown. */
const PATIENCE = 3_000;

export function openInReview(suggestion: string): void {
  showPanel("review");
  const until = performance.now() + PATIENCE;
  const look = (): void => {
    const row = document.querySelector<HTMLButtonElement>(`[data-suggestion="${CSS.escape(suggestion)}"] .pc-review-title`);
    if (row === null || row.offsetParent === null) {
      if (performance.now() < until) requestAnimationFrame(look);
      return;
    }
    if (row.getAttribute("aria-expanded") !== "true") row.click();
    row.scrollIntoView({ block: "nearest" });
    row.focus();
  };
  look();
}
