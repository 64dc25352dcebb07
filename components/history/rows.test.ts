import { expect, test } from "vitest";
import { inSight, rowsOf, scrollFor } from "./rows";
import { moment, version } from "./samples";

const bo = { id: "bo", name: "Bo", hue: 230, kind: "person" } as const;

test("newest first, by day, each run of one author named once, versions above their moment", () => {
  const day = 24 * 3600;
  const rows = rowsOf([moment(1), moment(2), moment(day, { by: bo }), moment(day + 5, { by: bo }), moment(day + 9)], [version("v", day), version("old", 0)]);
  const said = rows.map((row) => (row.kind === "moment" ? `${row.moment.seq}${row.first ? ` ${row.moment.by.name}` : ""}` : row.kind === "version" ? row.version.name : row.kind));
  expect(said).toEqual(["now", "day", `${day + 9} Ana`, `${day + 5} Bo`, "v", `${day} Bo`, "day", "2 Ana", "1", "old"]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  expect(rowsOf([], [])).toEqual([{ kind: "now", key: "now" }]);
});

test("what several made together is a run of its own, whoever of them made most", () => {
  const ana = moment(1).by;
  const rows = rowsOf([moment(1), moment(2, { others: [bo] }), moment(3, { by: bo, others: [ana] }), moment(4, { by: bo })], []);
  expect(rows.map((row) => row.kind === "moment" && row.first)).toEqual([false, false, true, true, false, true]);
});

test("of 4,000 rows only those in sight are drawn", () => {
  const { from, to } = inSight(4_000, 26_000, 400, 26);
  expect(from).toBeLessThanOrEqual(1_000);
  expect(to).toBeGreaterThanOrEqual(1_016);
  expect(to - from).toBeLessThan(40);
  expect(inSight(3, 0, 400, 26)).toEqual({ from: 0, to: 3 });
});

test("a row comes into sight with its neighbour, and nothing moves when it is there", () => {
  expect(scrollFor(50, 1_200, 400, 26)).toBe(1_200);
  expect(scrollFor(0, 1_200, 400, 26)).toBe(0);
  expect(scrollFor(10, 1_200, 400, 26)).toBe(9 * 26);
  expect(scrollFor(100, 0, 400, 26)).toBe(102 * 26 - 400);
});
