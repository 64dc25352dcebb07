/** The calls to the server about one canvas's past. No state. */
import { api } from "../collab/http";
import type { Chronicle, FileDiff, Restored, Steps, Version } from "./types";

export interface Calls {
  chronicle(after: number): Promise<Chronicle>;
  steps(file: string): Promise<Steps>;
  /** What happened from one place in the log to another; from null: from nothing, to null: to now. */
  diff(from: number | null, to: number | null, signal?: AbortSignal): Promise<readonly FileDiff[]>;
  name(name: string, seq: number | null): Promise<Version>;
  rename(version: string, name: string): Promise<Version>;
  unname(version: string): Promise<void>;
  restore(seq: number, file: string | null): Promise<Restored>;
  fork(seq: number, name: string | null): Promise<{ id: string; url: string }>;
}

export function callsOf(canvas: string): Calls {
  const base = `/canvases/${canvas}/history`;
  return {
    chronicle: (after) => api("GET", after > 0 ? `${base}?after=${after}` : base),
    steps: (file) => api("GET", `${base}/files/${file}/steps`),
    diff: async (from, to, signal) => {
      const asked = [from === null ? "" : `from=${from}`, to === null ? "" : `to=${to}`].filter(Boolean).join("&");
      return (await api<{ files: FileDiff[] }>("GET", `${base}/diff?${asked}`, undefined, { signal })).files;
    },
    name: (name, seq) => api("POST", `${base}/versions`, seq === null ? { name } : { name, seq }),
    rename: (version, name) => api("PATCH", `${base}/versions/${version}`, { name }),
    unname: async (version) => void (await api("DELETE", `${base}/versions/${version}`)),
    restore: (seq, file) => api("POST", `${base}/restore`, file === null ? { seq } : { seq, file }),
    fork: (seq, name) => api("POST", `${base}/fork`, name === null ? { seq } : { seq, name }),
  };
}
