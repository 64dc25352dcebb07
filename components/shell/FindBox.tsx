/** The box in the top bar that opens the palette. */
import "./shell.css";
import { Search } from "lucide-react";
import { keysShown, onMac } from "../commands/registry";
import { paletteOpen } from "../commands/palette";

export function FindBox() {
  return (
    <button type="button" className="pc-find" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" onClick={() => paletteOpen.set(true)}>
      <Search size={16} strokeWidth={1.5} aria-hidden="true" />
      <span>Ask, run or find anything</span>
      <kbd>{keysShown("Mod+K", onMac())}</kbd>
    </button>
  );
}
