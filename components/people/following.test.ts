import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { type Present, peopleHere } from "../collab/presence";
import { Store } from "../collab/store";
import type { CanvasPerson } from "../collab/types";
import { Workspace } from "../collab/workspace";
import { endWords, followersWords, keyLeaves } from "./follow";
import { Following, WAIT_FOR_RETURN } from "./following";

const ana: CanvasPerson = { id: "ana", name: "Ana", hue: 60, kind: "member" };
const bo: CanvasPerson = { id: "bo", name: "Bo", hue: 230, kind: "guest" };
const open: Awareness[] = [];

function canvas() {
  const awareness = new Awareness(new Y.Doc());
  open.push(awareness);
  awareness.setLocalState({ user: ana });
  const people = new Store<readonly Present[]>([]);
  const read = (): void => people.set(peopleHere(awareness, ana));
  awareness.on("change", read);
  const workspace = new Workspace();
  const opened: string[] = [];
  workspace.onOpen((file, { focus }) => opened.push(`${file}${focus === false ? "" : " with focus"}`));
  const line = { live: true };
  const removed = new Set(["gone"]);
  const following = new Following({ awareness, workspace, people, self: "ana", isThere: (file) => !removed.has(file), isLive: () => line.live });
  const ended: string[] = [];
  following.onEnd(({ name }, how) => ended.push(`${name} ${how}`));
  /** Somebody's page says where it is; null: it is closed. */
  const say = (client: number, state: object | null): void => {
    if (state === null) awareness.states.delete(client);
    else awareness.states.set(client, state);
    awareness.emit("change", [{ added: [], updated: [client], removed: [] }, "remote"]);
  };
  return { awareness, workspace, following, opened, ended, say, line, removed };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  for (const awareness of open.splice(0)) awareness.destroy();
  vi.useRealTimers();
});

