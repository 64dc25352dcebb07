/** Two letters for a face: of the first and last word, or the first two of a single one. Pure. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = (word: string | undefined, count: number): string => [...(word ?? "")].slice(0, count).join("");
  const two = words.length > 1 ? letters(words[0], 1) + letters(words.at(-1), 1) : letters(words[0], 2);
  return two === "" ? "?" : two.toLocaleUpperCase();
}
