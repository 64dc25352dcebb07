/** The name that others see beside one's caret, to be typed over. */
import { type FormEvent, useState } from "react";
import { api } from "../collab/http";
import { useCanvas } from "../collab/useCanvas";
import { Swatch } from "./Swatch";
import { toast, toastError } from "./toast";

export function YourName() {
  const session = useCanvas();
  const [kept, setKept] = useState(session.person.name);
  const [typed, setTyped] = useState(kept);
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    api<{ name: string }>("PATCH", "/me", { name: typed }).then(({ name }) => {
      setKept(name);
      setTyped(name);
      session.rename(name);
      toast(`Others see you as ${name}.`, { kind: "ok" });
    }, toastError);
  };
  return (
    <form className="pc-your-name" onSubmit={keep}>
      <Swatch hue={session.person.hue} kind="person" />
      <input className="pc-input" aria-label="Your name" autoComplete="name" required maxLength={40} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <button type="submit" className="pc-button" disabled={typed.trim() === "" || typed.trim() === kept}>Save</button>
    </form>
  );
}
