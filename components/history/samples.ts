/** Made-up moments for tests. */
import type { Chronicle, Moment, Version } from "./types";

const BEGAN = Date.UTC(2026, 10, 21, 12, 0, 0);

/** A moment at `seq` seconds past noon by Ana, in which she typed ten characters into app.js. */
export function moment(seq: number, change: Partial<Moment> = {}): Moment {
  const at = new Date(BEGAN + seq * 1_000).toISOString();
  return { seq, at, until: at, by: { id: "ana", name: "Ana", hue: 60, kind: "person" }, files: { app: [10, 0] }, paths: [], ...change };
}

export function version(name: string, seq: number): Version {
  return { id: name, name, seq, at: new Date(BEGAN + seq * 1_000).toISOString(), by: { id: "ana", name: "Ana", hue: 60 } };
}

export function chronicle(moments: readonly Moment[], versions: readonly Version[] = [], files: Record<string, string> = { app: "app.js" }): Chronicle {
  return { head: moments.at(-1)?.seq ?? 0, began_at: new Date(BEGAN).toISOString(), moments, versions, files };
}
