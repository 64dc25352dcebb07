/** Opens a canvas for everything inside it and closes it on leaving. */
import { type ReactNode, useEffect, useState } from "react";
import { sayLastActive } from "../people/lastActive";
import { MentionWatch } from "../people/MentionWatch";
import { Teller } from "../people/Teller";
import { showPanel } from "../dock/commands";
import { restoredWords } from "../history/words";
import { toast } from "../shell/toast";
import { draws } from "./drawn";
import { Lingering } from "./lingering";
import type { Restored } from "./protocol";
import { type Anew, CanvasSession } from "./session";
import type { CanvasPerson, Role } from "./types";
import { CanvasContext, VisitContext } from "./useCanvas";
import { useHeld, useTimes } from "./useHeld";

const BEGUN_ANEW = "This page went on from the server's version, with your own text brought along.";

/** A session and who hears that it has to go on in another one. `anew`: it has, from this. */
interface Opened {
  session: CanvasSession;
  onAnew(from: Anew): void;
  anew: Anew | null;
}

const lingering = new Lingering<Opened>(({ session }) => session.close());

/** Takes away what was said of the last restore. */
let toldOfRestore: () => void = () => undefined;

/** What somebody else restored changes what one looks at, and may take away what one wrote: it is said, with the way to it. */
function tellOfRestore(what: Restored): void {
  if (what.undone) toldOfRestore(); // it is so no longer
  toldOfRestore = toast(restoredWords(what), { stay: 12_000, action: { label: "Show History", run: () => void showPanel("history") } });
}

export interface CanvasRootProps {
  canvasId: string;
  person: CanvasPerson;
  role: Role;
  children?: ReactNode;
}

export function CanvasRoot({ children, ...now }: CanvasRootProps) {
  const isThere = Boolean(now.canvasId && now.person?.id);
  const { canvasId, person, role } = useHeld(now, isThere);
  const visit = useTimes(isThere);
  const [session, setSession] = useState<CanvasSession | null>(null);
  const [anew, setAnew] = useState<{ canvasId: string; from: Anew; role: Role } | null>(null);
  const personId = person?.id;
  // Role changes reach an open session over its socket: a new `role` from the page must not tear the canvas down.
  useEffect(() => {
    if (!canvasId || !personId) return undefined;
    const key = `${canvasId} ${personId}`;
    const waiting = lingering.take(key);
    const left = waiting?.anew ? { from: waiting.anew, role: waiting.session.role.get() } : null;
    if (left !== null) toast(BEGUN_ANEW, { stay: 12_000 });
    const before = left ?? (anew?.canvasId === canvasId ? anew : null);
    const open = (): Opened => {
      const made: Opened = {
        onAnew: () => undefined,
        anew: null,
        session: new CanvasSession({
          id: canvasId,
          person,
          role: before?.role ?? role,
          from: before?.from,
          onNotice: (sentence) => toast(sentence, { kind: "error" }),
          onRestored: (what) => what.by.id !== person.id && tellOfRestore(what),
          onAnew: (from) => made.onAnew(from),
        }),
      };
      return made;
    };
    const opened = waiting !== null && waiting.anew === null ? waiting : open();
    if (waiting !== null && waiting !== opened) waiting.session.close();
    opened.onAnew = (from) => {
      opened.anew = from;
      toast(BEGUN_ANEW, { stay: 12_000 });
      setAnew({ canvasId, from, role: opened.session.role.get() });
    };
    setSession(opened.session);
    const drawnNoMore = draws(opened.session);
    const still = sayLastActive(opened.session.awareness);
    const leaving = (event: BeforeUnloadEvent): void => {
      if (opened.session.wouldLose) event.preventDefault();
    };
    window.addEventListener("beforeunload", leaving);
    return () => {
      window.removeEventListener("beforeunload", leaving);
      still();
      drawnNoMore();
      setSession(null);
      if (opened.anew !== null) return opened.session.close();
      // Begun anew while nobody draws it: the next one begins from that. The browser may keep none of it.
      opened.onAnew = (from) => (opened.anew = from);
      lingering.leave(key, opened);
      return undefined;
    };
  }, [canvasId, personId, anew]);
  if (session === null) return <div className="pc-app" aria-busy="true" />;
  return (
    <CanvasContext.Provider value={session}>
      <VisitContext.Provider value={visit}>{children}</VisitContext.Provider>
      <Teller session={session} />
      <MentionWatch session={session} />
    </CanvasContext.Provider>
  );
}
