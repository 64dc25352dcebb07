/** The thin rail: panels on and off, settings at the end. */
import "./shell.css";
import { Activity, Files, GitPullRequestArrow, History, MonitorPlay, Settings2, SquareTerminal, Users, type LucideIcon } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useStore } from "../collab/useCanvas";
import { marks, markWords } from "../dock/badges";
import { enterPanel, isPanelShown, onArrangement, togglePanel } from "../dock/commands";
import { openDialog } from "./dialogs";

const PANELS: readonly { id: string; label: string; icon: LucideIcon }[] = [
  { id: "files", label: "Files", icon: Files },
  { id: "review", label: "Review", icon: GitPullRequestArrow },
  { id: "activity", label: "Activity", icon: Activity },
  { id: "history", label: "History", icon: History },
  { id: "people", label: "People", icon: Users },
  { id: "preview", label: "Preview", icon: MonitorPlay },
  { id: "console", label: "Console", icon: SquareTerminal },
];

export function Rail() {
  const shown = useSyncExternalStore(onArrangement, () => PANELS.filter(({ id }) => isPanelShown(id)).map(({ id }) => id).join(" "), () => "");
  const waiting = useStore(marks);
  const visible = shown.split(" ");
  return (
    <nav className="pc-rail" aria-label="Panels">
      {PANELS.map(({ id, label, icon: Icon }) => {
        const on = visible.includes(id);
        const mark = waiting.get(id);
        const words = mark ? `, ${markWords(mark)}` : "";
        return (
          <button key={id} type="button" aria-pressed={on} aria-label={label + words} title={(on ? `Hide ${label}` : `Show ${label}`) + words} onClick={({ detail }) => press(id, on, detail === 0)}>
            <Icon size={16} strokeWidth={1.5} />
            {mark && <b className="pc-rail-mark" aria-hidden="true">{mark}</b>}
          </button>
        );
      })}
      <button type="button" className="pc-rail-end" aria-haspopup="dialog" aria-label="Settings" title="Settings" onClick={() => openDialog("settings")}>
        <Settings2 size={16} strokeWidth={1.5} />
      </button>
    </nav>
  );
}

/** Pressed with a key (no click to count), what opens has the keyboard next: the panel may be many stops away. */
function press(id: string, on: boolean, byKey: boolean): void {
  if (byKey && !on) enterPanel(id);
  else togglePanel(id);
}
