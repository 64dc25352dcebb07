/** While something is being read: the words at once, a bar when it takes longer than one waits without asking. */
import { useEffect, useState } from "react";

/** Until then nobody wonders (milliseconds). */
const PATIENCE = 1_000;

export function Reading({ words, long = "" }: { words: string; long?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="pc-history-note" role="status">
      {words} {late && <><progress aria-label={words} /> {long}</>}
    </p>
  );
}
