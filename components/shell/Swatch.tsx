/** The mark of who: solid for a person, striped for a model, dotted for an expert. Decoration: a name stands beside it. */
import type { CSSProperties } from "react";

export interface SwatchProps {
  hue: number;
  kind: "person" | "model" | "expert" | "system";
}

export function Swatch({ hue, kind }: SwatchProps) {
  const shape = kind === "system" ? "person" : kind;
  return <i aria-hidden="true" className={`pc-swatch who who-${shape}`} style={{ "--hue": hue } as CSSProperties} />;
}
