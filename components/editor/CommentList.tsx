/** The comments of the canvas, each thread a line that leads to its place: the open ones, those for this person, the resolved. */
import { MessageSquare } from "lucide-react";
import { type CSSProperties, useState } from "react";
import { useCanvas, useSharedMap, useStore } from "../collab/useCanvas";
import type { Comment } from "../collab/types";
import { partsOf } from "../people/mentions";
import { callable } from "../people/members";
import { forPerson } from "../people/unread";
import { Ends } from "../shell/Ends";
import { Swatch } from "../shell/Swatch";
import { When } from "../shell/When";
import { resolved } from "./commentCard";
import { isResolved, openThreads, reopenThread, resolvedThreads, type Thread } from "./threads";
import { useLine } from "./useLine";
import { goToThread } from "./walk";

const FILTERS = ["open", "mine", "resolved"] as const;
type Filter = (typeof FILTERS)[number];

const NAMES: Record<Filter, string> = { open: "Open", mine: "For you", resolved: "Resolved" };
const EMPTY: Record<Filter, string> = {
  open: "No open comments. Select some code and choose Comment.",
  mine: "Nothing is for you. Whoever answers a comment of yours, or types @ and your name in one, calls you here.",
  resolved: "Nothing is resolved yet.",
};

export function CommentList() {
  const session = useCanvas();
  const comments = useSharedMap(session.comments).map(([, comment]) => comment);
  const files = useSharedMap(session.files);
  const unread = useStore(session.unread.comments);
  const mayComment = useStore(session.role) !== "viewer";
  const [filter, setFilter] = useState<Filter>("open");
  const paths = new Map(files.map(([id, { path }]) => [id, path]));
  const there = ({ file }: Thread): boolean => paths.has(file);
  const open = openThreads(comments).filter(there);
  const threads: Record<Filter, Thread[]> = {
    open,
    mine: open.filter(({ comments }) => forPerson(comments, session.person.id).length > 0),
    resolved: resolvedThreads(comments).filter(there),
  };
  if (FILTERS.every((one) => threads[one].length === 0)) return null;
  const shown = [...threads[filter]].reverse();
  const seeAll = (): void => session.unread.see(unread.map(({ id }) => id));
  return (
    <section className="pc-comment-list" aria-label="Comments">
      <header>
        <h2><MessageSquare size={12} strokeWidth={1.5} aria-hidden="true" /> Comments</h2>
        <div className="pc-filter" role="group" aria-label="Which comments">
          {FILTERS.map((one) => (
            <button key={one} type="button" aria-pressed={filter === one} onClick={() => setFilter(one)}>
              {NAMES[one]} <span className="pc-faint">{threads[one].length}</span>
              {one === "mine" && unread.length > 0 && <i className="pc-unread" title={`${unread.length} unread`} />}
            </button>
          ))}
        </div>
        {filter === "mine" && unread.length > 0 && <button type="button" className="pc-link" onClick={seeAll}>Mark all as seen</button>}
      </header>
      {shown.length === 0 ? <p className="pc-empty">{EMPTY[filter]}</p> : (
        <ul className="pc-review">
          {shown.map((thread) => (
            <Line
              key={thread.id}
              thread={thread}
              path={paths.get(thread.file) ?? ""}
              mayComment={mayComment}
              unread={unread.find((comment) => thread.comments.some(({ id }) => id === comment.id))}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface LineProps {
  thread: Thread;
  path: string;
  mayComment: boolean;
  /** The oldest of its comments that is for this person and was not seen. */
  unread: Comment | undefined;
}

function Line({ thread, path, mayComment, unread }: LineProps) {
  const session = useCanvas();
  const comment = unread ?? thread.comments[0];
  const { by, at, text, imported_by } = comment;
  const line = useLine(thread.file, thread.start);
  const where = line ? `${path}:${line}` : path;
  const more = thread.comments.length - 1;
  const decided = isResolved(thread);
  const go = (): void => goToThread(session, comment);
  return (
    <li className="pc-review-item" data-decided={decided}>
      <div className="pc-review-row">
        <Swatch hue={by.hue} kind="person" />
        <button type="button" className="pc-review-title" title={text} onClick={go}>
          {unread && <i className="pc-unread"><span className="pc-hidden">Unread: </span></i>}
          <span className="pc-cut"><b>{by.name}</b> {imported_by && <span className="pc-faint">· imported by {imported_by} · </span>}<Words comment={comment} /></span>
          {more > 0 && <span className="pc-faint pc-more">+{more}</span>}
        </button>
        <span className="pc-review-who pc-cut"><When at={Date.parse(at) / 1000} /></span>
        <span className="pc-review-where pc-cut"><button type="button" className="pc-link" aria-label={where} onClick={go}><Ends path={path} line={line} /></button></span>
        <span className="pc-acts">
          {mayComment && (decided
            ? <button type="button" className="pc-button pc-button-sm" onClick={() => reopenThread(session, thread)}>Reopen</button>
            : <button type="button" className="pc-button pc-button-sm" onClick={() => resolved(session, thread)}>Resolve</button>)}
        </span>
      </div>
    </li>
  );
}

/** A comment's words with whoever is called in them marked in their own hue. */
function Words({ comment }: { comment: Comment }) {
  const session = useCanvas();
  const people = callable(session);
  return partsOf(comment).map((part, index) => {
    if (!("mention" in part)) return <span key={index}>{part.text}</span>;
    const self = part.mention.id === session.person.id;
    const person = self ? session.person : people.find(({ id }) => id === part.mention.id);
    const style = { "--hue": person?.hue ?? 265 } as CSSProperties;
    return <span key={index} className={self ? "pc-mention who pc-mention-me" : "pc-mention who"} style={style}>{person ? `@${person.name}` : part.text}</span>;
  });
}
