/** The mark of an author: solid for people, striped for models, dotted for experts, a hollow square for what came along. */
import type { CSSProperties } from "react";
import type { Origin } from "../collab/types";

/** `grow`: as a part of a bar, as wide as its share. */
export function Mark({ origin, grow }: { origin: Origin; grow?: number }) {
  const look = origin.kind === "system" ? "pc-who-came" : `who who-${origin.kind}`;
  const style = { "--hue": Math.round(origin.hue), ...(grow === undefined ? {} : { flexGrow: grow }) } as CSSProperties;
  return <i className={`${grow === undefined ? "pc-swatch" : "pc-who-part"} ${look}`} style={style} aria-hidden="true" />;
}
