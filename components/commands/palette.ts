/** Whether the palette is open: the find box, a shortcut and a command all open it. */
import { Store } from "../collab/store";

export const paletteOpen = new Store(false);
