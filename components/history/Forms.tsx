/** The one form that is open under the banner: naming, restoring, forking. Nothing happens before its own button. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useStore } from "../collab/useCanvas";
import type { Paths } from "./chronicle";
import { forkFrom, nameVersion, renameVersion, unnameVersion } from "./deeds";
import type { Past } from "./past";
import { Refused } from "./Refused";
import { Restore } from "./Restore";
import { useDeed } from "./useDeed";
import { inSentence, whenWord } from "./words";

/** As the server has it. */
const MAX_NAME = 80;

export function Forms({ past, paths }: { past: Past; paths: Paths }) {
  const { form, at, chronicle } = useStore(past.store);
  if (form === null || chronicle === null) return null;
  const when = at === null ? "now" : inSentence(whenWord(chronicle.moments.findLast(({ seq }) => seq <= at)?.at ?? ""));
  const named = at === null ? undefined : chronicle.versions.find(({ seq }) => seq === at);
  const close = (): void => past.show({ form: null });
  const version = "version" in form ? chronicle.versions.find(({ id }) => id === form.version) : undefined;
  switch (form.kind) {
    case "name":
      return <Name label={at === null ? "Name of this version" : `Name of the version of ${when}`} go="Name it" close={close} send={(name) => nameVersion(past, name, at)} />;
    case "rename":
      return version ? <Name key={version.id} label={`New name of ${version.name}`} start={version.name} go="Rename" close={close} send={(name) => renameVersion(past, version, name)} /> : null;
    case "unname":
      return version ? (
        <Sure label={`Delete the name ${version.name}?`} close={close} go="Delete the name" send={() => unnameVersion(past, version)}>
          Delete the name <b>{version.name}</b>? What was written stays in the history; its moments may be joined as they age.
        </Sure>
      ) : null;
    case "restore":
      return at === null ? null : <Restore past={past} paths={paths} seq={at} when={named ? `in “${named.name}”` : `at ${when}`} close={close} />;
    case "fork":
      return (
        <Name
          label="Name of the new canvas"
          note={`It begins with everything as it is here ${at === null ? "now" : `at ${when}`}, and is yours alone until you share it.`}
          optional
          go="Fork"
          close={close}
          send={(name) => forkFrom(past, at ?? chronicle.head, name)}
        />
      );
  }
}

interface NameProps {
  label: string;
  note?: string;
  start?: string;
  /** Without a name the server finds one. */
  optional?: boolean;
  go: string;
  close(): void;
  send(name: string): Promise<void>;
}

function Name({ label, note, start = "", optional = false, go, close, send }: NameProps) {
  const [name, setName] = useState(start);
  const { busy, refused, act } = useDeed(close);
  const ready = optional || name.trim() !== "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) act(() => send(name.trim()));
  };
  return (
    <form className="pc-history-form" onSubmit={submit}>
      <input className="pc-input" aria-label={label} placeholder={label} value={name} maxLength={MAX_NAME} autoFocus onFocus={(event) => event.currentTarget.select()} onChange={(event) => setName(event.target.value)} />
      <button type="submit" className="pc-button pc-button-go" disabled={!ready} aria-busy={busy}>{go}</button>
      <button type="button" className="pc-button" onClick={close}>Cancel</button>
      {note && <p className="pc-history-aside">{note}</p>}
      <Refused why={refused} />
    </form>
  );
}

interface SureProps {
  label: string;
  go: string;
  close(): void;
  send(): Promise<void>;
  children: ReactNode;
}

function Sure({ label, go, close, send, children }: SureProps) {
  const { busy, refused, act } = useDeed(close);
  return (
    <div className="pc-history-form" role="alertdialog" aria-label={label}>
      <p>{children}</p>
      <button type="button" className="pc-button" autoFocus onClick={close}>Keep</button>
      <button type="button" className="pc-button pc-button-go" aria-busy={busy} onClick={() => act(send)}>{go}</button>
      <Refused why={refused} />
    </div>
  );
}
