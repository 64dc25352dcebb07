/** The thin rail: panels on and off, settings at the end. */
import "./shell.css";
import { Clock, Files, GitPullRequestArrow, MonitorPlay, Settings2, SquareTerminal, Users, type LucideIcon } from "lucide-react";
import { useStore } from "../collab/useCanvas";
import { hidePanel, showPanel, visiblePanels } from "../dock/commands";
import { openDialog } from "./dialogs";

const PANELS: readonly { id: string; label: string; icon: LucideIcon }[] = [
  { id: "files", label: "Files", icon: Files },
  { id: "review", label: "Review", icon: GitPullRequestArrow },
  { id: "activity", label: "Activity", icon: Clock },
  { id: "people", label: "People", icon: Users },
  { id: "preview", label: "Preview", icon: MonitorPlay },
  { id: "console", label: "Console", icon: SquareTerminal },
];

export function Rail() {
  const visible = useStore(visiblePanels);
  return (
    <nav className="pc-rail" aria-label="Panels">
      {PANELS.map(({ id, label, icon: Icon }) => {
        const on = visible.has(id);
        return (
          <button key={id} type="button" aria-pressed={on} aria-label={label} title={on ? `Hide ${label}` : `Show ${label}`} onClick={() => (on ? hidePanel(id) : showPanel(id))}>
            <Icon size={16} strokeWidth={1.5} />
          </button>
        );
      })}
      <button type="button" className="pc-rail-end" aria-haspopup="dialog" aria-label="Settings" title="Settings" onClick={() => openDialog("settings")}>
        <Settings2 size={16} strokeWidth={1.5} />
      </button>
    </nav>
  );
}
