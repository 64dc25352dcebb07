/** How a component reads a canvas: the session by context, and hooks over its stores. No drawing. */
import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from "react";
import type * as Y from "yjs";
import type { CanvasSession } from "./session";
import type { Readable } from "./store";
import type { WorkspaceState } from "./workspace";

export const CanvasContext = createContext<CanvasSession | null>(null);

/** The canvas this component is in. Raises outside a CanvasRoot. */
export function useCanvas(): CanvasSession {
  const session = useContext(CanvasContext);
  if (session === null) throw new Error("This component belongs inside a CanvasRoot.");
  return session;
}

/** How often the page's State has begun: it begins anew when the server does, and what it shows is then read again. */
export const VisitContext = createContext(0);
export const useVisit = (): number => useContext(VisitContext);

/** The value of a store, re-rendering when it is another one. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** A part of a store's value, re-rendering only when that is another one; `select` as for `useWorkspace`. */
export function usePart<T, Part>(store: Readable<T>, select: (value: T) => Part): Part {
  const read = (): Part => select(store.get());
  return useSyncExternalStore(store.subscribe, read, read);
}

/** A part of the workspace; `select` must return the same value for the same state (a field, not a new object). */
export function useWorkspace<T>(select: (state: WorkspaceState) => T): T {
  const { workspace } = useCanvas();
  const read = (): T => select(workspace.get());
  return useSyncExternalStore(workspace.subscribe, read, read);
}

/** The entries of a shared map, as a new array each time the map changes. */
export function useSharedMap<T>(map: Y.Map<T>): readonly (readonly [string, T])[] {
  const cache = useRef<{ map: Y.Map<T>; entries: readonly (readonly [string, T])[] } | null>(null);
  const subscribe = useCallback(
    (listener: () => void) => {
      const changed = (): void => {
        cache.current = null;
        listener();
      };
      map.observe(changed);
      return () => map.unobserve(changed);
    },
    [map],
  );
  const read = useCallback(() => {
    if (cache.current?.map !== map) cache.current = { map, entries: [...map.entries()] };
    return cache.current.entries;
  }, [map]);
  return useSyncExternalStore(subscribe, read, read);
}
