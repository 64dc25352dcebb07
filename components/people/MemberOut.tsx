/** The way out of a canvas for one member: a press asks in place, and only the answer does it. */
import "./people.css";
import { useEffect, useRef, useState } from "react";

export interface MemberOutProps {
  person: string;
  name: string;
  /** It is oneself: then one leaves. */
  me?: boolean;
  /** The link that they came by still works, and may be ended here. */
  ends?: boolean;
  /** How many more are here through that link alone, and would leave with it. */
  others?: number;
  /** There are links that work, though not known to be theirs. */
  links?: boolean;
  onOut?: (person: string, end: boolean) => void;
}

export function MemberOut({ person, name, me = false, ends = false, others = 0, links = false, onOut }: MemberOutProps) {
  // Who is asked about, not that something is asked: the list moves while one reads, and nobody else may stand there.
  const [asked, setAsked] = useState<string | null>(null);
  const mark = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const asks = asked === person;
  useEffect(() => {
    if (asks) keep.current?.focus();
  }, [asks]);
  const close = (): void => {
    setAsked(null);
    mark.current?.focus();
  };
  const out = (end: boolean): void => {
    setAsked(null);
    onOut?.(person, end);
  };
  const label = me ? "Leave this canvas" : `Take ${name} out`;
  return (
    <>
      <button ref={mark} type="button" className="pc-icon-button" aria-label={label} title={label} aria-expanded={asks} onClick={() => (asks ? close() : setAsked(person))}>
        ×
      </button>
      {asks && (
        <div className="pc-member-ask" role="group" aria-label={`${label}?`} onKeyDown={(event) => event.key === "Escape" && close()}>
          <p>
            <b>{label}?</b> {!me && ends && `The link they came by still works, and would let them in again.${endsFor(others)}`}
            {!me && !ends && links && "An invite link that they know still lets them in again."}
          </p>
          <span className="pc-row-gap">
            <button ref={keep} type="button" className="pc-button pc-button-sm" onClick={close}>{me ? "Stay" : "Keep"}</button>
            <button type="button" className="pc-button pc-button-sm" onClick={() => out(false)}>{me ? "Leave" : "Take out"}</button>
            {!me && ends && <button type="button" className="pc-button pc-button-sm" onClick={() => out(true)}>Take out and revoke the link</button>}
          </span>
        </div>
      )}
    </>
  );
}

function endsFor(others: number): string {
  if (others === 0) return "";
  return others === 1 ? " One more person is here through it alone, and leaves if it is revoked." : ` ${others} more are here through it alone, and leave if it is revoked.`;
}
