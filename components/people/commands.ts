/** What the palette and shortcuts do with people: following, muting, going from comment to comment. */
import type { CanvasSession } from "../collab/session";
import { type Command, registerCommand } from "../commands/registry";
import { goToThread, walkComments } from "../editor/walk";
import { toast } from "../shell/toast";

export function peopleCommands(session: CanvasSession): Command[] {
  return [
    { id: "person.leave", title: "Stop following", group: "People", when: () => session.following.who.get() !== null, run: () => session.following.leave() },
    { id: "presence.mute", title: "Mute or show others' presence", group: "People", keys: "F9", run: () => mute(session) },
    { id: "comment.new", title: "Comment here", group: "Comments", when: () => session.workspace.activeFile !== null && session.mayComment, run: () => commentHere(session) },
    { id: "comment.next", title: "Next comment", group: "Comments", keys: "F8", run: () => walk(session, 1) },
    { id: "comment.previous", title: "Previous comment", group: "Comments", keys: "Shift+F8", run: () => walk(session, -1) },
    {
      id: "comment.mention",
      title: "Next unread comment for you",
      group: "Comments",
      when: () => session.unread.comments.get().length > 0,
      run: () => session.unread.comments.get().slice(0, 1).forEach((comment) => goToThread(session, comment)),
    },
  ];
}

/** A command for each person to follow, as they come and go. */
export function offerPeople(session: CanvasSession): () => void {
  let undo: (() => void)[] = [];
  let known = "";
  const offer = (): void => {
    const others = session.people.get().filter(({ self }) => !self);
    const now = JSON.stringify(others.map(({ person }) => [person.id, person.name]));
    if (now === known) return;
    known = now;
    undo.forEach((take) => take());
    undo = others.map(({ person: { id, name } }) =>
      registerCommand({ id: `person.follow.${id}`, title: `Follow ${name}`, group: "People", run: () => void session.following.follow(id) }),
    );
  };
  offer();
  const stop = session.people.subscribe(offer);
  return () => {
    stop();
    undo.forEach((take) => take());
  };
}

function mute(session: CanvasSession): void {
  session.muted.toggle();
  toast(session.muted.get() ? "Presence is muted: no carets, no selections, no sentences about others." : "You see and hear others again.");
}

function walk(session: CanvasSession, step: 1 | -1): void {
  if (!walkComments(session, step)) toast("There are no open comments in this canvas.");
}

/** Begin a comment on what is selected in the file in front, or at the caret. */
function commentHere(session: CanvasSession): void {
  const file = session.workspace.activeFile;
  if (file !== null) session.workspace.openFile(file, { compose: true });
}
