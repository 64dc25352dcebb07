// People who type, delete, undo and redo in the page's own way, with Yjs's own undo. Prints what each page sent, as JSON.
// Each writes letters of their own only, so a text says itself whose each of them is.
import * as Y from "yjs";
import { seeded } from "./components/collab/fakeServer";
import type { Origin } from "./components/collab/types";
import { claimReturned } from "./components/provenance/returned";

const LETTERS: Record<string, string[]> = { ana: ["a", "ä"], bo: ["b", "😀"], cy: ["c", "✓"] };
const TURNS = 60;
const [file, sessions] = process.argv.slice(2) as [string, string];

interface Sent {
  who: string;
  client: number;
  update: string;
}

function play(seed: number): { together: boolean; sent: Sent[]; text: string } {
  const random = seeded(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const together = seed % 2 === 0; // every page has seen all that others did before it does anything
  const sent: Sent[] = [];
  const server = new Y.Doc();
  const pages = Object.keys(LETTERS).map((id) => {
    const doc = new Y.Doc();
    doc.clientID = 1 + below(2 ** 31);
    const text = doc.getText(`file:${file}`);
    const person = { id, name: id, hue: 1, kind: "member" as const };
    server.getMap<Origin>("authors").set(`${doc.clientID}`, { ...person, kind: "person" });
    claimReturned({ doc, person, authors: doc.getMap<Origin>("authors"), returned: doc.getMap<number>("returned") });
    const undo = new Y.UndoManager(text, { trackedOrigins: new Set(["typing"]), captureTimeout: random() < 0.5 ? 0 : 500 });
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "net") sent.push({ who: id, client: doc.clientID, update: Buffer.from(update).toString("base64") });
    });
    return { id, doc, text, undo };
  });
  const meet = (): void => {
    for (const { doc: to } of pages) for (const { doc: from } of pages) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), "net");
  };
  for (const { doc } of pages) Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), "net");
  for (let turn = 0; turn < TURNS; turn += 1) {
    const { id, doc, text, undo } = pages[below(pages.length)]!;
    // Where pages have not seen each other's edits some of it stays the undoer's: then only Ana undoes.
    if (random() < 0.4 && (together || id === "ana") && (undo.canUndo() || undo.canRedo())) {
      if (undo.canRedo() && (random() < 0.4 || !undo.canUndo())) undo.redo();
      else undo.undo();
    } else {
      doc.transact(() => {
        const letters = [...text.toString()];
        const at = below(letters.length + 1);
        const from = letters.slice(0, at).join("").length;
        const gone = letters.slice(at, at + (random() < 0.5 ? below(8) : 0)).join("").length;
        if (gone > 0) text.delete(from, gone);
        if (random() < 0.6) text.insert(from, Array.from({ length: 1 + below(3) }, () => LETTERS[id]![below(2)]).join(""));
      }, "typing");
    }
    if (together || random() < 0.3) meet();
  }
  meet();
  return { together, sent, text: pages[0]!.text.toString() };
}

console.log(JSON.stringify(Array.from({ length: Number(sessions) }, (_, seed) => play(seed + 1))));
