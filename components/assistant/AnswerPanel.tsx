/** What the assistant says: an answer as it streams in. Its text is drawn as text; HTML comes only from our server. */
import { useEffect, useMemo, useRef } from "react";
import { useStore } from "../collab/useCanvas";
import { actionLabel } from "./receipt";
import { type Block, blocksOf, type Inline } from "./prose";
import { asked, going } from "./runs";

/** Actions that end in an answer, not in a suggestion. */
const ANSWERS = new Set(["explain", "calculate"]);

export function AnswerPanel() {
  const now = useStore(asked);
  const end = useRef<HTMLDivElement>(null);
  const text = now?.text ?? "";
  const blocks = useMemo(() => blocksOf(text), [text]);
  const writing = now?.run ? going(now.run) : false;
  useEffect(() => {
    const box = end.current;
    // Follow the text as it grows, unless the person has scrolled up to read.
    if (writing && box && box.scrollHeight - box.scrollTop - box.clientHeight < 80) box.scrollTop = box.scrollHeight;
  }, [text, writing]);
  if (now === null || !ANSWERS.has(now.request.action) || (text === "" && !now.run?.answer_html)) return null;
  const html = now.run?.answer_html;
  return (
    <div className="pc-sheet pc-answer" ref={end} role="region" aria-label={`Answer: ${actionLabel(now.request.action)} ${now.request.file}`} aria-busy={writing} tabIndex={0}>
      {html ? <div dangerouslySetInnerHTML={{ __html: html }} /> : blocks.map((block, at) => <Piece key={at} block={block} />)}
    </div>
  );
}

function Piece({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return <h3><Words parts={block.parts} /></h3>;
    case "paragraph":
      return <p><Words parts={block.parts} /></p>;
    case "code":
      return <pre className="pc-code"><code>{block.text}</code></pre>;
    case "list": {
      const items = block.items.map((parts, at) => <li key={at}><Words parts={parts} /></li>);
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function Words({ parts }: { parts: readonly Inline[] }) {
  return parts.map(({ kind, text }, at) =>
    kind === "code" ? <code key={at}>{text}</code> : kind === "strong" ? <b key={at}>{text}</b> : <span key={at}>{text}</span>,
  );
}
