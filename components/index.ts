/** What the Reflex wrappers import: one line per component. */
export { CanvasRoot } from "./collab/CanvasRoot";
export { FileEditor } from "./editor/FileEditor";
