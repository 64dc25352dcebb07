/** With which other moment the one in view is compared. */
import { useStore } from "../collab/useCanvas";
import { compareWith } from "./compareWith";
import type { Against, Past } from "./past";
import { whenWord } from "./words";

export function Compare({ past }: { past: Past }) {
  const { against, mark, at, chronicle } = useStore(past.store);
  const version = compareWith(past.get(), "version");
  const marked = chronicle?.moments.findLast(({ seq }) => mark !== null && seq <= mark);
  const here = at ?? chronicle?.head;
  return (
    <div className="pc-past-compare">
      <select className="pc-select pc-select-quiet" aria-label="Compare with" value={against} onChange={(event) => past.show({ against: event.target.value as Against })}>
        <option value="before">since the moment before</option>
        <option value="version" disabled={version === null}>{version?.name ? `since “${version.name}”` : "since the version before"}</option>
        {at !== null && <option value="now">until now</option>}
        {mark !== null && <option value="mark">and A{marked ? `, ${whenWord(marked.at)}` : ""}</option>}
      </select>
      <button
        type="button"
        className="pc-icon-button pc-past-a"
        aria-pressed={mark !== null && mark === here}
        aria-label="Mark this moment as A, to compare others with"
        title="Mark this moment as A, to compare others with"
        onClick={() => past.markHere()}
      >
        A
      </button>
    </div>
  );
}
