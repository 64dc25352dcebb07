/** Words with a file's path in them, which leads to the file as long as one is there under that name. */
import { useCanvas, useSharedMap } from "../collab/useCanvas";

export function FileWords({ text, path }: { text: string; path: string }) {
  const session = useCanvas();
  const file = useSharedMap(session.files).find(([, entry]) => entry.path === path)?.[0];
  // The last: a title before it may name the file, too.
  const at = path === "" ? -1 : text.lastIndexOf(path);
  if (file === undefined || at === -1) return text;
  return (
    <>
      {text.slice(0, at)}
      <button type="button" className="pc-link" onClick={() => session.workspace.openFile(file)}>{path}</button>
      {text.slice(at + path.length)}
    </>
  );
}
