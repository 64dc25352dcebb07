/** The name of a file, which leads to it as long as one is there under that name. */
import { useCanvas, useSharedMap } from "../collab/useCanvas";
import { Ends } from "../shell/Ends";

export function FileLink({ path }: { path: string }) {
  const session = useCanvas();
  const file = useSharedMap(session.files).find(([, entry]) => entry.path === path)?.[0];
  if (file === undefined) return <Ends path={path} />;
  return (
    <button type="button" className="pc-link" aria-label={path} onClick={() => session.workspace.openFile(file)}>
      <Ends path={path} />
    </button>
  );
}
