/** A path of which, where there is no room, the folders are cut first, then the name, and the line never; all of it on hover. */
export function Ends({ path, line }: { path: string; line?: number | null }) {
  const cut = path.lastIndexOf("/") + 1;
  return (
    <span className="pc-ends" title={line ? `${path}:${line}` : path}>
      {cut > 0 && <span className="pc-ends-folder">{path.slice(0, cut)}</span>}
      <span>{path.slice(cut)}</span>
      {line ? <span className="pc-ends-line">:{line}</span> : null}
    </span>
  );
}
