/** What every page has, in an entry of its own: a page without a canvas must not fetch an editor. */
export { CanvasList } from "./shell/CanvasList";
export { ImportButton } from "./shell/ImportButton";
export { CopyField } from "./shell/CopyField";
export { Fault } from "./shell/Fault";
export { Toasts } from "./shell/Toasts";
export { When } from "./shell/When";
