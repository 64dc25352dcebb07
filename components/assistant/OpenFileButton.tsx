/** A place in a file, as a link to it. */
import { useCanvas } from "../collab/useCanvas";

export function OpenFileButton({ file, line, label }: { file: string; line: number; label: string }) {
  const { workspace } = useCanvas();
  return (
    <button type="button" className="pc-link pc-cut" title={label} onClick={() => workspace.openFile(file, line > 0 ? { line } : {})}>{label}</button>
  );
}
