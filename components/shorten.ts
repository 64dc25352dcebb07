/** Texts made short enough for their place, in whole characters as people count them: an emoji is never cut in two. */

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The beginning of `text`, as much as `most` UTF-16 code units hold. */
export function beginning(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (const { index, segment } of CHARACTERS.segment(text)) {
    if (index + segment.length > most) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** `text`, or its beginning and an ellipsis, in at most `most` UTF-16 code units. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${beginning(text, most - 1).trimEnd()}…`;
}
