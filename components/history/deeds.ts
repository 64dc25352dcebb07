/** What a person does with the past: each asks the server, reads the history anew, and says what happened. */
import { toast, toastError } from "../shell/toast";
import { restoreAt } from "./chronicle";
import type { Past } from "./past";
import type { Version } from "./types";
import { count } from "./words";

export async function nameVersion(past: Past, name: string, seq: number | null): Promise<void> {
  const version = await past.ports.calls.name(name, seq);
  await past.refresh();
  toast(`Named this version “${version.name}”.`, { kind: "ok", action: { label: "Undo", run: () => void unnameVersion(past, version).catch(toastError) } });
}

export async function renameVersion(past: Past, version: Version, name: string): Promise<void> {
  await past.ports.calls.rename(version.id, name);
  await past.refresh();
  toast(`Renamed to “${name}”.`, { kind: "ok" });
}

export async function unnameVersion(past: Past, version: Version): Promise<void> {
  await past.ports.calls.unname(version.id);
  await past.refresh();
  const again = async (): Promise<void> => {
    await past.ports.calls.name(version.name, version.seq);
    await past.refresh();
  };
  toast(`Deleted the name “${version.name}”.`, { kind: "ok", action: { label: "Undo", run: () => void again().catch(toastError) } });
}

/** What was said of the last restore, and its way back; how to take that away. */
let unsay: () => void = () => undefined;

/** For when the form for the next restore opens: it would lie over it, and offer to undo what one is about to change. */
export function unsayRestore(): void {
  unsay();
}

/** Restore one file, or the whole canvas (`file` null), and stand at now, where the result is. `when`: `at 12:04`, `in “Beta”`. */
export async function restore(past: Past, seq: number, file: string | null, what: string, when: string): Promise<void> {
  const done = await past.ports.calls.restore(seq, file);
  past.go(null);
  await past.refresh();
  const files = done.changed.length + done.removed.length;
  const how = files === 1 ? "" : `, ${count(files, "file")}`;
  unsay = toast(`${what} is as it was ${when}${how}.`, { kind: "ok", action: { label: "Undo", run: () => void undo(past, done.seq, file, what).catch(toastError) } });
}

/** Restore the moment before the restore. When others wrote since then, show first what would change of theirs. */
async function undo(past: Past, restored: number, file: string | null, what: string): Promise<void> {
  await past.refresh();
  const moments = past.get().chronicle?.moments ?? [];
  const index = restoreAt(moments, restored);
  const before = moments[index - 1]?.seq;
  if (before === undefined) return;
  if (index < moments.length - 1) {
    past.go(before);
    past.show({ form: { kind: "restore" } });
    toast("There are edits since the restore. Look what would change, then restore.");
    return;
  }
  await past.ports.calls.restore(before, file);
  past.go(null);
  await past.refresh();
  toast(`${what} is as before the restore.`, { kind: "ok" });
}

/** Make the new canvas and go there. */
export async function forkFrom(past: Past, seq: number, name: string): Promise<void> {
  const { url } = await past.ports.calls.fork(seq, name === "" ? null : name);
  window.location.assign(url);
}
