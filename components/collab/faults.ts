/** Faults of one part of the page that the others are to outlive. */

/** Tell of an error as one that nobody caught, without ending what goes on. */
export function tell(error: unknown): void {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error("Polycanvas: a part of the page failed on a change of the document.", error);
}
