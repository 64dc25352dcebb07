"""Claims of what an undo brought back: their form, whose they are, how many; and the ranges that come of them."""

from typing import Any

import pytest
from pycrdt import Map

from app.collab.lib0 import MAX_CLOCK
from app.collab.returned import Range, Whose, read_claim, read_range, sound_ranges
from app.domain.people import SYSTEM, Origin, Role
from tests.fakes.canvas import ANA, BO, Canvas, open_canvas
from tests.fakes.fake_socket import FakePage

ME = 77


def put(page: FakePage, key: str, value: Any) -> None:
    page.doc.get("returned", type=Map)[key] = value


async def typed(canvas: Canvas, role: Role = Role.EDITOR) -> FakePage:
    """Return a page under the client id `ME` that wrote five units, the editor's or whoever they are by now."""
    page = await canvas.page(ANA, page=FakePage(client=ME))
    page.text(canvas.file).insert(0, "12345")
    await page.saved()
    if role is not Role.EDITOR:
        for session in canvas.room.sessions:
            session.change_role(role)
    return page


@pytest.mark.parametrize("value", [1, 5, 4.0])
async def test_s2_7_a_claim_of_what_the_writer_s_page_wrote_is_taken_in(value: Any) -> None:
    async with open_canvas("") as canvas:
        page = await typed(canvas)
        put(page, f"{ME}:0", value)
        await page.saved()
        assert not page.denied
        assert canvas.room.get("returned") == {f"{ME}:0": int(value)}


BAD = [
    (f"{ME}:0", 7),  # beyond what is there
    (f"{ME}:6", 1),
    (f"{ME}:0", 0),
    (f"{ME}:0", -1),
    (f"{ME}:0", 1.5),
    (f"{ME}:0", True),
    (f"{ME}:0", None),
    (f"{ME}:0", "5"),
    (f"{ME}:0", {"len": 5}),
    (f"{ME}:0", [5]),
    (f"{ME}:00", 1),
    (f"0{ME}:0", 1),
    (f"{ME}:-1", 1),
    (f"{ME}:0+1", 1),
    (f" {ME}:0", 1),
    (f"{ME}", 1),
    ("", 1),
    ("٧٧:0", 1),
    (f"{2**53}:0", 1),
    ("78:0", 1),  # a number that nobody has
]


@pytest.mark.parametrize(("key", "value"), BAD)
async def test_s2_7_a_claim_of_another_form_or_of_nothing_is_refused(key: str, value: Any) -> None:
    async with open_canvas("") as canvas:
        page = await typed(canvas)
        before = canvas.room.snapshot()
        put(page, key, value)
        await page.socket.until(lambda: page.denied)
        assert canvas.room.snapshot() == before
        assert page.socket.closed is None


async def test_s2_7_nobody_claims_what_another_wrote() -> None:
    async with open_canvas("") as canvas:
        await typed(canvas)
        bo = await canvas.page(BO)
        before = canvas.room.snapshot()
        put(bo, f"{ME}:0", 5)
        await bo.socket.until(lambda: bo.denied)
        assert canvas.room.snapshot() == before


async def test_s2_7_a_claim_stands_until_the_server_takes_it_out() -> None:
    async with open_canvas("") as canvas:
        page = await typed(canvas)
        put(page, f"{ME}:0", 2)
        await page.saved()
        put(page, f"{ME}:0", 3)
        await page.socket.until(lambda: len(page.denied) == 1)
        other = await canvas.page(ANA)
        del other.doc.get("returned", type=Map)[f"{ME}:0"]
        await other.socket.until(lambda: other.denied)
        assert canvas.room.get("returned") == {f"{ME}:0": 2}
        await canvas.room.settle({f"{ME}:0+2": Origin.of(BO).to_json()}, [f"{ME}:0"])
        assert canvas.room.get("returned") == {}
        assert [one.name for _, one, _ in canvas.room.whose().parts(ME, 0, 5)] == ["Bo", "Ana"]


@pytest.mark.parametrize("role", [Role.COMMENTER, Role.VIEWER])
async def test_s6_1_only_who_writes_texts_claims(role: Role) -> None:
    async with open_canvas("") as canvas:
        page = await typed(canvas, role)
        before = canvas.room.snapshot()
        put(page, f"{ME}:0", 5)
        await page.socket.until(lambda: page.denied)
        assert canvas.room.snapshot() == before


async def test_s2_7_claims_over_the_bound_are_taken_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.collab.bounds.MAX_CLAIMS", 3)
    async with open_canvas("") as canvas:
        page = await typed(canvas)
        for clock in (0, 1):
            put(page, f"{ME}:{clock}", 1)
        with page.doc.transaction():
            for clock in (2, 3, 4):
                put(page, f"{ME}:{clock}", 1)
            page.text(canvas.file).insert(0, "6")
        await page.socket.until(lambda: len(page.doc.get("returned", type=Map)) == 3)
        assert not page.denied
        assert len(canvas.room.get("returned")) == 3
        assert canvas.room.read(canvas.file) == "612345"


def test_s3_10_keys_are_read_strictly() -> None:
    assert read_claim("7:0", 3) == Range(7, 0, 3)
    assert read_claim("7:1", MAX_CLOCK) is None
    assert read_range("7:2+3") == Range(7, 2, 5)
    assert Range(7, 2, 5).key == "7:2+3"
    for key in ("7", "7:2", "7:2+0", "7:2+03", "7:2+3 ", "a:2+3", "7:+3", "7:2+-3"):
        assert read_range(key) is None, key


def test_s3_10_a_range_cuts_what_its_client_wrote() -> None:
    said = {key: Origin.of(BO).to_json() for key in ("7:2+3", "7:8+2", "7:3+9", "7:x+1", "9:0+1", "7")}
    assert list(sound_ranges(said)) == ["7:2+3", "7:8+2", "9:0+1"]
    whose = Whose({7: Origin.of(ANA)}, said)

    def parts(start: int, end: int) -> list[tuple[int, int, str]]:
        return [(one.start, one.end, origin.name) for one, origin, _ in whose.parts(7, start, end)]

    assert parts(0, 12) == [(0, 2, "Ana"), (2, 5, "Bo"), (5, 8, "Ana"), (8, 10, "Bo"), (10, 12, "Ana")]
    assert parts(3, 4) == [(3, 4, "Bo")]
    assert parts(5, 8) == [(5, 8, "Ana")]
    assert parts(4, 9) == [(4, 5, "Bo"), (5, 8, "Ana"), (8, 9, "Bo")]
    assert [origin for _, origin, _ in whose.parts(8, 0, 1)] == [SYSTEM]
