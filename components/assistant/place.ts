/** Where the receipt stands: at the foot of the editor in front; null while no editor is on screen. */
import { useEffect, useState } from "react";
import { useStore, useWorkspace } from "../collab/useCanvas";
import { footOf, slots } from "../dock/slots";

/** The foot of the active file's editor, or null when that editor is behind another tab, hidden or closed. */
export function useFoot(): HTMLElement | null {
  const active = useWorkspace((state) => state.activeFile);
  const known = useStore(slots);
  const foot = active === null ? null : (known.get(footOf(active)) ?? null);
  const [away, setAway] = useState<HTMLElement | null>(null);
  useEffect(() => {
    // The editor itself is watched: its foot has no height while nothing stands in it.
    const editor = foot?.parentElement;
    if (!editor) return undefined;
    const watch = new IntersectionObserver((seen) => setAway(seen.at(-1)?.isIntersecting ? null : foot));
    watch.observe(editor);
    return () => watch.disconnect();
  }, [foot]);
  return foot === away ? null : foot;
}
