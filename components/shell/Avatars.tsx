/** The people here now. A click goes to the file that somebody is in. */
import "./shell.css";
import type { CSSProperties } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { initials } from "./initials";

/** More faces than this say less than a number does. */
const MAX_FACES = 5;

export function Avatars() {
  const session = useCanvas();
  const people = useStore(session.people);
  const shown = people.slice(0, MAX_FACES);
  const more = people.slice(MAX_FACES);
  return (
    <ul className="pc-faces" aria-label={`${people.length} here now`}>
      {shown.map(({ person, file, self }) => {
        const path = file === null ? null : session.path(file);
        const where = path === null ? "" : `, in ${path}`;
        return (
          <li key={person.id}>
            <button
              type="button"
              className="pc-face who"
              style={{ "--hue": person.hue } as CSSProperties}
              title={`${person.name}${self ? " (you)" : ""}${person.kind === "guest" ? ", guest" : ""}${where}`}
              aria-label={`${person.name}${self ? " (you)" : ""}${where}${path && !self ? ". Go there" : ""}`}
              aria-disabled={self || path === null}
              onClick={() => !self && file !== null && path !== null && session.workspace.openFile(file)}
            >
              {initials(person.name)}
            </button>
          </li>
        );
      })}
      {more.length > 0 && (
        <li className="pc-face pc-face-more" title={more.map(({ person }) => person.name).join(", ")}>+{more.length}</li>
      )}
    </ul>
  );
}
