/** Code that is fetched when it is first wanted. */

/** There is no line to the server: what was wanted may be wanted again. */
export class NoLine extends Error {
  constructor() {
    super("The server does not answer. Check that it is running and that you are online.");
    this.name = "NoLine";
  }
}

/** Where the built page says from which file it imports. */
const ADDRESS = /\bimport\(\s*["'`]([^"'`]+)["'`]\s*\)/;

/**
 * How to load code where it is wanted; `load` imports it. Most browsers remember for as long as the page lives that a
 * module could not be fetched, and say so at once when it is wanted again; so its file is fetched first, which the
 * browser then has in its cache, and imported only where that came. Rejects with `NoLine`, or as `load` does.
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  const address = ADDRESS.exec(String(load))?.[1];
  let here = false;
  return async () => {
    if (!here && address !== undefined) await fetched(new URL(address, import.meta.url));
    const code = await load();
    here = true;
    return code;
  };
}

/** Where the server says that it has no such file, it was updated meanwhile: `load` fails, and only a new page helps. */
async function fetched(file: URL): Promise<void> {
  const answer = await fetch(file).catch(() => null);
  if (answer === null || answer.status >= 500) throw new NoLine();
  await answer.arrayBuffer().catch(() => {
    throw new NoLine();
  });
}
