"""A canvas with its history as one file: it comes back as it was, and a file made by anybody harms nothing."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.collab.history import archive as archives
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, PersonId
from tests.server import Edge, edge

BO = Person(PersonId("bobobobobobo"), "Bo", 200)
IMPORT = "/api/v1/canvases/import"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as running:
        yield running


@pytest.fixture
async def canvas(here: Edge) -> CanvasId:
    """A canvas with some past: two people, a file that was renamed and one that is gone, a version."""
    canvas = await here.canvas({"a.js": "let a = 1;\n", "gone.txt": "gone\n"}, "Ours 🎨")
    owner = Origin.of(await here.owner())
    async with here.services.rooms.use(canvas) as room:
        await room.write("a.js", "let a = 1;\nlet b = '🌱';\n", Origin.of(BO))
        gone, a = room.find("gone.txt"), room.find("a.js")
        assert gone is not None
        assert a is not None
        await room.remove(gone, owner)
        await here.services.history.name(canvas, await here.owner(), "Before", None)
        await room.rename(a, "src/a.js", owner)
        await room.write("src/a.js", "let b = '🌱';\n", owner)
    return canvas


async def exported(client: httpx.AsyncClient, canvas: str) -> bytes:
    answer = await client.get(f"/api/v1/canvases/{canvas}/archive")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox")
    return answer.content


async def imported(client: httpx.AsyncClient, raw: bytes) -> str:
    answer = await client.post(IMPORT, content=raw)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def refused(client: httpx.AsyncClient, raw: bytes, status: int = 400) -> str:
    before = (await client.get("/api/v1/canvases")).json()
    answer = await client.post(IMPORT, content=raw)
    assert answer.status_code == status, answer.text
    assert (await client.get("/api/v1/canvases")).json() == before
    return str(answer.json()["detail"])


def changed(raw: bytes, change: Callable[[dict[str, Any]], object] = lambda says: None, **members: bytes) -> bytes:
    """Return the file with other contents, well packed."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    says = json.loads(found["canvas.json"])
    change(says)
    found["canvas.json"] = json.dumps(says).encode()
    found.update({name.replace("_", "."): content for name, content in members.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return out.getvalue()


async def past(client: httpx.AsyncClient, canvas: str) -> list[tuple[Any, ...]]:
    timeline = (await client.get(f"/api/v1/canvases/{canvas}/history")).json()
    return [
        (one["seq"], one["at"], one["by"]["name"], one["files"], sorted(one["paths"])) for one in timeline["moments"]
    ]


async def totals(client: httpx.AsyncClient, canvas: str) -> Any:
    """Return who wrote what, whoever imported it."""
    found = (await client.get(f"/api/v1/canvases/{canvas}/provenance?detail=spans")).json()
    return found["files"], [{**origin, "imported_by": None} for origin in found["origins"]]


async def test_a_canvas_comes_back_with_files_past_versions_and_authors(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        copy = await imported(client, await exported(client, canvas))
        assert copy != canvas
        assert (await client.get(f"/api/v1/canvases/{copy}")).json()["name"] == "Ours 🎨"
        ours, theirs = await past(client, canvas), await past(client, copy)
        assert theirs[: len(ours)] == ours
        assert len(theirs) == len(ours) + 1, "one more says that it was imported"
        assert await totals(client, copy) == await totals(client, canvas)
        history = (await client.get(f"/api/v1/canvases/{copy}/history")).json()
        (version,) = history["versions"]
        assert version["name"] == "Before"
        # Its past is a past: it can be gone back to, and what comes back is its authors'.
        answer = await client.post(f"/api/v1/canvases/{copy}/history/restore", json={"seq": version["seq"]})
        assert answer.json()["changed"] == ["a.js"]
        text = (await client.get(f"/api/v1/canvases/{copy}/files/a.js")).json()["text"]
        assert text == "let a = 1;\nlet b = '🌱';\n"
        # The canvas it came from is as it was.
        assert await past(client, canvas) == ours


async def test_s10_7_whose_text_an_imported_file_says_it_is_carries_who_imported_it(
    here: Edge, canvas: CanvasId
) -> None:
    ana = await here.owner()

    def forge(says: dict[str, Any]) -> None:
        for origin in says["clients"].values():
            origin.update(Origin.of(ana).to_json(), imported_by="Nobody")

    async with here.client() as client:
        copy = CanvasId(await imported(client, changed(await exported(client, canvas), forge)))
        found = (await client.get(f"/api/v1/canvases/{copy}/provenance?detail=spans")).json()
        assert {(one["id"], one["imported_by"]) for one in found["origins"]} == {(ana.id, ana.name)}
        # What is typed from now on is the server's own word, also of the same person.
        await client.put(f"/api/v1/canvases/{copy}/files/new.txt", json={"text": "new"})
        found = (await client.get(f"/api/v1/canvases/{copy}/provenance?detail=spans&file=new.txt")).json()
        assert [one.get("imported_by") for one in found["origins"]] == [None]
    async with here.services.rooms.use(copy) as room:
        said = room.get("authors")
        assert {one["name"] for one in said.values()} == {ana.name}
        owners = {str(client): origin.to_json() for client, origin in room.taking.owners.items()}
        assert said.items() <= owners.items()


async def test_what_is_typed_in_the_copy_stays_there(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        copy = await imported(client, await exported(client, canvas))
        answer = await client.put(f"/api/v1/canvases/{copy}/files/new.txt", json={"text": "new"})
        assert answer.status_code == 200
        files = (await client.get(f"/api/v1/canvases/{canvas}/files")).json()["files"]
        assert [one["path"] for one in files] == ["src/a.js"]


async def test_a_copy_of_a_copy_is_the_same(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        first = await imported(client, await exported(client, canvas))
        second = await imported(client, await exported(client, first))
        assert await totals(client, second) == await totals(client, canvas)


async def test_suggestions_stay_behind(here: Edge, canvas: CanvasId) -> None:
    async with here.services.rooms.use(canvas) as room:
        await room.put("suggestions", "suggestion01", {"id": "suggestion01", "state": "proposed"})
    async with here.client() as client:
        copy = await imported(client, await exported(client, canvas))
    async with here.services.rooms.use(CanvasId(copy)) as room:
        assert room.get("suggestions") == {}


async def test_s10_7_comments_that_no_page_could_have_written_stay_behind_and_stop_no_restore(
    here: Edge, canvas: CanvasId
) -> None:
    async with here.services.rooms.use(canvas) as room:
        file = room.find("src/a.js")
        assert file is not None
        good = await here.services.comments.add(canvas, file, 0, 3, await here.owner(), "Why?")
        for number, wrong in enumerate(({}, {"file": [1]}, {"at": 7}, {"by": {"name": "Eve"}}, {"by": None})):
            key = f"wrong000000{number}"
            room.taking.put("comments", key, {**room.get("comments")[good], "id": key, **wrong} if wrong else {})
        await room.journal.flushed()
        then = (await here.services.history.film(canvas)).head
        await room.write("src/a.js", "", Origin.of(await here.owner()))
        await here.services.history.restore(canvas, await here.owner(), then, None)
        assert room.read(file) != ""
    async with here.client() as client:
        copy = await imported(client, await exported(client, canvas))
    async with here.services.rooms.use(CanvasId(copy)) as room:
        assert set(room.get("comments")) == {good}


async def test_s10_7_whose_comment_an_imported_file_says_it_is_carries_who_imported_it(
    here: Edge, canvas: CanvasId
) -> None:
    ana = await here.owner()
    async with here.services.rooms.use(canvas) as room:
        file = room.find("src/a.js")
        assert file is not None
        said = await here.services.comments.add(canvas, file, 0, 3, BO, "Why?")
        await here.services.comments.add(canvas, file, 0, 3, ana, "Because.")
        forged = {**room.get("comments")[said], "id": "c3c3c3c3c3c3", "imported_by": "Eve"}
        room.taking.put("comments", "c3c3c3c3c3c3", forged)
        room.taking.put("comments", "wrong0000001", {"id": "wrong0000001"})
        await room.journal.flushed()
    async with here.client() as client:
        copy = await imported(client, await exported(client, canvas))
        again = await imported(client, await exported(client, copy))
        # From before the server had judged what was imported: the same holds there.
        history = (await client.get(f"/api/v1/canvases/{copy}/history")).json()
        then = history["moments"][-2]["seq"]
        answer = await client.post(f"/api/v1/canvases/{copy}/history/fork", json={"seq": then})
        assert answer.status_code == 201, answer.text
        fork = answer.json()["id"]
        later = (await client.post(f"/api/v1/canvases/{fork}/history/fork", json={"seq": 0})).json()["id"]
    for one in (copy, again, fork, later):
        async with here.services.rooms.use(CanvasId(one)) as room:
            found = room.get("comments")
            assert len(found) == 3
            assert {value["imported_by"] for value in found.values()} == {ana.name}
            assert {value["by"]["name"] for value in found.values()} == {BO.name, ana.name}
    # A fork of what was said here is of what was said here.
    async with here.client() as client:
        head = (await client.get(f"/api/v1/canvases/{canvas}/history")).json()["head"]
        twin = (await client.post(f"/api/v1/canvases/{canvas}/history/fork", json={"seq": head})).json()["id"]
    async with here.services.rooms.use(CanvasId(twin)) as room:
        assert [value.get("imported_by") for value in room.get("comments").values()].count(None) == 3


async def test_who_is_named_twice_in_a_file_is_one(here: Edge, canvas: CanvasId) -> None:
    cy = {"kind": "person", "id": "cycycycycycy", "name": "Cy", "hue": 7}
    async with here.client() as client:
        raw = changed(await exported(client, canvas), lambda says: says["people"].extend([cy] * 500))
        copy = CanvasId(await imported(client, raw))
    async with here.services.rooms.use(copy) as room:
        assert [origin.id for origin in room.taking.owners.values()].count(cy["id"]) == 1


async def test_a_guest_may_take_it_along_but_not_bring_one(here: Edge, canvas: CanvasId) -> None:
    _, session = await here.guest(canvas, Role.VIEWER)
    async with here.client() as owner:
        raw = await exported(owner, canvas)
    async with here.client(session, origin=here.settings.url) as guest:
        assert (await guest.get(f"/api/v1/canvases/{canvas}/archive")).status_code == 200
        assert (await guest.post(IMPORT, content=raw)).status_code == 403


async def test_a_file_that_was_cut_off_is_refused(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        raw = await exported(client, canvas)
        for part in (0.02, 0.6, 0.99):
            assert "damaged or was cut off" in await refused(client, raw[: int(len(raw) * part)])


async def test_another_kind_of_file_is_refused(here: Edge) -> None:
    async with here.client() as client:
        assert "not a canvas" in await refused(client, b"hello")
        assert "not a canvas" in await refused(client, b"")
        canvas = await here.canvas({"a.js": "a"})
        zipped = (await client.get(f"/api/v1/canvases/{canvas}/export")).content
        assert "not a canvas" in await refused(client, zipped)


async def test_a_file_from_a_newer_version_is_refused(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        raw = await exported(client, canvas)
        newer = changed(raw, lambda says: says.update(format=archives.FORMAT + 1, version="99.0"))
        assert "newer version of Polycanvas (99.0)" in await refused(client, newer)


def _first_client(says: dict[str, Any]) -> str:
    return next(iter(says["clients"]))


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "moments in another order": lambda says: says["pieces"].reverse(),
    "a moment before the beginning": lambda says: says["pieces"][0].__setitem__(0, -5),
    "a size that is not there": lambda says: says["pieces"][-1].__setitem__(6, 1 << 40),
    "a moment left out": lambda says: says["pieces"].pop(),
    "a time that is none": lambda says: says["pieces"][0].__setitem__(2, float("nan")),
    "an endless time": lambda says: says["base"].__setitem__(1, 1e300),
    "authors that are no names": lambda says: says["pieces"][0].__setitem__(4, [{"a": 1}]),
    "a note that is none": lambda says: says["pieces"][0].__setitem__(5, ["x"]),
    "a note that is too long": lambda says: says["base"].__setitem__(2, "x" * 5_000),
    "an author of another kind": lambda says: says["clients"][_first_client(says)].update(kind="god"),
    "an author without a name": lambda says: says["clients"][_first_client(says)].update(name=None),
    "an author with more to say": lambda says: says["clients"][_first_client(says)].update(role="owner"),
    "a colour that is none": lambda says: says["clients"][_first_client(says)].update(hue=1e9),
    "a client id that is none": lambda says: says["clients"].update({"-1": says["clients"][_first_client(says)]}),
    "text of nobody": lambda says: says["clients"].clear(),
    "a version of no moment": lambda says: says["versions"][0].__setitem__(1, 10**9),
    "a version's name of control characters": lambda says: says["versions"][0].__setitem__(0, "a\x00b"),
    "versions that are none": lambda says: says.update(versions=7),
    "pieces that are none": lambda says: says.update(pieces={"a": 1}),
    "clients that are none": lambda says: says.update(clients=[]),
    "nothing": lambda says: [says.pop(key) for key in ("base", "pieces", "clients")],
    "a name of control characters": lambda says: says.update(name="a\x00b"),
}


async def test_what_does_not_fit_together_is_refused(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        raw = await exported(client, canvas)
        for name, change in HOSTILE.items():
            assert await refused(client, changed(raw, change)), name


async def test_updates_that_are_none_never_reach_the_document(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as client:
        raw = await exported(client, canvas)
        for update in (b"", b"\x01", b"\xff" * 40, bytes.fromhex("01010100080000"), b"\x00\x00\x00"):
            assert "cannot be read" in await refused(client, changed(raw, base_bin=update))


async def test_every_flipped_byte_of_the_past_is_refused_or_harmless(here: Edge, canvas: CanvasId) -> None:
    """What passes is a canvas like any other: it opens, and its files can be read."""
    async with here.client() as client:
        raw = await exported(client, canvas)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            base = archive.read("base.bin")
        outcomes = set()
        for at in range(0, len(base), 3):
            damaged = bytearray(base)
            damaged[at] ^= 0x15
            answer = await client.post(IMPORT, content=changed(raw, base_bin=bytes(damaged)))
            outcomes.add(answer.status_code)
            if answer.status_code == 201:
                copy = answer.json()["id"]
                assert (await client.get(f"/api/v1/canvases/{copy}/files")).status_code == 200
                assert (await client.get(f"/api/v1/canvases/{copy}/history")).status_code == 200
    assert outcomes <= {201, 400, 413}
    assert 400 in outcomes


async def test_a_file_that_unpacks_to_more_than_is_taken_is_refused(
    here: Edge, canvas: CanvasId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    async with here.client() as client:
        raw = await exported(client, canvas)
        bomb = changed(raw, base_bin=b"\0" * 2_000_000)
        assert len(bomb) < 50_000
        assert "larger than" in await refused(client, bomb, 413)


async def test_a_body_over_the_bound_is_refused(here: Edge) -> None:
    async with here.client() as client:
        answer = await client.post(IMPORT, content=b"x", headers={"content-length": str(1 << 30)})
        assert answer.status_code == 413
