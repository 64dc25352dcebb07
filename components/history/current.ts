/** The look at the past of each open canvas: the panel, the palette and toasts share one. */
import type { CanvasSession } from "../collab/session";
import { callsOf } from "./calls";
import { Past } from "./past";
import { Texts } from "./texts";

const pasts = new WeakMap<CanvasSession, Past>();

export function pastOf(session: CanvasSession): Past {
  let past = pasts.get(session);
  if (!past) {
    const calls = callsOf(session.id);
    const texts = new Texts({
      read: (file) => calls.steps(file),
      now: () => performance.now(),
      rest: () => new Promise((resolve) => setTimeout(resolve)),
    });
    past = new Past({
      calls,
      texts,
      open: () => session.workspace.activeFile,
      frame: (call) => {
        const id = requestAnimationFrame(call);
        return () => cancelAnimationFrame(id);
      },
    });
    pasts.set(session, past);
  }
  return past;
}
