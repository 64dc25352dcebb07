/** The people here now. Pressing a face follows that person; pressing it again leaves. */
import "./shell.css";
import { EyeOff } from "lucide-react";
import type { CSSProperties } from "react";
import type { Present } from "../collab/presence";
import { useCanvas, useStore } from "../collab/useCanvas";
import { showPanel } from "../dock/commands";
import { followersWords } from "../people/follow";
import { initials } from "./initials";

/** More faces than this say less than a number does. */
const MAX_FACES = 5;

export function Avatars() {
  const session = useCanvas();
  const people = useStore(session.people);
  const followed = useStore(session.following.who);
  const followers = useStore(session.following.followers);
  const muted = useStore(session.muted);
  const shown = people.slice(0, MAX_FACES);
  const more = people.slice(MAX_FACES);
  return (
    <>
      {followers.length > 0 && (
        <span className="pc-followers" title={followersWords(followers)}>
          {followers.length} follow{followers.length === 1 ? "s" : ""} you
        </span>
      )}
      {muted && (
        <button type="button" className="pc-icon-button" aria-label="Presence is muted. Show others again" title="Presence is muted: show others again" onClick={() => session.muted.toggle()}>
          <EyeOff size={16} strokeWidth={1.5} />
        </button>
      )}
      <ul className="pc-faces" aria-label={`${people.length} here now`} data-calm={muted}>
        {shown.map((present) => <Face key={present.person.id} present={present} followed={followed?.person.id === present.person.id} />)}
        {more.length > 0 && (
          <li>
            <button type="button" className="pc-face pc-face-more" aria-label={`${more.length} more here. Show everybody`} title={more.map(({ person }) => person.name).join(", ")} onClick={() => void showPanel("people")}>
              +{more.length}
            </button>
          </li>
        )}
      </ul>
    </>
  );
}

function Face({ present: { person, file, self }, followed }: { present: Present; followed: boolean }) {
  const session = useCanvas();
  const path = file === null ? null : session.path(file);
  const who = `${person.name}${self ? " (you)" : ""}${person.kind === "guest" ? ", guest" : ""}${path === null ? "" : `, in ${path}`}`;
  const act = self ? "" : followed ? ". Stop following" : ". Follow";
  return (
    <li>
      <button
        type="button"
        className="pc-face pc-face-initials who"
        data-initials={initials(person.name)}
        style={{ "--hue": person.hue } as CSSProperties}
        title={who + act}
        aria-label={who + act}
        aria-disabled={self}
        aria-pressed={self ? undefined : followed}
        onClick={() => !self && (followed ? session.following.leave() : session.following.follow(person.id))}
      />
    </li>
  );
}
