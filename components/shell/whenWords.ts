/** When something was or will be, as short as it can be said. Pure. */
export function whenWords(then: Date, now: Date, locale?: string): string {
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (minutes >= 0 && minutes < 1) return "just now";
  if (minutes >= 0 && minutes < 60) return `${minutes} min ago`;
  const sameDay = then.toDateString() === now.toDateString();
  if (sameDay) return then.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const sameYear = then.getFullYear() === now.getFullYear();
  return then.toLocaleDateString(locale, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}
