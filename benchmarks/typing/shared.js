// The peer: the same editor bound to the same document with Yjs's own binding and its own provider, and no more.
import { yCollab } from "y-codemirror.next";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { open } from "./stock.js";

const asked = new URLSearchParams(location.search);
const path = new URL(asked.get("path"), location.href);
const at = path.pathname.lastIndexOf("/");
const doc = new Y.Doc();
const provider = new WebsocketProvider(`ws://${location.host}${path.pathname.slice(0, at)}`, path.pathname.slice(at + 1), doc, {
  disableBc: true, params: Object.fromEntries(path.searchParams),
});
provider.awareness.setLocalStateField("user", { name: "Typist", color: "#2f6f9f", colorLight: "#2f6f9f33" });
await new Promise((done) => provider.once("sync", done));
const text = doc.getText(`file:${[...doc.getMap("files").keys()][0]}`);
open(text.toString(), yCollab(text, provider.awareness, { undoManager: new Y.UndoManager(text) }));