describe("following", () => {
  test("goes where the other is, and on with them, without taking the focus", () => {
    const { awareness, following, opened, say } = canvas();
    say(7, { user: bo, file: "a", cursor: { anchor: 1, head: 2 } });
    expect(following.follow("bo")).toBe(true);
    expect(awareness.getLocalState()).toMatchObject({ following: "bo" });
    expect(following.target.get()).toEqual({ file: "a", cursor: { anchor: 1, head: 2 }, view: null });
    say(7, { user: bo, file: "b", view: { file: "b", top: 1, bottom: 2 } });
    expect(following.target.get()).toEqual({ file: "b", cursor: null, view: { file: "b", top: 1, bottom: 2 } });
    say(7, { user: bo, file: "c", view: { file: "b", top: 1, bottom: 2 } });
    expect(following.target.get()?.view).toBeNull();
    expect(opened).toEqual(["a", "b", "c"]);
    following.leave();
    expect(awareness.getLocalState()).toMatchObject({ following: null });
    expect(following.who.get()).toBeNull();
  });

  test("is of somebody else who is here", () => {
    const { following, say } = canvas();
    expect(following.follow("bo")).toBe(false);
    say(7, { user: bo });
    expect(following.follow("ana")).toBe(false);
    expect(following.follow("bo")).toBe(true);
    expect(following.who.get()).toMatchObject({ person: bo, nowhere: true });
  });

  test("stays where one is while the other has no file, or one that was removed", () => {
    const { following, opened, say } = canvas();
    say(7, { user: bo, file: "gone" });
    following.follow("bo");
    expect(following.who.get()).toMatchObject({ nowhere: true });
    say(7, { user: bo, file: "a" });
    expect(following.who.get()).toMatchObject({ nowhere: false });
    expect(opened).toEqual(["a"]);
  });

  test("ends when this person opens another file, and not when the followed one does", () => {
    const { following, workspace, ended, say } = canvas();
    say(7, { user: bo, file: "a" });
    following.follow("bo");
    workspace.openFile("b");
    expect(following.who.get()).toBeNull();
    expect(ended).toEqual(["Bo left"]);
  });

  test("waits a moment for somebody who went away, then says so and ends", () => {
    const { following, ended, say } = canvas();
    say(7, { user: bo, file: "a" });
    following.follow("bo");
    say(7, null);
    expect(following.who.get()).toMatchObject({ away: true });
    vi.advanceTimersByTime(WAIT_FOR_RETURN - 1);
    say(8, { user: bo, file: "a" });
    expect(following.who.get()).toMatchObject({ away: false });
    vi.advanceTimersByTime(WAIT_FOR_RETURN);
    expect(ended).toEqual([]);
    say(8, null);
    vi.advanceTimersByTime(WAIT_FOR_RETURN);
    expect(following.who.get()).toBeNull();
    expect(ended).toEqual(["Bo gone"]);
  });

  test("ends when this person goes to a place in the same file, and not when an editor has gone there", () => {
    const { following, workspace, ended, say } = canvas();
    say(7, { user: bo, file: "a" });
    following.follow("bo");
    workspace.revealed(workspace.get().reveal!.seq);
    workspace.select({ file: "a", start: 1, end: 1 });
    expect(ended).toEqual([]);
    workspace.openFile("a", { range: { start: 3, end: 4 } });
    expect(ended).toEqual(["Bo left"]);
  });

  test("outlives the deletion of the file that both are in", () => {
    const { following, workspace, ended, say, removed } = canvas();
    say(7, { user: bo, file: "a" });
    following.follow("bo");
    removed.add("a");
    workspace.activate("b");
    expect(following.who.get()).toMatchObject({ person: bo });
    say(7, { user: bo, file: "c" });
    expect(workspace.activeFile).toBe("c");
    expect(ended).toEqual([]);
  });

  test("outlives a loss of this page's own line, however long: nobody left", () => {
    const { following, ended, say, line } = canvas();
    say(7, { user: bo, file: "a" });
    following.follow("bo");
    line.live = false;
    say(7, null);
    vi.advanceTimersByTime(10 * WAIT_FOR_RETURN);
    expect(following.who.get()).toMatchObject({ away: true });
    line.live = true;
    say(7, { user: bo, file: "b" });
    expect(following.who.get()).toMatchObject({ away: false });
    line.live = false;
    say(7, null);
    vi.advanceTimersByTime(WAIT_FOR_RETURN);
    line.live = true;
    vi.advanceTimersByTime(WAIT_FOR_RETURN);
    expect(ended).toEqual(["Bo gone"]);
  });

  test("of one person in two tabs is of the tab they used last", () => {
    const { following, opened, say } = canvas();
    say(7, { user: bo, file: "a", active: 10 });
    say(8, { user: bo, file: "b", active: 20 });
    following.follow("bo");
    say(7, { user: bo, file: "a", active: 30 });
    expect(opened).toEqual(["b", "a"]);
  });

  test("is known to whoever is followed, each person once", () => {
    const { following, say } = canvas();
    say(7, { user: bo, following: "ana" });
    say(8, { user: bo, following: "ana" });
    expect(following.followers.get()).toEqual([bo]);
    const before = following.followers.get();
    say(7, { user: bo, following: "ana", cursor: 3 });
    expect(following.followers.get()).toBe(before);
    say(7, { user: bo, following: null, active: 5 });
    expect(following.followers.get()).toEqual([]);
  });
});

test("any key leaves but those on the way to another, and one that is still held", () => {
  const key = (name: string, repeat = false) => keyLeaves({ key: name, repeat });
  for (const name of ["Escape", "a", "ArrowDown", "Enter", "F8"]) expect(key(name)).toBe(true);
  for (const name of ["Shift", "Control", "Alt", "Meta"]) expect(key(name)).toBe(false);
  expect(key("Enter", true)).toBe(false);
});

test("the words name who follows and why it ended", () => {
  expect(followersWords([{ name: "Bo" }])).toMatch(/^Bo follows you:/);
  expect(followersWords(["A", "B", "C", "D"].map((name) => ({ name })))).toMatch(/^4 people follow you:/);
  expect(endWords(bo, "gone")).toBe("Bo left the canvas: you are on your own again.");
  expect(endWords(bo, "left")).toBe("You no longer follow Bo.");
});
