/**
 * A document that outlives its listeners' faults. Yjs ends a transaction by calling whoever listens; when one of them
 * throws there, it never ends any other, and the page goes on looking saved while nothing leaves it any more.
 */
import * as Y from "yjs";
import { tell } from "./faults";

type Events = Y.Doc extends { emit(name: infer Name, args: infer Args): void } ? { name: Name; args: Args } : never;

export class SafeDoc extends Y.Doc {
  override emit(name: Events["name"], args: Events["args"]): void {
    // A copy, as Yjs makes one: whoever is added by a listener hears of the next event.
    for (const listener of [...(this._observers.get(name)?.values() ?? [])] as ((...args: unknown[]) => void)[]) {
      try {
        listener(...(args as unknown[]));
      } catch (error) {
        tell(error);
      }
    }
  }
}
