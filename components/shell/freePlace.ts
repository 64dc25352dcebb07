/** Where something that floats covers no control: geometry alone, in pixels of the page. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

/**
 * The first place of `size` in `room` that keeps `gap` from every control: down the right edge from the top, then down
 * the middle, then the left edge. Where each covers something, the one that covers least.
 */
export function freePlace(size: Size, room: Box, controls: readonly Box[], gap: number): { left: number; top: number } {
  const rights = Math.max(room.left, room.right - size.width);
  const lefts = [rights, (room.left + rights) / 2, room.left];
  const lowest = Math.max(room.top, room.bottom - size.height);
  const below = controls.map(({ bottom }) => bottom + gap).filter((top) => top > room.top && top <= lowest);
  const tops = [room.top, ...below.sort((a, b) => a - b)];
  let best = { left: rights, top: room.top, covered: Infinity };
  for (const left of lefts) {
    for (const top of tops) {
      const covered = controls.reduce((sum, control) => sum + overlap(left, top, size, control, gap), 0);
      if (covered === 0) return { left, top };
      if (covered < best.covered) best = { left, top, covered };
    }
  }
  return { left: best.left, top: best.top };
}

/** Whether a place covers a control. */
export function covers(place: Box, controls: readonly Box[]): boolean {
  const size = { width: place.right - place.left, height: place.bottom - place.top };
  return controls.some((control) => overlap(place.left, place.top, size, control, 0) > 0);
}

/** How much of a place, with `gap` around it, lies over a box (square pixels). */
function overlap(left: number, top: number, { width, height }: Size, box: Box, gap: number): number {
  const wide = Math.min(left + width + gap, box.right) - Math.max(left - gap, box.left);
  const high = Math.min(top + height + gap, box.bottom) - Math.max(top - gap, box.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}
