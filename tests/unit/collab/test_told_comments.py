"""What the feed hears of comments, and that everybody's page hears that there is something to read anew."""

from typing import Any

from pycrdt import Map

from app.adapters import FeedInRooms
from app.collab.relative import BEFORE, RelativePosition
from app.collab.told_comments import MAX_TITLE
from app.domain.people import Role
from app.ids import new_id
from tests.fakes.canvas import ANA, BO, CANVAS, Canvas, open_canvas
from tests.fakes.comments import comment
from tests.fakes.edits import Heard
from tests.fakes.fake_socket import FakePage

MINE = {"id": "bo", "name": "Bo", "hue": 200}


def _write(canvas: Canvas, page: FakePage, **more: Any) -> str:
    key = new_id()
    page.doc.get("comments", type=Map)[key] = comment(MINE, **{"id": key, "file": canvas.file, **_at(canvas), **more})
    return key


def _at(canvas: Canvas) -> dict[str, str]:
    place = RelativePosition(None, f"file:{canvas.file}", BEFORE).encode()
    return {"start": place, "end": place}


async def test_comments_are_told_as_what_they_are_once_they_are_durable() -> None:
    heard = Heard()
    async with open_canvas(edits=heard) as canvas:
        page = await canvas.page(BO)
        comments = page.doc.get("comments", type=Map)
        canvas.log.gate.clear()
        first = _write(canvas, page, text="Why  so\nlong? " + "x" * MAX_TITLE)
        await page.heard()
        assert heard.all == []
        canvas.log.gate.set()
        await page.saved()
        ((who, kind, path, title),) = heard.all
        assert (who, kind, path) == ("Bo", "comment-added", "main.js")
        assert title.startswith("Why so long? xxx")
        assert len(title) <= MAX_TITLE

        heard.all.clear()
        call = {"id": new_id(), "name": "Ana"}
        second = _write(canvas, page, text="@Ana look", mentions=[call])
        await page.saved()
        assert heard.all == [("Bo", "comment-answered", "main.js", "@Ana look", "Ana")]

        heard.all.clear()
        for resolved in (True, False):  # of a thread as one
            with page.doc.transaction():
                for key in (first, second):
                    comments[key] = {**comments[key], "resolved": resolved}
            await page.saved()
        assert [entry[1] for entry in heard.all] == ["comment-resolved", "comment-reopened"]

        # Deleted by another, who thinks better of it: it is still what Bo said.
        heard.all.clear()
        ana = await canvas.page(ANA)
        hers = ana.doc.get("comments", type=Map)
        was = hers[second]
        del hers[second]
        await ana.saved()
        hers[second] = was
        await ana.saved()
        kinds = [("Ana", "comment-removed"), ("Ana", "comment-restored")]
        assert [entry[:2] for entry in heard.all] == kinds


async def test_s6_4_every_page_hears_of_a_restore() -> None:
    async with open_canvas() as canvas:
        ana, bo, stock = await canvas.page(ANA), await canvas.page(BO), await canvas.page(BO, ack=False)
        canvas.rooms.tell_of_restore(CANVAS, ANA, None, "“Before”")
        for page in (ana, bo):
            await page.socket.until(lambda page=page: page.statuses)
            by = {"id": "ana", "name": "Ana"}
            assert page.statuses == [{"restored": {"by": by, "path": None, "to": "“Before”"}}]
        canvas.rooms.tell_of_restore(CANVAS, ANA, None, "“Before”", undone=True)
        await bo.socket.until(lambda: len(bo.statuses) > 1)
        assert bo.statuses[1]["restored"]["undone"] is True
        await stock.heard()
        assert not stock.statuses


async def test_s6_4_members_hear_that_a_role_changed_and_that_the_feed_has_news() -> None:
    async with open_canvas() as canvas:
        ana, bo, stock = await canvas.page(ANA), await canvas.page(BO), await canvas.page(BO, ack=False)
        await canvas.rooms.change_role(CANVAS, BO.id, Role.COMMENTER)
        await ana.socket.until(lambda: ana.statuses)
        assert ana.statuses == [{"changed": ["members"]}]
        await bo.socket.until(lambda: bo.statuses)
        assert bo.statuses == [{"role": "commenter"}]
        feed = FeedInRooms(canvas.rooms, wait=0)
        for _ in range(3):
            feed.heard(CANVAS)
        await ana.socket.until(lambda: len(ana.statuses) > 1)
        await ana.heard()
        assert ana.statuses[1:] == [{"changed": ["activity"]}]
        await stock.heard()
        assert not stock.statuses
        feed.heard(CANVAS)
        feed.close()
