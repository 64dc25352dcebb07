// node trace.mjs TRACE UPDATE: types an editing trace into a Yjs text, edit by edit, and writes the document's update.
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as Y from "yjs";

const [trace, out, root] = process.argv.slice(2);
const { startContent, endContent, txns } = JSON.parse(gunzipSync(readFileSync(trace)).toString());
const doc = new Y.Doc();
const text = doc.getText(root);
if (startContent) text.insert(0, startContent);
let edits = 0;
for (const { patches } of txns) {
  for (const [at, deleted, inserted] of patches) {
    doc.transact(() => {
      if (deleted) text.delete(at, deleted);
      if (inserted) text.insert(at, inserted);
    });
    edits += 1;
  }
}
if (text.toString() !== endContent) throw new Error("the trace did not end in its own text");
writeFileSync(out, Y.encodeStateAsUpdate(doc));
console.log(edits);
