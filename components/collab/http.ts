/** Calls to the server's HTTP interface from the page. Knows its errors; knows nothing of canvases or runs. */
import { catchUp } from "./frames";

export const API = "/api/v1";

/** A refused or failed call. `status` is 0 when no answer came; `detail` is a sentence fit to be shown; `code` is the problem's stable word, "" when it has none. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly code = "",
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

/** The address of `path`: under the API unless it names another part of the server (`/auth/…`, `/preview/…`). */
export function addressOf(path: string): string {
  if (/^\/(api|auth|preview)\//.test(path)) return path;
  return API + (path.startsWith("/") ? path : `/${path}`);
}

/** Call the server and return its JSON (null when the answer is empty). A file goes as it is, all else as JSON. Raises ApiError with a sentence to show. */
export async function api<T = unknown>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  options: { signal?: AbortSignal; fetch?: typeof fetch } = {},
): Promise<T> {
  const send = options.fetch ?? globalThis.fetch;
  const isFile = body instanceof Blob;
  catchUp(); // what was typed before this is on its way before it
  let answer: Response;
  try {
    answer = await send(addressOf(path), {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": isFile ? "application/octet-stream" : "application/json" }),
      },
      body: body === undefined || isFile ? body : JSON.stringify(body),
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "The server does not answer. Check that it is running and that you are online.");
  }
  const text = await answer.text();
  if (!answer.ok) throw new ApiError(answer.status, sentenceIn(text, answer.status), codeIn(text));
  if (text === "") return null as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(answer.status, "The server's answer could not be read. Reload the page.");
  }
}

/** The last part of a problem's `type`, "" when the body has none. */
function codeIn(text: string): string {
  const found = /"type"\s*:\s*"urn:polycanvas:problem:([a-z-]+)"/.exec(text);
  return found?.[1] ?? "";
}

/** The `detail` of a problem+json body, or a sentence of our own when the body has none. */
export function sentenceIn(text: string, status: number): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === "object" && problem !== null) {
      const { detail, title } = problem as { detail?: unknown; title?: unknown };
      if (typeof detail === "string" && detail !== "") return detail;
      if (typeof title === "string" && title !== "") return title;
    }
  } catch {
    // Not JSON: a proxy's page, which is not fit to be shown.
  }
  return `The server answered ${status}. Try again in a moment.`;
}
