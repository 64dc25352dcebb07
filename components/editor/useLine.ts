/** The line that an anchor stands on in a file, as the text is now. Null while it is nowhere. */
import { useCallback, useSyncExternalStore } from "react";
import { linesOf } from "../collab/lines";
import { useCanvas } from "../collab/useCanvas";
import { offsetOf } from "./anchors";

export function useLine(file: string, anchor: string | null): number | null {
  const text = useCanvas().text(file);
  const read = useCallback(() => {
    const offset = anchor === null ? null : offsetOf(text, anchor);
    return offset === null ? null : linesOf(text).at(offset);
  }, [text, anchor]);
  return useSyncExternalStore(linesOf(text).subscribe, read, read);
}
