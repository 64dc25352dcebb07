import { describe, expect, it } from "vitest";
import { afterOf, authorsOf, fileInView, indexAt, madeBy, mainFile, merged, Paths, restoreAt, touching, versionFrom } from "./chronicle";
import { chronicle, moment, version } from "./samples";

describe("what is known of the past", () => {
  it("asks again for the last moment, which may have grown, and takes it as it is now", () => {
    const known = chronicle([moment(10), moment(20), moment(30)]);
    expect(afterOf(known)).toBe(20);
    const fresh = chronicle([moment(35), moment(50)], [version("v", 20)]);
    const now = merged(known, fresh, 20);
    expect(now.moments.map(({ seq }) => seq)).toEqual([10, 20, 35, 50]);
    expect(now.versions).toHaveLength(1);
    expect(now.head).toBe(50);
  });
  it("asks again for all that may still become one moment of several who write at once", () => {
    const known = chronicle([moment(10), moment(11), moment(12), moment(13), moment(17)]);
    expect(afterOf(known)).toBe(11);
    const fresh = chronicle([moment(18, { others: [{ id: "bo", name: "Bo", hue: 200, kind: "person" }] })]);
    expect(merged(known, fresh, 11).moments.map(({ seq }) => seq)).toEqual([10, 11, 18]);
    expect(afterOf(chronicle([moment(1), moment(2), moment(3)]))).toBe(0);
  });
  it("asks for everything first, and an answer to that replaces all", () => {
    expect(afterOf(null)).toBe(0);
    expect(afterOf(chronicle([moment(3)]))).toBe(0);
    expect(merged(chronicle([moment(1), moment(2)]), chronicle([moment(2)]), 0).moments).toHaveLength(1);
  });
});

it("leaves out what touched no file", () => {
  const quiet = { files: {}, paths: [] };
  const all = [moment(1, { ...quiet, note: "History begins here" }), moment(2, quiet), moment(3), moment(4, { ...quiet, unreadable: true }), moment(5, { paths: [["a", null, "a.txt"]], files: {} })];
  expect(merged(null, chronicle(all), 0).moments.map(({ seq }) => seq)).toEqual([1, 3, 4, 5]);
});

describe("moments", () => {
  const moments = [moment(10, { files: { a: [5, 0], b: [1, 9] } }), moment(20, { files: {}, paths: [["c", null, "c.txt"]] }), moment(30, { files: { a: [1, 0] } })];
  it("are found by their place in the log", () => {
    expect([9, 10, 15, 30, 99].map((seq) => indexAt(moments, seq))).toEqual([-1, 0, 0, 2, 2]);
  });
  it("tell a restore from what others typed right after it", () => {
    const some = [moment(0, { note: "History begins here" }), moment(10), moment(20, { note: "restored to 12 Nov" }), moment(30)];
    expect([0, 10, 20, 30].map((seq) => restoreAt(some, seq))).toEqual([-1, -1, 2, 2]);
  });
  it("are about the file they changed most, or the one they made", () => {
    expect(moments.map(mainFile)).toEqual(["b", "c", "a"]);
    expect(fileInView([moment(1, { files: { a: [1, 0] } }), moment(2, { files: {} })], 1)).toBe("a");
    expect(fileInView([], 0)).toBeNull();
  });
  it("can be those of one file", () => {
    expect(touching(moments, "a").map(({ seq }) => seq)).toEqual([10, 30]);
    expect(touching(moments, "c").map(({ seq }) => seq)).toEqual([20]);
    expect(touching(moments, null)).toBe(moments);
  });
  it("can be those of one author, and their authors are counted by who made most", () => {
    const bo = { id: "bo", name: "Bo", hue: 230, kind: "person" } as const;
    const system = { id: "system", name: "Polycanvas", hue: 265, kind: "system" } as const;
    const some = [moment(1, { by: system }), moment(2, { by: { ...bo, name: "Bob" } }), moment(3), moment(4, { by: bo, others: [moments[0]!.by] }), moment(5, { by: bo })];
    expect(madeBy(some, bo).map(({ seq }) => seq)).toEqual([2, 4, 5]);
    expect(madeBy(some, moments[0]!.by).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(madeBy(some, null)).toBe(some);
    expect(authorsOf(some).map(({ by, moments: made }) => [by.name, made])).toEqual([["Bo", 3], ["Ana", 2]]);
    expect(authorsOf([], bo)).toEqual([{ by: bo, moments: 0 }]);
  });
  it("are passed from version to version", () => {
    const versions = [version("late", 30), version("early", 10)];
    expect(versionFrom(versions, null, -1)?.name).toBe("late");
    expect(versionFrom(versions, 30, -1)?.name).toBe("early");
    expect(versionFrom(versions, 10, -1)).toBeNull();
    expect(versionFrom(versions, 12, 1)?.name).toBe("late");
    expect(versionFrom(versions, null, 1)).toBeNull();
  });
});

describe("paths", () => {
  const past = chronicle(
    [moment(10, { paths: [["b", null, "b.txt"]] }), moment(20, { paths: [["b", "b.txt", "src/b.txt"], ["a", "a.txt", null]] }), moment(30, { paths: [["b", "src/b.txt", null]] })],
    [],
    { a: "a.txt", b: "src/b.txt", always: "readme.md" },
  );
  const paths = new Paths(past);
  it("are those of the time", () => {
    expect([5, 10, 25, 30].map((seq) => paths.at("b", seq))).toEqual([null, "b.txt", "src/b.txt", null]);
    expect([5, 20].map((seq) => paths.at("a", seq))).toEqual(["a.txt", null]);
    expect(paths.at("always", 1)).toBe("readme.md");
  });
  it("say whether a file is yet to come or gone", () => {
    expect(paths.isToCome("b", 5)).toBe(true);
    expect(paths.isToCome("b", 30)).toBe(false);
    expect(paths.isToCome("a", 5)).toBe(false);
  });
  it("are listed with those that are not there, by their last name", () => {
    expect(paths.all(5)).toEqual([
      { file: "a", path: "a.txt", there: true },
      { file: "always", path: "readme.md", there: true },
      { file: "b", path: "src/b.txt", there: false },
    ]);
  });
});
