/** What the server remembers of a person in a canvas, for all of their browsers: which comments they have seen. */
import { api } from "../collab/http";
import type { Memory } from "./unread";

export function memoryOf(canvas: string): Memory {
  const path = `/canvases/${canvas}/seen`;
  return {
    read: async () => (await api<{ comments: string[] }>("GET", path)).comments,
    add: (comments) => api("POST", path, { comments }),
  };
}
