/** Reads the server's document once, over a connection of its own, and changes nothing. */
import * as Y from "yjs";
import { closeOf } from "./closes";
import { Connection, type ConnectionHooks } from "./connection";
import { readMessage, writeStep1 } from "./protocol";

/** The server's document as it is now, in a document of its own. Raises an Error that says why there is none. */
export function fetchDocument(hooks: Pick<ConnectionHooks, "ticket" | "open" | "now">): Promise<Y.Doc> {
  return new Promise((resolve, reject) => {
    const doc = new Y.Doc();
    const connection = new Connection({
      ...hooks,
      waiting: () => true,
      onOpen: () => connection.send(writeStep1(Y.encodeStateVector(doc))),
      onFrame: (bytes) => {
        const message = readMessage(bytes);
        if (message.type !== "step2") return;
        connection.close();
        Y.applyUpdate(doc, message.update);
        resolve(doc);
      },
      onEnd: ({ code, ticket }) => reject(ticket ?? new Error(closeOf(code).sentence)),
    });
  });
}
