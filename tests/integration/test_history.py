"""The history over HTTP: what happened, played, compared, named, restored, forked."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pycrdt import Doc, Map

from app.client.canvas import connect
from app.collab.history.restoring import Restored, restore
from app.collab.hunks import positions_in
from app.collab.provenance import authors_of
from app.collab.relative import RelativePosition
from app.collab.room import Room
from app.domain.authorship import Span
from app.domain.people import Origin, Person, Role
from app.domain.suggestions import Proposal
from app.domain.textdiff import edits_between
from app.ids import CanvasId, FileId, PersonId
from tests.server import Edge, edge, serving

BO = Person(PersonId("bobobobobobo"), "Bo", 200)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as running:
        yield running


async def write(here: Edge, canvas: CanvasId, path: str, text: str, by: Person | None = None) -> str:
    async with here.services.rooms.use(canvas) as room:
        return await room.write(path, text, Origin.of(by or await here.owner()))


def spans(room: Room, file: str) -> list[Span]:
    text = room.read(FileId(file))
    return authors_of(room.snapshot(), room.whose(), {FileId(file): ("a.js", text)})[0].spans


async def get(client: httpx.AsyncClient, canvas: str, rest: str = "") -> Any:
    answer = await client.get(f"/api/v1/canvases/{canvas}/history{rest}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def play(text: str, splices: list[list[Any]]) -> str:
    """Apply splices as a browser does, by UTF-16 units."""
    units = text.encode("utf-16-le")
    for at, removed, inserted in splices:
        was = removed.encode("utf-16-le")
        assert units[2 * at : 2 * at + len(was)] == was
        units = units[: 2 * at] + inserted.encode("utf-16-le") + units[2 * at + len(was) :]
    return units.decode("utf-16-le")


async def test_the_timeline_says_who_did_what(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "one\n"})
    file = await write(here, canvas, "a.js", "one\ntwo 🌱\n", BO)
    await write(here, canvas, "b.js", "new\n")
    async with here.client() as client:
        timeline = await get(client, canvas)
    first, *moments = timeline["moments"]
    assert first["note"] == "History begins here"
    assert first["files"] == {file: [4, 0]}
    assert first["paths"] == [[file, None, "a.js"]]
    assert moments[0]["by"] == {"id": BO.id, "name": "Bo", "hue": 200, "kind": "person"}
    assert moments[0]["files"] == {file: [7, 0]}
    assert {tuple(path[1:]) for moment in moments for path in moment["paths"]} == {(None, "b.js")}
    assert timeline["head"] == moments[-1]["seq"]
    assert sorted(timeline["files"].values()) == ["a.js", "b.js"]


async def test_a_file_s_steps_play_to_what_it_is_now(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "👩‍👩‍👧 é 1\n"})
    texts = ["👩‍👩‍👧 é 🌱2\nmore\n", "🌱2\nmore e\u0301\n", "", "again 🌱"]
    by = (None, BO, Person(PersonId("cy"), "Cy", 300), None)  # nobody goes on: what several write at once is one moment
    for text, who in zip(texts, by, strict=True):
        file = await write(here, canvas, "a.js", text, who)
    async with here.client() as client:
        film = await get(client, canvas, f"/files/{file}/steps")
    text = film["text"]
    assert text == "👩‍👩‍👧 é 1\n"
    seen = []
    for _, splices in film["steps"]:
        text = play(text, splices)
        seen.append(text)
    assert [one for one in texts if one not in seen] == []
    assert text == texts[-1]


async def test_two_moments_are_compared_as_review_draws_it(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "let a = 1;\n", "b.js": "b\n"})
    await write(here, canvas, "a.js", "let a = 2;\nlet b = 3;\n")
    async with here.services.rooms.use(canvas) as room:
        b = room.find("b.js")
        assert b is not None
        await room.rename(b, "c.js", Origin.of(BO))
    async with here.client() as client:
        since = await get(client, canvas, "/diff?from=0")
        whole = await get(client, canvas, "/diff")
        nothing = await get(client, canvas, f"/diff?from={since['to']}")
    kinds = {one["path"]: (one["change"], one["was"], one["added"], one["removed"]) for one in since["files"]}
    assert kinds == {"a.js": ("changed", None, 2, 1), "c.js": ("renamed", "b.js", 0, 0)}
    assert '<div class="pc-diff pc-code">' in since["files"][0]["html"]
    assert [(one["path"], one["change"]) for one in whole["files"]] == [("a.js", "added"), ("c.js", "added")]
    assert nothing["files"] == []


async def test_s10_5_what_is_restored_keeps_its_authors(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "by nobody\n"})
    file = await write(here, canvas, "a.js", "by nobody\nby Bo 🌱\n", BO)
    async with here.client() as client:
        then = (await get(client, canvas))["head"]
        await write(here, canvas, "a.js", "all else\n")
        await write(here, canvas, "later.js", "later\n")
        answer = await client.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": then})
        assert answer.status_code == 200, answer.text
        done = answer.json()
        timeline = await get(client, canvas)
        again = (await client.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": then})).json()
    assert (done["changed"], done["removed"]) == (["a.js"], ["later.js"])
    owner = await here.owner()
    async with here.services.rooms.use(canvas) as room:
        assert room.files() == {file: "a.js"}
        text = room.read(file)  # type: ignore[arg-type]
        written = spans(room, file)
    assert text == "by nobody\nby Bo 🌱\n"
    bo = [span for span in written if span.origin.id == BO.id]
    assert "".join(text.encode("utf-16-le")[2 * one.start : 2 * one.end].decode("utf-16-le") for one in bo).startswith(
        "by Bo"
    )
    assert max(bo, key=lambda span: span.end - span.start).origin.restored_by == owner.name
    assert all(span.origin.id != owner.id for span in written if span.end - span.start > 4)
    noted = [moment for moment in timeline["moments"] if "restored to" in moment.get("note", "")]
    assert [moment["by"]["id"] for moment in noted] == [owner.id]
    restored = next(moment for moment in timeline["moments"] if moment["seq"] == then)
    assert noted[0]["note"] == f"restored to {restored['at']}"
    assert (again["changed"], again["removed"]) == ([], [])


async def test_s10_5_comments_stand_on_the_words_that_come_back(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "😀 one\ntwo words\nthree\n"})
    services, owner = here.services, await here.owner()
    async with services.rooms.use(canvas) as room:
        file = room.find("a.js")
        assert file is not None
        for start, end in ((7, 10), (16, 16), (3, 6)):  # two; a caret behind “words”; one
            await services.comments.add(canvas, file, start, end, BO, "Why?")

        def standing() -> list[str]:
            positions, text = positions_in(room.snapshot(), f"file:{file}"), room.read(file)
            spans = []
            for comment in sorted(room.get("comments").values(), key=lambda one: (one["at"], one["id"])):
                anchors = [RelativePosition.decode(comment[side]) for side in ("start", "end")]
                ends = [positions.offset(anchor) or 0 for anchor in anchors]
                words = text.encode("utf-16-le")[2 * ends[0] : 2 * ends[1]].decode("utf-16-le")
                spans.append("gone" if positions.is_loose(anchors[0]) else f"{ends[0]} {words}")
            return spans

        before = standing()
        assert sorted(before) == ["16 ", "3 one", "7 two"]
        async with here.client() as client:
            then = (await get(client, canvas))["head"]
            await room.write("a.js", "😀 one\n", Origin.of(owner))
            assert sorted(standing()) == ["3 one", "gone", "gone"]
            answer = await client.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": then})
            assert answer.status_code == 200, answer.text
        assert standing() == before
        assert {comment["by"]["id"] for comment in room.get("comments").values()} == {BO.id}


async def test_s10_5_what_is_decided_of_a_comment_while_a_restore_is_worked_out_stays(
    here: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out, may_go_on = threading.Event(), threading.Event()

    def slowly(*parts: Any) -> Restored:
        found = restore(*parts)
        worked_out.set()
        assert may_go_on.wait(10)
        return found

    monkeypatch.setattr("app.collab.history.history.restore", slowly)
    canvas = await here.canvas({"a.js": "one\ntwo\nthree\n"})
    async with here.services.rooms.use(canvas) as room, here.client() as client:
        file = room.find("a.js")
        assert file is not None
        for start, words in ((4, "stays"), (5, "is resolved"), (6, "goes")):
            await here.services.comments.add(canvas, file, start, 7, BO, words)
        ids = {comment["text"]: key for key, comment in room.get("comments").items()}
        then = (await get(client, canvas))["head"]
        await room.write("a.js", "one\nthree\n", Origin.of(await here.owner()))
        restoring = asyncio.create_task(client.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": then}))
        assert await asyncio.to_thread(worked_out.wait, 10)

        def decide(doc: Doc[Any]) -> None:
            comments = doc.get("comments", type=Map)
            comments[ids["is resolved"]] = {**comments[ids["is resolved"]], "resolved": True}
            del comments[ids["goes"]]

        await room.edit(Origin.of(BO), decide)
        may_go_on.set()
        answer = await restoring
        assert answer.status_code == 200, answer.text
        positions, left = positions_in(room.snapshot(), f"file:{file}"), room.get("comments")
        assert {comment["text"]: comment["resolved"] for comment in left.values()} == {
            "stays": False,
            "is resolved": True,
        }
        starts = [
            positions.offset(RelativePosition.decode(left[ids[words]]["start"])) for words in ("stays", "is resolved")
        ]
        assert starts == [4, 5]


async def test_what_one_looked_at_is_compared_named_restored_and_forked_though_its_moment_has_grown_since(
    here: Edge,
) -> None:
    canvas = await here.canvas({"a.js": "one\n"})
    await write(here, canvas, "a.js", "one\ntwo\n", BO)
    async with here.client() as client:
        seen = (await get(client, canvas))["moments"][-1]["seq"]
        await write(here, canvas, "a.js", "one\ntwo\nthree\n", BO)
        api = f"/api/v1/canvases/{canvas}/history"
        assert (await get(client, canvas, f"/diff?from={seen}"))["from"] == seen
        (change,) = (await get(client, canvas, f"/diff?from=0&to={seen}"))["files"]
        assert (change["added"], change["removed"]) == (1, 0)
        named = (await client.post(f"{api}/versions", json={"name": "Two", "seq": seen})).json()
        again = (await client.post(f"{api}/restore", json={"seq": seen})).json()
        fork = (await client.post(f"{api}/fork", json={"seq": seen})).json()["id"]
        texts = [(await client.get(f"/api/v1/canvases/{one}/files/a.js")).json()["text"] for one in (canvas, fork)]
        assert (named["seq"], again["changed"], texts) == (seen, ["a.js"], ["one\ntwo\n"] * 2)
        assert seen in [moment["seq"] for moment in (await get(client, canvas))["moments"]]


async def test_what_one_has_seen_is_no_news_in_one_s_fork(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "one\n"})
    async with here.client() as client:
        seen = {"comments": ["cccccccccccc"]}
        await client.post(f"/api/v1/canvases/{canvas}/seen", json=seen)
        fork = (await client.post(f"/api/v1/canvases/{canvas}/history/fork", json={"seq": 0})).json()["id"]
        assert (await client.get(f"/api/v1/canvases/{fork}/seen")).json() == seen


async def test_s10_5_two_who_restore_at_once_bring_the_text_back_once(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "once\n"})
    file = await write(here, canvas, "a.js", "once\n" + "by Bo 🌱\n" * 200, BO)
    async with here.client() as client:
        then = (await get(client, canvas))["head"]
        await write(here, canvas, "a.js", "all else\n")
        path = f"/api/v1/canvases/{canvas}/history/restore"
        done = await asyncio.gather(*(client.post(path, json={"seq": then}) for _ in range(4)))
    assert [one.status_code for one in done] == [200] * 4
    assert sorted(one.json()["changed"] for one in done) == [[], [], [], ["a.js"]]
    async with here.services.rooms.use(canvas) as room:
        assert room.read(file) == "once\n" + "by Bo 🌱\n" * 200  # type: ignore[arg-type]


async def test_one_file_is_restored_and_the_others_stay(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "a1\n", "b.js": "b1\n"})
    a = await write(here, canvas, "a.js", "a2\n")
    await write(here, canvas, "b.js", "b2\n")
    async with here.services.rooms.use(canvas) as room:
        await room.remove(a, Origin.of(BO))  # type: ignore[arg-type]
    async with here.client() as client:
        body = {"seq": 0, "file": a}
        done = (await client.post(f"/api/v1/canvases/{canvas}/history/restore", json=body)).json()
        never = await client.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": 0, "file": "zzzzzzzzzzzz"})
    assert (done["changed"], done["removed"]) == (["a.js"], [])
    assert never.status_code == 400
    async with here.services.rooms.use(canvas) as room:
        assert {path: room.read(file) for file, path in room.files().items()} == {"a.js": "a1\n", "b.js": "b2\n"}


async def test_a_restore_taken_back_says_so_and_a_restore_after_other_edits_does_not(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "a1\n", "b.js": "b1\n"})
    a = await write(here, canvas, "a.js", "a2\n")
    base = f"/api/v1/canvases/{canvas}"

    async with here.client() as client:

        async def restore(seq: int, file: str | None = None) -> int:
            answer = await client.post(f"{base}/history/restore", json={"seq": seq, "file": file})
            assert answer.status_code == 200, answer.text
            return int(answer.json()["seq"])

        before = (await get(client, canvas))["head"]
        restored = await restore(0)
        undone = await restore(before)
        await restore(restored)  # the restore once more, not taken back
        await restore(undone, a)
        await write(here, canvas, "b.js", "b2\n")
        last = (await get(client, canvas))["head"]
        await restore(before, a)  # what is there: nothing happens
        await restore(0)
        await restore(last, a)  # of the whole canvas one file alone
        notes = [moment["note"] for moment in (await get(client, canvas))["moments"][1:] if "note" in moment]
        entries = (await client.get(f"{base}/activity")).json()["activity"]
    kinds = [(one["kind"], one["detail"]) for one in reversed(entries) if one["kind"].startswith("restore")]
    assert [note.split(" to ")[0] for note in notes] == [
        "restored",
        "restore taken back",
        "restored",
        "restore of a.js taken back",
        "restored",
        "a.js restored",
    ]
    assert kinds == [
        ("restored", {}),
        ("restore-undone", {}),
        ("restored", {}),
        ("restore-undone", {"path": "a.js"}),
        ("restored", {}),
        ("restored", {"path": "a.js"}),
    ]


async def test_a_moment_says_who_accepted_what_a_model_suggested(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "let a=1\n"})
    file = await write(here, canvas, "a.js", "let a=1;\n", BO)
    suggestions = here.services.suggestions
    async with here.services.rooms.use(canvas) as room:
        base = room.snapshot()
    model = Origin(kind="model", id="m", name="M", hue=1)
    edits = edits_between("let a=1;\n", "let a = 1;\n")
    proposal = Proposal("r", "edit", "t", "", FileId(file), base, edits, await here.owner(), model, 0.0, "")
    one = await suggestions.propose(canvas, proposal)
    await suggestions.accept(canvas, one, BO)
    async with here.client() as client:
        moments = (await get(client, canvas))["moments"]
    assert [(one["by"]["id"], one["accepted_by"]) for one in moments if "accepted_by" in one] == [("m", ["Bo"])]


async def test_what_has_not_happened_yet_is_neither_restored_nor_compared_nor_named(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "one\n"})
    await write(here, canvas, "a.js", "two\n")
    async with here.client() as client:
        before = await get(client, canvas)
        head = before["head"]
        later, base = head + 1, f"/api/v1/canvases/{canvas}/history"
        answers = [
            await client.post(f"{base}/restore", json={"seq": later}),
            await client.get(f"{base}/diff", params={"to": later}),
            await client.get(f"{base}/diff", params={"from": later}),
            await client.post(f"{base}/versions", json={"name": "Later", "seq": later}),
            await client.post(f"{base}/fork", json={"seq": later}),
        ]
        for answer in answers:
            assert answer.status_code == 400
            assert "no such moment in the history yet" in answer.json()["detail"]
        assert await get(client, canvas) == before
        assert len((await client.get("/api/v1/canvases")).json()["canvases"]) == 1
        # The end itself is a moment, also where what comes after it is the server's own notes.
        restored = await client.post(f"{base}/restore", json={"seq": head})
        assert (restored.status_code, restored.json()["changed"]) == (200, [])
        assert (await get(client, canvas, f"/diff?from={restored.json()['seq']}"))["files"] == []


async def test_s10_6_a_fork_begins_with_what_there_was_and_who_wrote_it(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "one\n", "gone.js": "gone\n"})
    file = await write(here, canvas, "a.js", "one\nby Bo\n", BO)
    async with here.services.rooms.use(canvas) as room:
        gone = room.find("gone.js")
        assert gone is not None
        await room.remove(gone, Origin.of(BO))
    async with here.client() as client:
        then = (await get(client, canvas))["head"]
        await write(here, canvas, "a.js", "two\n")
        answer = await client.post(f"/api/v1/canvases/{canvas}/history/fork", json={"seq": then, "name": "Twin"})
        assert answer.status_code == 201, answer.text
        twin = answer.json()
        assert twin["url"].endswith(f"/c/{twin['id']}")
        timeline = await get(client, twin["id"])
        members = (await client.get(f"/api/v1/canvases/{twin['id']}/members")).json()["members"]
    assert timeline["moments"][0]["note"].startswith("forked from Canvas")
    assert [member["role"] for member in members] == ["owner"]
    async with here.services.rooms.use(CanvasId(twin["id"])) as room:
        assert room.files() == {file: "a.js"}
        assert room.read(file) == "one\nby Bo\n"  # type: ignore[arg-type]
        assert b"gone" not in room.snapshot()
        written = spans(room, file)
        assert [span.origin.name for span in written] == ["Polycanvas", "Bo"]
        await room.write("a.js", "one\nby Bo\nmore\n", Origin.of(BO))


async def test_versions_are_named_renamed_and_forgotten(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "one\n"})
    await write(here, canvas, "a.js", "two\n")
    async with here.client() as client:
        base = f"/api/v1/canvases/{canvas}/history/versions"
        made = (await client.post(base, json={"name": "  First  draft "})).json()
        early = (await client.post(base, json={"name": "Empty", "seq": 0})).json()
        renamed = (await client.patch(f"{base}/{made['id']}", json={"name": "Draft"})).json()
        bad = await client.post(base, json={"name": " "})
        assert (await client.delete(f"{base}/{early['id']}")).status_code == 204
        assert (await client.delete(f"{base}/{early['id']}")).status_code == 404
        timeline = await get(client, canvas)
        activity = (await client.get(f"/api/v1/canvases/{canvas}/activity")).json()["activity"]
    assert (made["name"], renamed["name"], early["seq"]) == ("First draft", "Draft", 0)
    assert bad.status_code == 400
    assert timeline["versions"] == [renamed]
    assert made["seq"] == timeline["head"]
    assert {entry["kind"] for entry in activity} >= {"version-named", "version-deleted"}


async def test_a_viewer_reads_and_does_not_restore(here: Edge) -> None:
    canvas = await here.canvas({"a.js": "one\n"})
    _, session = await here.guest(canvas, Role.VIEWER)
    async with here.client(session) as client:
        assert (await get(client, canvas))["moments"]
        refused = await client.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": 0})
    assert refused.status_code == 403


async def test_what_a_page_typed_is_put_in_order_once_it_left(tmp_path: Path) -> None:
    async with serving(tmp_path) as live:
        canvas = await live.canvas({"a.js": ""})
        async with live.client() as http, httpx.AsyncClient(base_url=live.settings.url) as network:
            for letters in ("one ", "two ", "three"):
                async with connect(live.settings.url, canvas, http=network) as page:
                    page.append("a.js", letters)
                    await page.saved()
            timeline = await get(http, canvas)
            file = next(iter(timeline["files"]))
            film = await get(http, canvas, f"/files/{file}/steps")
            since = await get(http, canvas, f"?after={timeline['moments'][-2]['seq']}")
            missing = await http.get(f"/api/v1/canvases/{canvas}/history/files/zzzzzzzzzzzz/steps")
            wrong = await http.get(f"/api/v1/canvases/{canvas}/history?after=soon")
            early = await http.post(f"/api/v1/canvases/{canvas}/history/restore", json={"seq": -1})
    text = film["text"]
    for _, splices in film["steps"]:
        text = play(text, splices)
    assert text == "one two three"
    assert since["moments"] == timeline["moments"][-1:]
    assert (missing.status_code, wrong.status_code, early.status_code) == (404, 400, 400)
