/** Which group lies beside another, from their rectangles. Pure. */

export type Direction = "left" | "right" | "up" | "down";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The index of the box nearest to `from` in that direction, the one it shares most of its edge with; -1 for none. */
export function neighbour(boxes: readonly Box[], from: number, direction: Direction): number {
  const own = boxes[from];
  if (!own) return -1;
  let best = -1;
  let score = -Infinity;
  boxes.forEach((box, index) => {
    const distance = gapTo(own, box, direction);
    const shared = direction === "left" || direction === "right" ? overlap(own.top, own.height, box.top, box.height) : overlap(own.left, own.width, box.left, box.width);
    if (index === from || distance < -1 || shared <= 0) return;
    const value = shared - distance * 4; // Nearness counts more than a long shared edge.
    if (value > score) {
      best = index;
      score = value;
    }
  });
  return best;
}

function gapTo(own: Box, box: Box, direction: Direction): number {
  if (direction === "left") return own.left - (box.left + box.width);
  if (direction === "right") return box.left - (own.left + own.width);
  if (direction === "up") return own.top - (box.top + box.height);
  return box.top - (own.top + own.height);
}

function overlap(a: number, aSize: number, b: number, bSize: number): number {
  return Math.min(a + aSize, b + bSize) - Math.max(a, b);
}
