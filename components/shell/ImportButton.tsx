/** Makes a canvas of a file that was downloaded with its history, and goes there. */
import { useRef, useState } from "react";
import { api } from "../collab/http";
import { toastError } from "./toast";

export function ImportButton() {
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const bring = (file: File): void => {
    setBusy(true);
    api<{ id: string }>("POST", "/canvases/import", file).then(
      ({ id }) => window.location.assign(`/c/${id}`),
      (error: unknown) => {
        setBusy(false);
        toastError(error);
      },
    );
  };
  return (
    <>
      <button type="button" className="pc-button" disabled={busy} title="A file from “Download with its history”" onClick={() => field.current?.click()}>
        {busy ? "Importing…" : "Import…"}
      </button>
      <input
        ref={field}
        type="file"
        accept=".zip,application/zip"
        aria-label="File of a canvas to import"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ""; // the same file can be chosen again
          if (file) bring(file);
        }}
      />
    </>
  );
}
