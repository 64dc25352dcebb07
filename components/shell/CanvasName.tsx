/** The canvas's name in the top bar: plain words that an owner can type over. */
import "./shell.css";
import { useEffect, useRef, useState } from "react";
import { api } from "../collab/http";
import { useCanvas, useStore } from "../collab/useCanvas";
import { toastError } from "./toast";

export function CanvasName({ name }: { name: string }) {
  const session = useCanvas();
  const owner = useStore(session.role) === "owner";
  const [kept, setKept] = useState(name);
  const [typed, setTyped] = useState(name);
  const dropped = useRef(false);
  useEffect(() => {
    setKept(name);
    setTyped(name);
  }, [name]);
  if (!owner) return <h1 className="pc-name">{kept}</h1>;
  const keep = (): void => {
    const next = typed.trim();
    if (dropped.current || next === "" || next === kept) {
      dropped.current = false;
      setTyped(kept);
      return;
    }
    setKept(next);
    api("PATCH", `/canvases/${session.id}`, { name: next }).catch((error: unknown) => {
      setKept(kept);
      setTyped(kept);
      toastError(error);
    });
  };
  return (
    <h1 className="pc-name">
      <input
        aria-label="Canvas name"
        title="Rename this canvas"
        value={typed}
        maxLength={120}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === "Escape") dropped.current = true;
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </h1>
  );
}
