/** The choice to see and hear little of others, in this browser. */
import { keysShown, onMac } from "../commands/registry";
import { useCanvas, useStore } from "../collab/useCanvas";
import "./people.css";

export function MutePresence() {
  const { muted } = useCanvas();
  const on = useStore(muted);
  return (
    <label className="pc-mute">
      <input type="checkbox" checked={on} onChange={() => muted.toggle()} />
      <span>
        Mute it here <kbd>{keysShown("F9", onMac())}</kbd>
        <small>No carets, selections and marks of others, and no sentences about them. They still see you.</small>
      </span>
    </label>
  );
}
