/** The comments of the canvas that are not resolved, each a line that leads to its place. */
import { MessageSquare } from "lucide-react";
import { useCanvas, useSharedMap, useStore } from "../collab/useCanvas";
import { Swatch } from "../shell/Swatch";
import { When } from "../shell/When";
import { resolved } from "./commentCard";
import { openThreads, placeOfThread, type Thread } from "./threads";

export function CommentList() {
  const session = useCanvas();
  const comments = useSharedMap(session.comments);
  const files = useSharedMap(session.files);
  const mayComment = useStore(session.role) !== "viewer";
  const paths = new Map(files.map(([id, { path }]) => [id, path]));
  const threads = openThreads(comments.map(([, comment]) => comment)).filter(({ file }) => paths.has(file)).reverse();
  if (threads.length === 0) return null;
  return (
    <section className="pc-comment-list" aria-label="Comments">
      <h2><MessageSquare size={12} strokeWidth={1.5} aria-hidden="true" /> Comments <span className="pc-badge">{threads.length}</span></h2>
      <ul className="pc-review">
        {threads.map((thread) => <Line key={thread.id} thread={thread} path={paths.get(thread.file) ?? ""} mayComment={mayComment} />)}
      </ul>
    </section>
  );
}

function Line({ thread, path, mayComment }: { thread: Thread; path: string; mayComment: boolean }) {
  const session = useCanvas();
  const { by, at, text } = thread.comments[0];
  const body = session.text(thread.file);
  const place = placeOfThread(body, thread);
  const line = place && body.toString().slice(0, place.from).split("\n").length;
  const more = thread.comments.length - 1;
  const go = (): void => session.workspace.openFile(thread.file, place ? { range: { start: place.from, end: place.to } } : {});
  return (
    <li className="pc-review-item">
      <div className="pc-review-row">
        <Swatch hue={by.hue} kind="person" />
        <button type="button" className="pc-review-title" title={text} onClick={go}>
          <span className="pc-cut"><b>{by.name}</b> {text}</span>
          {more > 0 && <span className="pc-faint pc-more">+{more}</span>}
        </button>
        <span className="pc-review-who pc-cut"><When at={Date.parse(at) / 1000} /></span>
        <span className="pc-review-where pc-cut"><button type="button" className="pc-link" onClick={go}>{line ? `${path}:${line}` : path}</button></span>
        <span className="pc-acts">
          {mayComment && <button type="button" className="pc-button pc-button-sm" onClick={() => resolved(session, thread)}>Resolve</button>}
        </span>
      </div>
    </li>
  );
}
