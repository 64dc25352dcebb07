/** What one looks at, in its two forms: the text as it was, and what had changed. */
import { useStore } from "../collab/useCanvas";
import { Changes } from "./Changes";
import type { Paths } from "./chronicle";
import { Compare } from "./Compare";
import { PastText } from "./PastText";
import type { Past } from "./past";
import { nameOf } from "./words";

const MODES = { text: "Text", changes: "Changes" } as const;

export function View({ past, paths }: { past: Past; paths: Paths }) {
  const { mode, at, chronicle, file } = useStore(past.store);
  const seq = at ?? chronicle?.head ?? 0;
  const follows = file === null;
  const shown = past.fileNow;
  const following = shown === null || mode === "changes" ? "" : `: ${nameOf(paths.name(shown, seq))}`;
  return (
    <div className="pc-past">
      <div className="pc-past-bar">
        <select
          className="pc-select pc-select-quiet pc-past-file"
          aria-label="File"
          title={follows ? "The file that changes is shown" : undefined}
          value={file ?? ""}
          onChange={(event) => past.pin(event.target.value || null)}
        >
          <option value="">All files{following}</option>
          {paths.all(seq).map(({ file: id, path, there }) => <option key={id} value={id}>{there ? path : `${path} (not there)`}</option>)}
        </select>
        {mode === "changes" && <Compare past={past} />}
        <div className="pc-past-modes" role="group" aria-label="Show">
          {(Object.keys(MODES) as (keyof typeof MODES)[]).map((one) => (
            <button key={one} type="button" aria-pressed={mode === one} onClick={() => past.show({ mode: one })}>{MODES[one]}</button>
          ))}
        </div>
      </div>
      {mode === "text" ? <PastText past={past} paths={paths} /> : <Changes past={past} />}
    </div>
  );
}
