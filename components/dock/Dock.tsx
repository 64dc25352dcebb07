/** The arrangement of panels: dockview in our own clothes, fed by the page's panels and the canvas's files. */
import { DockviewReact, type DockviewReadyEvent, type IDockviewPanelProps } from "dockview-react";
import "dockview-react/dist/styles/dockview.css";
import { type ReactNode, type RefObject, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useCanvas } from "../collab/useCanvas";
import { keysShown, onMac } from "../commands/registry";
import { FileEditor } from "../editor/FileEditor";
import { allBrought, arrange, FILE, GAP, restore, withGaps } from "./arrangement";
import { setBadge } from "./badges";
import { changed, connectDock } from "./commands";
import { DockContext, type DockParts } from "./context";
import "./dock.css";
import { DockHeader, DockLead } from "./DockHeader";
import { DockTab } from "./DockTab";
import { followFiles, openPanels } from "./follow";
import { Narrow } from "./Narrow";
import { NoFile } from "./NoFile";
import { DockviewPort, load } from "./port";
import { type Save, Saver } from "./saver";
import { useNarrow } from "./useNarrow";

export interface DockProps {
  /** The ids of the panels that the page brings. They come each on its own, and nothing is arranged before all did. */
  panelIds: readonly string[];
  layout: string | null;
  onLayoutChange?: Save;
  children?: ReactNode;
}

const THEME = {
  name: "polycanvas",
  className: "pc-dock-theme",
  gap: GAP,
  dndPanelOverlay: "group" as const,
  dndOverlayMounting: "absolute" as const,
  dndTabIndicator: "line" as const,
  tabAnimation: "default" as const,
};
const COMPONENTS = { panel: BroughtPanel, file: FilePanel, start: StartPanel };

export function Dock({ panelIds, layout, onLayoutChange, children }: DockProps) {
  const narrow = useNarrow();
  const hosts = useRef(new Map<string, HTMLElement>());
  const [brought, setBrought] = useState<ReadonlyMap<string, string>>(new Map());
  // A window that was narrow for a while finds the arrangement that it had, not the one the page began with.
  const left = useRef<string | null>(null);
  const parts = useMemo<DockParts>(
    () => ({
      host(panel) {
        let element = hosts.current.get(panel);
        if (!element) {
          element = document.createElement("div");
          element.className = "pc-dock-host";
          hosts.current.set(panel, element);
        }
        return element;
      },
      bring(panel, { title, badge }) {
        setBrought((now) => (now.get(panel) === title ? now : new Map(now).set(panel, title)));
        setBadge(panel, badge);
      },
    }),
    [],
  );
  const titles = useMemo(() => allBrought(panelIds, brought), [panelIds.join(), brought]);
  const view = titles === null ? null : narrow ? <Narrow titles={titles} /> : <Wide layout={layout} left={left} onLayoutChange={onLayoutChange} titles={titles} />;
  return (
    <DockContext.Provider value={parts}>
      <div className="pc-dock" data-narrow={narrow || undefined}>
        {view}
      </div>
      {children}
    </DockContext.Provider>
  );
}

interface WideProps extends Pick<DockProps, "layout" | "onLayoutChange"> {
  /** The arrangement as it was when this last went. */
  left: RefObject<string | null>;
  titles: ReadonlyMap<string, string>;
}

function Wide({ layout, left, onLayoutChange, titles }: WideProps) {
  const session = useCanvas();
  const stop = useRef<(() => void) | null>(null);
  const save = useRef(onLayoutChange);
  save.current = onLayoutChange;
  const onReady = useCallback(
    ({ api }: DockviewReadyEvent) => {
      const { width, height } = api;
      const fallback = () => arrange("Build", { width, height, files: [], titles });
      // A group of tabs is no landmark: what is in it is one, under the same name.
      const named = api.onDidAddGroup(({ element }) => element.setAttribute("role", "group"));
      const saved = restore(left.current ?? layout, titles);
      let fresh = saved === null;
      try {
        load(api, saved ?? fallback());
      } catch {
        // A layout of another version that still looked right: the default is better than a blank screen.
        fresh = true;
        api.clear();
        load(api, fallback());
      }
      let unfollow = followFiles(session, api, fresh);
      const arrangement = (): string => JSON.stringify(withGaps(api.toJSON()));
      const saver = new Saver(async (json) => save.current?.(json));
      const reconnected = session.status.subscribe(() => {
        if (session.status.get().state === "saved") saver.again();
      });
      const port = new DockviewPort(api, titles, () => openPanels(session));
      const deaf = session.workspace.onPreview(() => port.show("preview"));
      const watches = [
        api.onDidLayoutChange(() => {
          saver.changed(arrangement);
          changed();
        }),
        named,
        api.onDidActivePanelChange(() => changed()),
      ];
      connectDock(port);
      stop.current = () => {
        left.current = arrangement();
        saver.close();
        reconnected();
        deaf();
        for (const watch of watches) watch.dispose();
        unfollow();
        unfollow = () => {};
        connectDock(null);
      };
    },
    // The arrangement is read once; later it is this person's hands that change it.
    [session],
  );
  useEffect(() => () => stop.current?.(), []);
  return (
    <DockviewReact
      theme={THEME}
      components={COMPONENTS}
      defaultTabComponent={DockTab}
      leftHeaderActionsComponent={DockLead}
      rightHeaderActionsComponent={DockHeader}
      floatingGroupBounds="boundedWithinViewport"
      scrollbars="native"
      onReady={onReady}
    />
  );
}

function BroughtPanel({ api }: IDockviewPanelProps) {
  return <Host panel={api.id} />;
}

/** Shows a panel's own element here for as long as this is mounted. */
export function Host({ panel }: { panel: string }) {
  const dock = useContext(DockContext);
  const place = useCallback(
    (element: HTMLElement | null) => {
      if (dock && element) element.append(dock.host(panel));
    },
    [dock, panel],
  );
  return <div className="pc-dock-content" ref={place} />;
}

function FilePanel({ api }: IDockviewPanelProps) {
  return (
    <div className="pc-dock-content">
      <FileEditor fileId={api.id.slice(FILE.length)} />
    </div>
  );
}

function StartPanel() {
  return <NoFile words={`Open a file from the tree, or press ${keysShown("Mod+K", onMac())} to find one.`} />;
}
