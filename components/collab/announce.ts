/** What a screen reader is told when people come and go: one sentence for each change. Pure. */
import type { Present } from "./presence";

/** The sentence between two lists of people, or null when nobody else came or went. */
export function announcement(before: readonly Present[], now: readonly Present[]): string | null {
  const came = others(now).filter((person) => !others(before).some(({ id }) => id === person.id));
  const left = others(before).filter((person) => !others(now).some(({ id }) => id === person.id));
  const sentences: string[] = [];
  if (came.length > 0) sentences.push(`${names(came)} joined.`);
  if (left.length > 0) sentences.push(`${names(left)} left.`);
  return sentences.length > 0 ? sentences.join(" ") : null;
}

function others(people: readonly Present[]): { id: string; name: string }[] {
  return people.filter(({ self }) => !self).map(({ person }) => person);
}

function names(people: { name: string }[]): string {
  const all = people.map(({ name }) => name);
  if (all.length > 3) return `${all.length} people`;
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
