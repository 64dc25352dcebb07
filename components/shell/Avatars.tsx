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
/** On a phone there is room for so many, and shell.css shows no more. */
const FEW_FACES = 2;

export function Avatars() {
  const session = useCanvas();
  const people = useStore(session.people);
  const followed = useStore(session.following.who);
  const followers = useStore(session.following.followers);
  const muted = useStore(session.muted);
  const shown = people.slice(0, MAX_FACES);
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
        <More people={people.slice(MAX_FACES)} place="wide" />
        <More people={people.slice(FEW_FACES)} place="narrow" />
      </ul>
    </>
  );
}

function More({ people, place }: { people: readonly Present[]; place: "wide" | "narrow" }) {
  if (people.length === 0) return null;
  return (
    <li className="pc-faces-more" data-place={place}>
      <button type="button" className="pc-face pc-face-more" aria-label={`${people.length} more here. Show everybody`} title={people.map(({ person }) => person.name).join(", ")} onClick={() => void showPanel("people")}>
        +{people.length}
      </button>
    </li>
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
