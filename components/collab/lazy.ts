/** Code that is fetched when it is first wanted. */
import { onLine } from "./line";
import type { SaveStatus } from "./status";
import type { Readable } from "./store";

/** There is no line to the server: what was wanted may be wanted again. */
export class NoLine extends Error {
  constructor() {
    super("The server does not answer. Check that it is running and that you are online.");
    this.name = "NoLine";
  }
}

/** Where built code says from which file it imports, on demand and at once. */
const ON_DEMAND = /\bimport\(\s*["'`]([^"'`]+)["'`]\s*\)/;
const AT_ONCE = /\b(?:from|import)\s*["'`](\.[^"'`]+\.js)["'`]/g;

/**
 * How to load code where it is wanted; `load` imports it. Most browsers remember for as long as the page lives that a
 * module could not be fetched, and say so at once when it is wanted again; so its files are fetched first, which the
 * browser then has in its cache, and imported only where they came. Rejects with `NoLine`, or as `load` does.
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  const address = ON_DEMAND.exec(String(load))?.[1];
  let coming: Promise<void> | null = null;
  return async () => {
    if (address !== undefined) {
      coming ??= fetchAll(new URL(address, import.meta.url));
      await coming.catch((error: unknown) => {
        coming = null;
        throw error;
      });
    }
    return load();
  };
}

/**
 * Use what `load` brings, also where it comes only once the line is back. `fail` hears of each time that it did not come;
 * after anything but `NoLine` it is not asked for again. Returns how to stop waiting for it.
 */
export function whenThere<T>(load: () => Promise<T>, status: Readable<SaveStatus>, use: (code: T) => void, fail: (error: unknown) => void): () => void {
  let wanted = true;
  let asking = false;
  let again = false;
  const over = (): void => {
    wanted = false;
    stop();
  };
  const ask = (): void => {
    again = asking;
    if (asking) return;
    asking = true;
    const came = (code: T): void => {
      if (!wanted) return;
      over();
      use(code);
    };
    const failed = (error: unknown): void => {
      if (!wanted) return;
      if (!(error instanceof NoLine)) over();
      fail(error);
    };
    void load().then(came, failed).finally(() => {
      asking = false;
      if (again && wanted) ask();
    });
  };
  const stop = onLine(status, ask);
  ask();
  return over;
}

/** Fetch a file and what it imports at once, but for what the page has. */
async function fetchAll(file: URL, known = new Set<string>()): Promise<void> {
  if (known.has(file.href) || isHere(file.href)) return;
  known.add(file.href);
  const text = await fetched(file);
  await Promise.all([...text.matchAll(AT_ONCE)].map(([, address]) => fetchAll(new URL(address!, file), known)));
}

/** Whether the page has loaded a file, by its own account. */
function isHere(href: string): boolean {
  const entries = performance.getEntriesByName(href, "resource") as PerformanceResourceTiming[];
  return entries.some(({ initiatorType, decodedBodySize }) => initiatorType !== "fetch" && decodedBodySize > 0);
}

/** The text of a file, "" where the server says that it has none: it was updated meanwhile, the import fails, and only a new page helps. */
async function fetched(file: URL): Promise<string> {
  const answer = await fetch(file).catch(() => null);
  if (answer?.status === 404) return "";
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  if (text === null) throw new NoLine();
  return text;
}
