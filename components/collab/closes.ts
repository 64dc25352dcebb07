/** What each close code of the socket means for the person, and whether to come back. One table, nothing else. */

export interface Close {
  /** Come back by ourselves. */
  retry: boolean;
  /** Come back under another client id. */
  freshClient?: boolean;
  /** The server will not take this page's document: take the server's and write one's own into it anew. */
  anew?: boolean;
  /** The canvas is not this person's any more: what is not saved can only be taken away. */
  outside?: boolean;
  /** What to tell the person. */
  sentence: string;
}

const TOO_LARGE: Close = {
  retry: false,
  anew: true,
  sentence: "One edit is larger than the server takes (1 MB). Undo it or split it, copy unsaved text, then reload.",
};

const CLOSES: Record<number, Close> = {
  4400: { retry: false, sentence: "The server could not read what this page sent. Copy unsaved text, then reload the page." },
  4401: { retry: true, sentence: "The pass to this canvas ran out; getting a new one." },
  4403: { retry: false, outside: true, sentence: "Your access to this canvas was taken back. Ask an owner for a new invite." },
  4404: { retry: false, outside: true, sentence: "This canvas is gone: somebody deleted it. Copy what you still need from this page." },
  4408: { retry: true, sentence: "The connection went quiet; connecting again." },
  4409: {
    retry: true,
    freshClient: true,
    sentence: "Another page edits under this page's number; connecting again under a new one.",
  },
  4413: TOO_LARGE,
  1009: TOO_LARGE,
  4429: { retry: true, sentence: "This page sent more than the server takes at once; connecting again in a moment." },
  4503: { retry: true, sentence: "The server is stopping or cannot write; connecting again." },
};

const DROPPED: Close = { retry: true, sentence: "The connection to the server was lost; connecting again." };

/** What to do after a close with this code. Codes that are not ours are lost connections. */
export function closeOf(code: number): Close {
  return CLOSES[code] ?? DROPPED;
}

/** What to do when the server refuses a ticket with this HTTP status (0: no answer). */
export function closeOfTicket(status: number, detail: string): Close {
  if (status === 401) return { retry: false, sentence: "You are signed out. Sign in again; your edits stay in this browser." };
  if (status === 403) return { retry: false, outside: true, sentence: detail };
  if (status === 404) return closeOf(4404);
  return { retry: true, sentence: detail };
}
