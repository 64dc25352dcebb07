/** Which dialog is open, by name: whoever wants one open need not know who draws it. */
import { Store } from "../collab/store";

export const openDialogName = new Store<string | null>(null);

export function openDialog(name: string): void {
  openDialogName.set(name);
}

export function closeDialog(): void {
  openDialogName.set(null);
}
