/** The field in the tree where a name is typed: Enter keeps it, Escape drops it, leaving keeps it. A bad name stays. */
import { type CSSProperties, useEffect, useId, useRef, useState } from "react";

export interface NameFieldProps {
  label: string;
  depth: number;
  value?: string;
  /** Take the name and close the field, or say in a sentence why not. */
  onDone: (name: string) => string | null;
  onCancel: () => void;
}

export function NameField({ label, depth, value = "", onDone, onCancel }: NameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  const [problem, setProblem] = useState<string | null>(null);
  const says = useId();
  useEffect(() => {
    const input = field.current;
    input?.focus();
    const dot = value.lastIndexOf(".");
    // The name without its ending is what people change.
    input?.setSelectionRange(0, dot > 0 ? dot : value.length);
  }, []);
  const keep = (): void => {
    if (over.current) return;
    // Closing takes the focus away, which must not keep the name a second time.
    over.current = true;
    const why = onDone(field.current?.value ?? "");
    over.current = why === null;
    setProblem(why);
  };
  const drop = (): void => {
    over.current = true;
    onCancel();
  };
  const style = { "--depth": depth } as CSSProperties;
  return (
    <>
      <div className="pc-row pc-row-field" style={style}>
        <input
          ref={field}
          aria-label={label}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : says}
          defaultValue={value}
          spellCheck={false}
          autoComplete="off"
          onBlur={keep}
          onChange={() => setProblem(null)}
          onKeyDown={(event) => {
            event.stopPropagation();
            const kept = event.key === "Enter" && !event.nativeEvent.isComposing;
            if (!kept && event.key !== "Escape") return;
            // A file that is made here gets the focus at once, and would get the key's line break with it.
            event.preventDefault();
            if (kept) keep();
            else drop();
          }}
        />
      </div>
      {problem !== null && <p className="pc-row-problem" id={says} role="alert" style={style}>{problem}</p>}
    </>
  );
}
