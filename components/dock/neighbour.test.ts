import { expect, test } from "vitest";
import { neighbour } from "./neighbour";

// Files | editor over drawer | preview
const BOXES = [
  { left: 0, top: 0, width: 190, height: 854 },
  { left: 196, top: 0, width: 724, height: 652 },
  { left: 196, top: 658, width: 724, height: 196 },
  { left: 926, top: 0, width: 462, height: 854 },
];

test("the group beside is the one that shares the edge", () => {
  expect(neighbour(BOXES, 1, "left")).toBe(0);
  expect(neighbour(BOXES, 1, "right")).toBe(3);
  expect(neighbour(BOXES, 1, "down")).toBe(2);
  expect(neighbour(BOXES, 2, "up")).toBe(1);
});

test("of two beside each other the longer shared edge wins; the nearest comes first", () => {
  expect(neighbour(BOXES, 0, "right")).toBe(1);
  expect(neighbour(BOXES, 3, "left")).toBe(1);
});

test("at the edge there is none", () => {
  expect(neighbour(BOXES, 0, "left")).toBe(-1);
  expect(neighbour(BOXES, 3, "up")).toBe(-1);
  expect(neighbour([], 0, "up")).toBe(-1);
});
