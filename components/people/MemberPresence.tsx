/** A member's name in the list of people: where they are now, and the way to follow them. */
import "./people.css";
import { useCanvas, useStore } from "../collab/useCanvas";

export interface MemberPresenceProps {
  person: string;
  name: string;
  /** “you”, “guest”: what stands after the name. */
  note?: string;
}

export function MemberPresence({ person, name, note }: MemberPresenceProps) {
  const session = useCanvas();
  const here = useStore(session.people).find((one) => one.person.id === person);
  const followed = useStore(session.following.who)?.person.id === person;
  const path = here && here.file !== null ? session.path(here.file) : null;
  const where = here ? (path ?? "here") : null;
  const after = (
    <>
      {note && <span className="pc-faint"> {note}</span>}
      {/* The dot stays on the line of what is before it. */}
      {where !== null && <span className="pc-member-where">{"\u00a0· "}</span>}
      {where !== null && <span className="pc-member-where pc-member-place pc-cut" title={path ?? undefined}>{path === null ? "here now" : `in ${path}`}</span>}
    </>
  );
  if (!here || here.self) return <span className="pc-member-who">{name}{after}</span>;
  const act = followed ? `Stop following ${name}` : `Follow ${name}`;
  return (
    <span className="pc-member-who">
      <button
        type="button"
        className="pc-member-follow"
        aria-pressed={followed}
        title={act}
        aria-label={`${act}${path === null ? "" : `, in ${path}`}`}
        onClick={() => (followed ? session.following.leave() : session.following.follow(person))}
      >
        {name}
      </button>
      {after}
    </span>
  );
}
