/** Whose moments are shown: everybody's, or those of one person, model or expert. Only where there are several. */
import { X } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { Swatch } from "../shell/Swatch";
import { type Author, authorsOf, type Paths, touching } from "./chronicle";
import type { Past } from "./past";
import { count, nameOf } from "./words";

const GROUPS = { person: "People", model: "Models", expert: "Experts" } as const;

export function Filter({ past, paths }: { past: Past; paths: Paths }) {
  const { chronicle, file, who } = useStore(past.store);
  const all = useMemo(() => touching(chronicle?.moments ?? [], file), [chronicle, file]);
  const authors = useMemo(() => authorsOf(all, who), [all, who]);
  // Said when one chooses, not with each letter that somebody types meanwhile.
  const [said, setSaid] = useState("");
  const select = useRef<HTMLSelectElement>(null);
  const chosen = authors.find(({ by }) => by.id === who?.id)?.by ?? who;
  if (who === null && authors.length < 2) return null;
  const choose = (id: string): void => {
    past.byWhom(authors.find(({ by }) => by.id === id)?.by ?? null);
    const of = past.get().who;
    setSaid(of === null ? `All ${count(past.shown.length, "moment")} shown.` : `${shownWords(past, all.length)} shown, by ${of.name}.`);
  };
  const everybody = (): void => {
    choose("");
    select.current?.focus(); // the button goes
  };
  const inFile = file === null ? "" : ` in ${nameOf(paths.name(file, chronicle?.head ?? 0))}`;
  return (
    <div className="pc-moments-filter">
      <div className="pc-moments-by">
        {chosen && <Swatch hue={chosen.hue} kind={chosen.kind} />}
        <select ref={select} className="pc-select pc-select-quiet" aria-label="Moments by" value={who?.id ?? ""} onChange={(event) => choose(event.target.value)}>
          <option value="">By everybody</option>
          {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((kind) => <Group key={kind} label={GROUPS[kind]} authors={authors.filter(({ by }) => by.kind === kind)} />)}
        </select>
        {who !== null && (
          <>
            <span className="pc-moments-count">{shownWords(past, all.length)}</span>
            <button type="button" className="pc-icon-button" aria-label="Show the moments of everybody" title="Show the moments of everybody" onClick={everybody}><X size={16} strokeWidth={1.5} /></button>
          </>
        )}
      </div>
      {chosen && past.shown.length === 0 && <p className="pc-history-note">{chosen.name} wrote nothing{inFile} that is kept here.</p>}
      <p className="pc-hidden" role="status">{said}</p>
    </div>
  );
}

function Group({ label, authors }: { label: string; authors: readonly Author[] }) {
  if (authors.length === 0) return null;
  return (
    <optgroup label={label}>
      {authors.map(({ by, moments }) => <option key={by.id} value={by.id}>{by.name} ({moments.toLocaleString()})</option>)}
    </optgroup>
  );
}

function shownWords(past: Past, all: number): string {
  return `${past.shown.length.toLocaleString()} of ${count(all, "moment")}`;
}
