/** A tab: its title, its count, and for files a way to close it. Double click maximises its group. */
import type { IDockviewPanelHeaderProps } from "dockview-react";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { FILE } from "./arrangement";
import { badges, marks, markWords } from "./badges";
import { closePanel } from "./port";
import { tabPressed } from "./slots";

export function DockTab({ api, containerApi }: IDockviewPanelHeaderProps) {
  const [title, setTitle] = useState(api.title ?? "");
  const badge = useStore(badges).get(api.id);
  const mark = useStore(marks).get(api.id);
  useEffect(() => {
    setTitle(api.title ?? "");
    const watch = api.onDidTitleChange((event) => setTitle(event.title));
    return () => watch.dispose();
  }, [api]);
  const toggle = (): void => (api.isMaximized() ? api.exitMaximized() : api.maximize());
  const close = (): void => closePanel(containerApi, api.id);
  const file = api.id.startsWith(FILE);
  const tab = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Dockview's own element is the tab that the keyboard and screen readers meet: it says the count, and Delete closes.
    const outer = tab.current?.closest<HTMLElement>('[role="tab"]');
    if (!outer) return undefined;
    outer.setAttribute("aria-label", [title, mark && `${mark} ${markWords(mark)}`, badge].filter(Boolean).join(" "));
    if (!file) return undefined;
    outer.setAttribute("aria-keyshortcuts", "Delete");
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Delete" || event.target !== outer) return;
      event.preventDefault();
      closePanel(containerApi, api.id);
      containerApi.activeGroup?.element.querySelector<HTMLElement>(".dv-tab.dv-active-tab")?.focus();
    };
    outer.addEventListener("keydown", press);
    return () => outer.removeEventListener("keydown", press);
  }, [api, containerApi, title, badge, mark, file]);
  return (
    <div
      ref={tab}
      className="pc-dock-tab"
      data-file={file || undefined}
      onClick={() => tabPressed(api.id)}
      onDoubleClick={toggle}
      onAuxClick={(event) => {
        if (file && event.button === 1) close();
      }}
    >
      <span className="pc-dock-tab-title" data-title={title} title={title}>
        <span>{title}</span>
      </span>
      {mark && <> <b className="pc-dock-mark" title={markWords(mark)}>{mark}</b></>}
      {badge && <> <b className="pc-dock-badge">{badge}</b></>}
      {file && (
        // For the mouse: a tab may hold nothing that takes the focus, and the keyboard has Delete and the palette.
        <span
          className="pc-dock-tab-close"
          aria-hidden="true"
          title={`Close ${title}`}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            close();
          }}
        >
          <X size={16} strokeWidth={1.5} />
        </span>
      )}
    </div>
  );
}
