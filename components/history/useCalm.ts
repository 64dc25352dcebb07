/** A value that changes no more often than one can follow: at once after a rest, then every so often, the last always. */
import { useEffect, useRef, useState } from "react";

export function useCalm<T>(value: T, milliseconds: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(-Infinity);
  useEffect(() => {
    const take = (): void => {
      last.current = performance.now();
      setShown(value);
    };
    const wait = last.current + milliseconds - performance.now();
    if (wait <= 0) {
      take();
      return undefined;
    }
    const timer = setTimeout(take, wait);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return shown;
}
