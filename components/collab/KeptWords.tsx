/** On a canvas that does not open any more: what this browser alone has of it, to take away. Thin binding. */
import { Download } from "lucide-react";
import { useEffect, useState } from "react";
import * as Y from "yjs";
import { toastError } from "../shell/toast";
import { type Taken, wordsOf } from "./keptWords";
import { readKept } from "./offline";

/** By then a browser has begun a download (milliseconds); its address would keep the text for good. */
const TAKEN_BY = 60_000;

export function KeptWords({ canvasId, personId }: { canvasId: string; personId: string }) {
  const [kept, setKept] = useState<{ edits: number; words: Taken[] } | null>(null);
  useEffect(() => {
    if (!canvasId || !personId) return undefined;
    let gone = false;
    const doc = new Y.Doc();
    readKept(doc, canvasId, personId).then((edits) => gone || setKept({ edits, words: wordsOf(doc, personId) }), toastError);
    return () => {
      gone = true;
      setKept(null);
    };
  }, [canvasId, personId]);
  if (kept === null || kept.edits === 0 || kept.words.length === 0) return null;
  const { edits, words } = kept;
  return (
    <section className="pc-kept" aria-label="Not saved">
      <p role="status">
        {edits === 1 ? "1 edit of yours was" : `${edits} edits of yours were`} not saved, and {edits === 1 ? "is" : "are"} still in this browser. Take what you wrote away:
      </p>
      <ul>
        {words.map(({ name, text }) => (
          <li key={name}>
            <button type="button" className="pc-button" title={name} onClick={() => download(name, text)}>
              <Download size={16} strokeWidth={1.5} aria-hidden="true" />
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function download(path: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = path.slice(path.lastIndexOf("/") + 1);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), TAKEN_BY);
}
