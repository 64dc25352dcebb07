import { describe, expect, test } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { closeOf, closeOfTicket } from "./closes";
import { BadPath, checkPath, createFile, fileAt, newId, removeFile, renameFile, restoreFile, textOf } from "./files";
import { ApiError, addressOf, api } from "./http";
import { followersOf, peopleHere, readView, runsHere, samePeople } from "./presence";
import { readMessage, writeAck, writeStep1, writeUpdate } from "./protocol";

const encode = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];

describe("frames", () => {
  test("are read as they were written", () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(readMessage(writeStep1(bytes))).toEqual({ type: "step1", stateVector: bytes });
    expect(readMessage(writeUpdate(bytes))).toEqual({ type: "update", update: bytes });
    expect(readMessage(writeAck(300))).toEqual({ type: "ack", messages: 300 });
    expect(readMessage(new Uint8Array([2, 0, ...encode("no")]))).toEqual({ type: "denied", reason: "no" });
  });

  test("of status say the role, and the end of read-only", () => {
    const status = (value: unknown) => readMessage(new Uint8Array([101, ...encode(JSON.stringify(value))]));
    expect(status({ role: "viewer" })).toEqual({ type: "status", role: "viewer" });
    expect(status({ read_only: null })).toEqual({ type: "status", readOnly: null });
    expect(status({ role: "emperor" })).toEqual({ type: "status" });
    expect(status({ changed: ["members", 3] })).toEqual({ type: "status", changed: ["members"] });
  });

  test("that are unknown are named, and cut ones raise", () => {
    expect(readMessage(new Uint8Array([77]))).toEqual({ type: "unknown", code: 77 });
    for (const cut of [[], [0], [0, 1], [0, 2, 9, 1], [0, 7, 0]]) expect(() => readMessage(new Uint8Array(cut))).toThrow();
  });
});

describe("files", () => {
  test("are made with their text in one transaction", () => {
    const doc = new Y.Doc();
    let updates = 0;
    doc.on("update", () => (updates += 1));
    const id = createFile(doc, "src/app.js", "hello");
    expect(updates).toBe(1);
    expect(fileAt(doc, "src/app.js")).toBe(id);
    expect(textOf(doc, id).toString()).toBe("hello");
    expect(id).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
    expect(newId()).not.toBe(newId());
  });

  test("move, go and come back with their text", () => {
    const doc = new Y.Doc();
    const id = createFile(doc, "a.js", "text");
    createFile(doc, "b.js");
    expect(() => renameFile(doc, id, "b.js")).toThrow("There is already a file named b.js.");
    renameFile(doc, id, "c/a.js");
    removeFile(doc, id);
    expect(fileAt(doc, "c/a.js")).toBeNull();
    restoreFile(doc, id, "c/a.js");
    expect(textOf(doc, fileAt(doc, "c/a.js")!).toString()).toBe("text");
  });

  test.each(["", " a", "/a", "a\\b", "a//b", "../a", "a/./b", "a\u0000b", "a\u200bb", "x".repeat(241), "a/".repeat(12) + "b"])(
    "refuse the path %j",
    (path) => expect(() => checkPath(path)).toThrow(BadPath),
  );
});

describe("HTTP", () => {
  const answer = (body: string, status: number) => ({ fetch: () => Promise.resolve(new Response(body, { status })) }) as unknown as { fetch: typeof fetch };

  test("gives the JSON, null for nothing, and a problem's own sentence", async () => {
    expect(await api("GET", "/me", undefined, answer('{"id":"x"}', 200))).toEqual({ id: "x" });
    expect(await api("POST", "/x", {}, answer("", 200))).toBeNull();
    await expect(api("GET", "/x", undefined, answer('{"detail":"Do this."}', 409))).rejects.toEqual(new ApiError(409, "Do this."));
    await expect(api("GET", "/x", undefined, answer("<html>", 502))).rejects.toThrow("The server answered 502.");
    const broken = { fetch: () => Promise.reject(new TypeError("x")) } as unknown as { fetch: typeof fetch };
    await expect(api("GET", "/x", undefined, broken)).rejects.toMatchObject({ status: 0 });
  });

  test("knows which paths are under the API", () => {
    expect(["/me", "runs/1", "/auth/sign-out", "/api/v1/me"].map(addressOf)).toEqual(["/api/v1/me", "/api/v1/runs/1", "/auth/sign-out", "/api/v1/me"]);
  });
});

test("every close code has a sentence, and unknown ones are lost connections", () => {
  for (const code of [4400, 4401, 4403, 4404, 4408, 4409, 4413, 4429, 4503, 1006]) expect(closeOf(code).sentence).toMatch(/\.$/);
  expect(closeOf(1011).retry).toBe(true);
  expect(closeOfTicket(401, "").retry).toBe(false);
  expect(closeOfTicket(0, "No answer.")).toEqual({ retry: true, sentence: "No answer." });
});

describe("presence", () => {
  const self = { id: "ana", name: "Ana", hue: 60, kind: "member" as const };

  test("is one entry a person, oneself first, and never the server", () => {
    const awareness = new Awareness(new Y.Doc());
    const other = { id: "bo", name: "Bo", hue: 230 };
    awareness.states.set(5, { user: other, file: "f" });
    awareness.states.set(6, { user: other });
    awareness.states.set(7, { server: true, runs: [{ id: "r" }] });
    awareness.states.set(8, { user: "nonsense" });
    expect(peopleHere(awareness, self)).toMatchObject([{ self: true }, { person: other, clients: [5, 6], file: "f" }]);
    expect(runsHere(awareness)).toEqual([{ id: "r" }]);
    awareness.destroy();
  });

  test("of several tabs is that of the one used last", () => {
    const awareness = new Awareness(new Y.Doc());
    const bo = { id: "bo", name: "Bo", hue: 230 };
    awareness.states.set(5, { user: bo, file: "old", active: 10 });
    awareness.states.set(6, { user: bo, file: "new", active: 20, following: "ana" });
    awareness.states.set(7, { user: bo, file: null, active: "now" });
    expect(peopleHere(awareness, self)[1]).toMatchObject({ file: "new", main: 6, clients: [5, 6, 7], following: "ana" });
    awareness.destroy();
  });

  test("is the same while only carets move", () => {
    const awareness = new Awareness(new Y.Doc());
    const bo = { id: "bo", name: "Bo", hue: 230 };
    const with_ = (state: object) => {
      awareness.states.set(5, { user: bo, ...state });
      return peopleHere(awareness, self);
    };
    const before = with_({ file: "f", cursor: 1 });
    expect(samePeople(before, with_({ file: "f", cursor: 2 }))).toBe(true);
    for (const other of [{ file: "g" }, { file: "f", following: "ana" }]) expect(samePeople(before, with_(other))).toBe(false);
    awareness.destroy();
  });

  test("counts those who follow, and reads only well-formed views", () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.states.set(5, { user: { id: "bo", name: "Bo", hue: 1 }, following: "ana" });
    awareness.states.set(6, { user: { id: "ana", name: "Ana", hue: 1 }, following: "ana" });
    awareness.states.set(7, { user: { id: "cy", name: "Cy", hue: 1 }, following: 7 });
    expect(followersOf(peopleHere(awareness, self), "ana").map(({ name }) => name)).toEqual(["Bo"]);
    expect([null, 3, {}, { file: 1 }].map((view) => readView({ view } as never))).toEqual([null, null, null, null]);
    expect(readView({ view: { file: "f", top: 1, bottom: 2 } })).toEqual({ file: "f", top: 1, bottom: 2 });
    awareness.destroy();
  });
});
