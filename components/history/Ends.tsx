/** A path whose end stays in sight when there is no room for all of it: the file's name says more than its folders. */
export function Ends({ path }: { path: string }) {
  const cut = path.lastIndexOf("/") + 1;
  return (
    <span className="pc-ends" title={path}>
      {cut > 0 && <span>{path.slice(0, cut)}</span>}
      <span>{path.slice(cut)}</span>
    </span>
  );
}
