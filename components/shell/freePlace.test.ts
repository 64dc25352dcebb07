import { expect, test } from "vitest";
import { type Box, covers, freePlace } from "./freePlace";

const ROOM: Box = { left: 10, top: 50, right: 1000, bottom: 800 };
const SIZE = { width: 300, height: 40 };
const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, right: left + width, bottom: top + height });

test("with nothing in the way it stands in the upper right", () => {
  expect(freePlace(SIZE, ROOM, [], 8)).toEqual({ left: 700, top: 50 });
});

test("it stands below the controls of the panel on the right, with a gap", () => {
  const header = [box(690, 48, 60, 24), box(900, 48, 24, 24), box(960, 48, 24, 26)];
  expect(freePlace(SIZE, ROOM, header, 8)).toEqual({ left: 700, top: 82 });
});

test("it goes past two rows with too little room between them", () => {
  expect(freePlace(SIZE, ROOM, [box(900, 50, 24, 24), box(900, 100, 24, 24)], 8)).toEqual({ left: 700, top: 132 });
});

test("a right edge full of controls sends it to the middle", () => {
  expect(freePlace(SIZE, ROOM, [box(720, 50, 260, 750)], 8)).toEqual({ left: 355, top: 50 });
});

test("where all is full it covers what is least, and stays on the page", () => {
  const rows = [box(0, 0, 1000, 400), box(0, 400, 1000, 380)];
  expect(freePlace(SIZE, ROOM, rows, 8).top).toBeLessThanOrEqual(760);
  expect(freePlace({ width: 2000, height: 40 }, ROOM, [], 8)).toEqual({ left: 10, top: 50 });
});

test("a place covers what it lies over, and not what it touches", () => {
  const place = box(700, 50, 300, 40);
  expect(covers(place, [box(0, 50, 700, 40), box(700, 90, 300, 24)])).toBe(false);
  expect(covers(place, [box(0, 50, 700, 40), box(990, 89, 24, 24)])).toBe(true);
});
