/** What one looks at, and what can be done with it. */
import { Pencil, Trash2 } from "lucide-react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { Swatch } from "../shell/Swatch";
import { type Paths, sizeOf } from "./chronicle";
import type { Past } from "./past";
import type { Version } from "./types";
import { clock, count, dayWord, fewOf, inSentence, sizeWords, whatOf, whenWord, whoWord } from "./words";

export function Banner({ past, paths }: { past: Past; paths: Paths }) {
  const session = useCanvas();
  const mayEdit = useStore(session.barrier) === null;
  const mayFork = session.person.kind !== "guest"; // a canvas of one's own needs an account
  const { chronicle, at, file } = useStore(past.store);
  const here = at ?? chronicle?.head;
  const version = at === null ? undefined : chronicle?.versions.findLast(({ seq }) => seq === at);
  return (
    <div className="pc-history-banner" data-past={at !== null || undefined}>
      <p className="pc-history-looking">{at === null ? <NowWords past={past} /> : <PastWords past={past} paths={paths} file={file} version={version} />}</p>
      <div className="pc-history-acts">
        {version && mayEdit && (
          <>
            <button type="button" className="pc-icon-button" aria-label={`Rename the version ${version.name}`} title="Rename this version" onClick={() => past.show({ form: { kind: "rename", version: version.id } })}><Pencil size={16} strokeWidth={1.5} /></button>
            <button type="button" className="pc-icon-button" aria-label={`Delete the version ${version.name}`} title="Delete this version's name" onClick={() => past.show({ form: { kind: "unname", version: version.id } })}><Trash2 size={16} strokeWidth={1.5} /></button>
          </>
        )}
        {mayEdit && !version && here !== undefined && (
          <button type="button" className="pc-button pc-button-sm" onClick={() => past.show({ form: { kind: "name" } })}>{at === null ? "Name this version" : "Name"}</button>
        )}
        {mayEdit && at !== null && <button type="button" className="pc-button pc-button-sm" onClick={() => past.show({ form: { kind: "restore" } })}>Restore…</button>}
        {at !== null && mayFork && <button type="button" className="pc-button pc-button-sm" onClick={() => past.show({ form: { kind: "fork" } })}>Fork…</button>}
      </div>
      {at !== null && <button type="button" className="pc-button pc-button-sm pc-button-go" title="Back to now (Esc)" onClick={() => past.go(null)}>Back to now <kbd>Esc</kbd></button>}
    </div>
  );
}

function NowWords({ past }: { past: Past }) {
  const { chronicle, file, who } = useStore(past.store);
  const began = past.shown[0]?.at ?? chronicle?.began_at;
  const since = began ? inSentence(whenWord(began)) : "";
  const what = count(past.shown.length, "moment");
  return (
    <>
      <i className="pc-history-live" aria-hidden="true" />
      <b>Now</b> <span>{what}{file !== null && " of this file"}{who !== null && ` by ${who.name}`}{since !== "" && ` since ${since}`}</span>
    </>
  );
}

function PastWords({ past, paths, file, version }: { past: Past; paths: Paths; file: string | null; version: Version | undefined }) {
  const { at, chronicle } = useStore(past.store);
  const moment = chronicle?.moments.findLast(({ seq }) => at !== null && seq <= at);
  if (!moment) return <>You look at the beginning</>;
  const day = dayWord(new Date(moment.at));
  const what = whatOf(moment, paths);
  return (
    <>
      {fewOf(moment).map(({ id, kind, hue }) => <Swatch key={id} hue={hue} kind={kind} />)}
      <span className="pc-history-you">You look at</span>
      {version && <b className="pc-history-version">{version.name}</b>}
      <b className="pc-history-time">{day === "Today" ? "" : `${inSentence(day)}, `}{clock(moment.at, true)}</b>
      <span>{whoWord(moment)}{what && ` · ${what}`}</span>
      <span className="pc-history-size">{sizeWords(sizeOf(moment, file))}</span>
    </>
  );
}
