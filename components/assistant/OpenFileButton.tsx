/** Where a suggestion, or a hunk of it, stands in its file, as a link: the line follows typing. */
import { useCanvas } from "../collab/useCanvas";
import { useLine } from "../editor/useLine";
import { Ends } from "../shell/Ends";

interface OpenFileButtonProps {
  file: string;
  /** The line as the server found it; 0 for none. */
  line: number;
  label: string;
  suggestion: string;
  /** "" for the first. */
  hunk: string;
}

export function OpenFileButton({ file, line, label, suggestion, hunk }: OpenFileButtonProps) {
  const session = useCanvas();
  const hunks = session.suggestions.get(suggestion)?.hunks ?? [];
  const anchor = (hunk === "" ? hunks[0] : hunks.find(({ id }) => id === hunk))?.start ?? null;
  const now = useLine(file, anchor) ?? line;
  const path = session.path(file);
  const isThere = line > 0 && path !== null;
  return (
    <button type="button" className="pc-link" aria-label={isThere ? `${path}:${now}` : label} onClick={() => session.workspace.openFile(file, line > 0 ? { line: now } : {})}>
      {isThere ? <Ends path={path} line={now} /> : <Ends path={label} />}
    </button>
  );
}
