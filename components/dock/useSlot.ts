/** An element's ref that makes it a slot for as long as it is on the page. */
import { useCallback } from "react";
import { setSlot } from "./slots";

export function useSlot(name: string | undefined): (element: HTMLElement | null) => (() => void) | undefined {
  return useCallback(
    (element: HTMLElement | null) => {
      if (!name || !element) return undefined;
      setSlot(name, element);
      return () => setSlot(name, null);
    },
    [name],
  );
}
