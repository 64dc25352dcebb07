/** The right side of a group's tabs: the active panel's tools, a split for editors, and maximise. */
import type { IDockviewHeaderActionsProps } from "dockview-react";
import { Columns2, Maximize2, Minimize2 } from "lucide-react";
import { useEffect, useState } from "react";
import { FILE } from "./arrangement";
import { leadOf } from "./slots";
import { useSlot } from "./useSlot";

/** Right after the tabs: other ways to look at the active panel. */
export function DockLead({ activePanel }: IDockviewHeaderActionsProps) {
  const panel = activePanel?.id;
  return <div key={panel} className="pc-dock-slot pc-dock-lead" ref={useSlot(panel && leadOf(panel))} />;
}

export function DockHeader({ api, activePanel, containerApi }: IDockviewHeaderActionsProps) {
  const panel = activePanel?.id;
  const [maximised, setMaximised] = useState(api.isMaximized());
  useEffect(() => {
    const watch = containerApi.onDidMaximizedGroupChange(() => setMaximised(api.isMaximized()));
    return () => watch.dispose();
  }, [api, containerApi]);
  const slot = useSlot(panel);
  const split = activePanel && panel?.startsWith(FILE) && activePanel.group.panels.length > 1;
  return (
    <div className="pc-dock-tools">
      <div key={panel} className="pc-dock-slot" ref={slot} />
      {split && (
        <button type="button" className="pc-tool" aria-label="Split to the right" title="Split to the right" onClick={() => activePanel.api.moveTo({ group: activePanel.group, position: "right" })}>
          <Columns2 size={16} strokeWidth={1.5} />
        </button>
      )}
      {api.location.type === "grid" && (
        <button
          type="button"
          className="pc-tool pc-dock-maximise"
          aria-label={maximised ? "Restore the panels" : "Maximise this group"}
          title={maximised ? "Restore the panels" : "Maximise this group"}
          aria-pressed={maximised}
          onClick={() => (maximised ? api.exitMaximized() : api.maximize())}
        >
          {maximised ? <Minimize2 size={16} strokeWidth={1.5} /> : <Maximize2 size={16} strokeWidth={1.5} />}
        </button>
      )}
    </div>
  );
}
