/**
 * What this browser keeps for a person, as short texts under a key. A private window or a full store throws, some at the
 * mere look at it: then a value lasts as long as the page, and nothing else stops. The one place that asks the browser.
 */

export type Kept = Pick<Storage, "getItem" | "setItem">;

/** `storage` is asked each time: a browser may refuse it now and grant it later. */
export function guarded(storage: () => Kept): Kept {
  const unkept = new Map<string, string>();
  return {
    getItem(key) {
      const here = unkept.get(key);
      if (here !== undefined) return here;
      try {
        return storage().getItem(key);
      } catch {
        return null; // nothing is kept here: said by the return value
      }
    },
    setItem(key, value) {
      unkept.delete(key);
      try {
        storage().setItem(key, value);
      } catch {
        unkept.set(key, value);
      }
    },
  };
}

export const kept: Kept = guarded(() => localStorage);
