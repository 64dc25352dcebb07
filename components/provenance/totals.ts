/** Who wrote how much of a canvas: every file's shares, read from the document. Pure but for the document. */
import type { CanvasSession } from "../collab/session";
import { lengthOf, runsOf, type Share, sharesOf, together } from "./authors";
import { rangesOf } from "./ranges";
import { authorsOf } from "./reading";

export interface FileShares {
  id: string;
  path: string;
  whole: number;
  shares: Share[];
}

export interface CanvasShares {
  whole: number;
  shares: Share[];
  /** The longest text first; empty ones are left out. */
  files: FileShares[];
}

export function canvasShares(session: CanvasSession): CanvasShares {
  const authorOf = authorsOf(session);
  const files: FileShares[] = [];
  for (const [id, { path }] of session.files) {
    const runs = runsOf(session.text(id), rangesOf(session.authors));
    const whole = lengthOf(runs);
    if (whole > 0) files.push({ id, path, whole, shares: sharesOf(runs, authorOf) });
  }
  files.sort((a, b) => b.whole - a.whole || a.path.localeCompare(b.path));
  return { whole: files.reduce((sum, file) => sum + file.whole, 0), shares: together(files.map(({ shares }) => shares)), files };
}
