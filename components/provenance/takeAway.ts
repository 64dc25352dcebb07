/** Who wrote what, to take away: the address of the export, and commit trailers on the clipboard. */
import { catchUp } from "../collab/frames";
import { addressOf } from "../collab/http";
import { toast, toastError } from "../shell/toast";

/** The export of a canvas, of one file when its path is given: totals and every span, as JSON. */
export function addressOfSpans(canvas: string, path?: string): string {
  const only = path === undefined ? "" : `&file=${encodeURIComponent(path)}`;
  return addressOf(`/canvases/${canvas}/provenance?detail=spans${only}`);
}

/** Put the trailers for a commit message on the clipboard; where the browser has none, show them. */
export async function copyTrailers(canvas: string): Promise<void> {
  catchUp(); // the server is to know what was typed before
  try {
    const answer = await fetch(addressOf(`/canvases/${canvas}/provenance/trailers`), { credentials: "same-origin" });
    if (!answer.ok) throw new Error("The server could not say who wrote this canvas. Try again in a moment.");
    const text = await answer.text();
    if (text === "") return void toast("Nothing was written in this canvas yet.");
    if (!navigator.clipboard) return void toast(text);
    await navigator.clipboard.writeText(text);
    toast("Copied the commit trailers.", { kind: "ok" });
  } catch (error) {
    toastError(error);
  }
}
