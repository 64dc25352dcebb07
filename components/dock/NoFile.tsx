/** Where a file will be, while none is open: how to open one, or in an empty canvas how to make the first. */
import { useCanvas, useSharedMap, useStore } from "../collab/useCanvas";
import { startCreating } from "../files/creating";
import { showPanel } from "./commands";

export function NoFile({ words }: { words: string }) {
  const session = useCanvas();
  const files = useSharedMap(session.files);
  const ready = useStore(session.ready);
  const empty = ready && files.length === 0;
  const mayEdit = useStore(session.barrier) === null;
  const make = (): void => {
    showPanel("files");
    startCreating("file", "");
  };
  return (
    <div className="pc-dock-content pc-dock-start">
      <div>
        <p>{empty ? "This canvas has no files yet." : words}</p>
        {empty && mayEdit && <button type="button" className="pc-button" onClick={make}>New file</button>}
      </div>
    </div>
  );
}
