/**
 * The pages beside this one: other tabs of the browser in which the same person has the same canvas open, and which
 * keep it in the same store. What one of them has is for it to bring to the server; nobody else may bring it as well.
 */

/** What a page has that may not be stored: its document, and the client ids under which this was written. */
export interface Had {
  clients: readonly number[];
  update: Uint8Array;
}

/** A page answers within this time (milliseconds); one that the browser froze is taken for closed. */
const ANSWER = 300;

type Words = { who: string } | { to: string; had: Had };

export class Beside {
  private channel: BroadcastChannel;
  private name = `${Math.random()}`;
  private found: Had[] | null = null;

  /** `had`: what this page says when another one asks. */
  constructor(store: string, had: () => Had) {
    this.channel = new BroadcastChannel(store);
    this.channel.onmessage = ({ data }: MessageEvent<Words>) => {
      if ("to" in data) {
        if (data.to === this.name) this.found?.push(data.had);
      } else if (this.found === null) this.channel.postMessage({ to: data.who, had: had() } satisfies Words);
    };
  }

  /** Ask what the others have. From now on this page answers nobody: two that ask at once count each other as closed. */
  async ask(): Promise<readonly Had[]> {
    const found: Had[] = (this.found = []);
    this.channel.postMessage({ who: this.name } satisfies Words);
    await new Promise((resolve) => setTimeout(resolve, ANSWER));
    return found;
  }

  close(): void {
    this.channel.close();
  }
}
