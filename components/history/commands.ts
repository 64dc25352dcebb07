/** What the palette offers of the history. */
import type { CanvasSession } from "../collab/session";
import type { Command } from "../commands/registry";
import { showPanel } from "../dock/commands";
import { pastOf } from "./current";
import type { Form } from "./past";

export function historyCommands(session: CanvasSession): Command[] {
  const past = pastOf(session);
  const mayEdit = (): boolean => session.whyReadOnly === null;
  const isPast = (): boolean => past.get().at !== null;
  const open = (form: Form): void => {
    showPanel("history");
    past.show({ form });
  };
  const group = "History";
  return [
    { id: "history.name", title: "Name this version", group, run: () => open({ kind: "name" }), when: mayEdit },
    { id: "history.version.previous", title: "Go to the version before", group, run: () => { showPanel("history"); void past.refresh().then(() => past.version(-1)); } },
    { id: "history.restore", title: "Restore the moment in view", group, run: () => open({ kind: "restore" }), when: () => mayEdit() && isPast() },
    { id: "history.fork", title: "Fork the canvas from the moment in view", group, run: () => open({ kind: "fork" }), when: () => session.person.kind !== "guest" },
    { id: "history.now", title: "Back to now", group, run: () => past.go(null), when: isPast },
  ];
}
