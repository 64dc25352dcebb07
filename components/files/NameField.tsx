/** The field in the tree where a name is typed: Enter keeps it, Escape drops it, leaving keeps it. */
import { type CSSProperties, useEffect, useRef } from "react";

export interface NameFieldProps {
  label: string;
  depth: number;
  value?: string;
  onDone: (name: string) => void;
  onCancel: () => void;
}

export function NameField({ label, depth, value = "", onDone, onCancel }: NameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => {
    const input = field.current;
    input?.focus();
    const dot = value.lastIndexOf(".");
    // The name without its ending is what people change.
    input?.setSelectionRange(0, dot > 0 ? dot : value.length);
  }, []);
  const end = (how: (name: string) => void): void => {
    if (over.current) return;
    over.current = true;
    how(field.current?.value ?? "");
  };
  return (
    <div className="pc-row pc-row-field" style={{ "--depth": depth } as CSSProperties}>
      <input
        ref={field}
        aria-label={label}
        defaultValue={value}
        spellCheck={false}
        autoComplete="off"
        onBlur={() => end(onDone)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter" && !event.nativeEvent.isComposing) end(onDone);
          if (event.key === "Escape") end(onCancel);
        }}
      />
    </div>
  );
}
