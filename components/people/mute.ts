/** Whether others' presence is muted: a choice of one person in this browser. A store; others stay as they are. */
import { type Readable, Store } from "../collab/store";
import { type Kept, kept } from "../kept";

const KEY = "polycanvas.presence-muted.";

export interface Mute extends Readable<boolean> {
  toggle(): void;
  close(): void;
}

/** The choice of `person`, kept in `storage` and followed across tabs. */
export function muteOf(person: string, storage: Kept = kept): Mute {
  const key = KEY + person;
  const read = (): boolean => storage.getItem(key) === "yes";
  const store = new Store(read());
  const fromTab = (event: StorageEvent): void => {
    if (event.key === key) store.set(read());
  };
  globalThis.window?.addEventListener("storage", fromTab);
  return {
    get: store.get,
    subscribe: store.subscribe,
    toggle: () => {
      storage.setItem(key, store.get() ? "no" : "yes");
      store.set(!store.get());
    },
    close: () => globalThis.window?.removeEventListener("storage", fromTab),
  };
}
