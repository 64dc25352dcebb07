/** Step, play, how fast, and how far one is. */
import { Pause, Play, StepBack, StepForward } from "lucide-react";
import { useStore } from "../collab/useCanvas";
import { type Speed, SPEEDS } from "./pace";
import type { Past } from "./past";

export function Controls({ past }: { past: Past }) {
  const { playing, speed, at } = useStore(past.store);
  const total = past.shown.length;
  const { index } = past;
  const Icon = playing ? Pause : Play;
  const word = playing ? "Pause" : at === null ? "Play from the beginning" : "Play from here";
  // Not `disabled` at the ends: that would take the focus from whoever steps there.
  return (
    <div className="pc-history-controls" role="group" aria-label="Playing">
      <button type="button" className="pc-icon-button" aria-label="One moment back" title="One moment back (←)" aria-disabled={index <= 0} onClick={() => past.step(-1)}>
        <StepBack size={16} strokeWidth={1.5} />
      </button>
      <button type="button" className="pc-icon-button" aria-label={word} title={`${word} (Space)`} disabled={total === 0} onClick={() => past.toggle()}>
        <Icon size={16} strokeWidth={1.5} />
      </button>
      <button type="button" className="pc-icon-button" aria-label="One moment on" title="One moment on (→)" aria-disabled={index >= total} onClick={() => past.step(1)}>
        <StepForward size={16} strokeWidth={1.5} />
      </button>
      <select className="pc-select pc-select-quiet pc-history-speed" aria-label="Speed" value={speed} onChange={(event) => past.setSpeed(Number(event.target.value) as Speed)}>
        {SPEEDS.map((one) => <option key={one} value={one}>{one}×</option>)}
      </select>
      <span className="pc-history-count">{at === null ? total.toLocaleString() : `${(index + 1).toLocaleString()} of ${total.toLocaleString()}`}</span>
    </div>
  );
}
