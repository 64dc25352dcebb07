"""Roles hold at the socket."""

import asyncio

import pytest
from pycrdt import Map

from app.collab import protocol
from app.collab.close_codes import CloseCode
from app.collab.rooms import Member
from app.domain.people import SYSTEM, Role
from tests.fakes.canvas import ANA, BO, CANVAS, Canvas, open_canvas
from tests.fakes.comments import ID, comment
from tests.fakes.fake_socket import FakePage

COMMENT = comment({"id": "bo", "name": "Bo", "hue": 200})


def write_to(root: str, canvas: Canvas, page: FakePage) -> None:
    if root == "text":
        page.text(canvas.file).insert(0, "!")
    elif root == "delete":
        del page.text(canvas.file)[0:1]
    elif root == "rename":
        page.doc.get("files", type=Map)[canvas.file] = {"path": "other.js"}
    elif root == "remove":
        del page.doc.get("files", type=Map)[canvas.file]
    elif root == "unsuggest":
        del page.doc.get("suggestions", type=Map)["s1"]
    else:
        page.doc.get(root, type=Map)[ID] = COMMENT


FILES = ["text", "delete", "rename", "remove", "board"]
SERVERS = ["suggestions", "authors", "unsuggest"]
ALLOWED = {
    Role.OWNER: [*FILES, "comments"],
    Role.EDITOR: [*FILES, "comments"],
    Role.COMMENTER: ["comments"],
    Role.VIEWER: [],
}
TABLE = [(role, root, root in ALLOWED[role]) for role in Role for root in [*FILES, "comments", *SERVERS]]


@pytest.mark.parametrize(("role", "root", "allowed"), TABLE)
async def test_s6_1_s6_2_who_may_write_where(role: Role, root: str, allowed: bool) -> None:
    async with open_canvas() as canvas:
        await canvas.room.put("suggestions", "s1", {"id": "s1"})
        page, other = await canvas.page(BO, role), await canvas.page(ANA)
        before, stored = canvas.room.snapshot(), len(canvas.log.rooms[CANVAS].updates)
        seen = len(other.socket.sent)
        write_to(root, canvas, page)
        if allowed:
            await page.saved()
            assert not page.denied
            assert canvas.room.snapshot() != before
        else:
            await page.socket.until(lambda: page.denied)
            assert canvas.room.snapshot() == before
            assert len(canvas.log.rooms[CANVAS].updates) == stored
            assert len(other.socket.sent) == seen
            assert page.socket.closed is None
            assert page.acked < page.sent


async def test_s6_2_a_viewers_step_2_is_welcome_though_values_were_overwritten() -> None:
    async with open_canvas("hello") as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        for page in (ana, bo):  # a conflict: one of the two is deleted by merging alone
            page._applying = True
            page.doc.get("files", type=Map)[canvas.file] = {"path": f"{page.doc.client_id}.js"}
            page._applying = False
            page.socket.put(protocol.step2(page.doc.get_update()))
            page.sent += 1
        await ana.saved()
        await bo.saved()
        await canvas.room.put("suggestions", "s", {"state": "proposed"})
        await canvas.room.put("suggestions", "s", {"state": "accepted"})
        viewer = FakePage()
        viewer._applying = True
        viewer.doc.apply_update(canvas.room.snapshot())
        viewer._applying = False
        await canvas.page(BO, Role.VIEWER, page=viewer)
        await viewer.saved()
        assert not viewer.denied


async def test_s4_2_after_a_refusal_there_is_no_acknowledgement() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page(BO, Role.COMMENTER)
        await page.saved()
        acked = page.acked
        page.text(canvas.file).insert(0, "no")
        page.doc.get("comments", type=Map)[ID] = COMMENT
        await page.socket.until(lambda: page.denied)
        await page.heard()
        assert page.acked == acked


async def test_s6_3_a_role_change_reaches_live_sockets() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page(BO, Role.VIEWER)
        page.text(canvas.file).insert(0, "kept: ")
        await page.socket.until(lambda: page.denied)
        await canvas.rooms.change_role(CANVAS, BO.id, Role.EDITOR)
        await page.saved()
        assert page.statuses == [{"role": "editor"}]
        assert canvas.room.read(canvas.file) == "kept: hello"
        await canvas.rooms.change_role(CANVAS, BO.id, Role.VIEWER)
        page.text(canvas.file).insert(0, "!")
        await page.socket.until(lambda: len(page.denied) == 2)


async def test_s6_3_revoked_access_closes_only_that_person() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        await canvas.rooms.change_role(CANVAS, BO.id, None)
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.NOT_ALLOWED
        await ana.heard()
        assert ana.socket.closed is None


async def test_s6_3_who_was_taken_out_while_their_socket_opened_does_not_get_in() -> None:
    async with open_canvas() as canvas:
        now: Role | None = None

        async def role_now() -> Role | None:
            return now

        page = FakePage()
        member = Member(BO, Role.EDITOR)
        await canvas.rooms.serve(CANVAS, page.socket, member, wants_ack=True, role_now=role_now)
        assert page.socket.closed[0] == CloseCode.NOT_ALLOWED
        now = Role.VIEWER
        page = FakePage()
        serving = canvas.rooms.serve(CANVAS, page.socket, member, wants_ack=True, role_now=role_now)
        canvas.tasks.append(asyncio.create_task(serving))
        await page.synced()
        page.text(canvas.file).insert(0, "no")
        await page.socket.until(lambda: page.denied)


async def test_s6_3_a_role_told_while_the_socket_opened_is_not_taken_back() -> None:
    async with open_canvas() as canvas:

        async def role_now() -> Role | None:
            await canvas.rooms.change_role(CANVAS, BO.id, Role.VIEWER)
            return Role.EDITOR  # read before it changed

        page = FakePage()
        serving = canvas.rooms.serve(CANVAS, page.socket, Member(BO, Role.EDITOR), wants_ack=True, role_now=role_now)
        canvas.tasks.append(asyncio.create_task(serving))
        await page.synced()
        page.text(canvas.file).insert(0, "no")
        await page.socket.until(lambda: page.denied)


async def test_s6_3_a_deleted_canvas_closes_its_sockets() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        del canvas.log.rooms[CANVAS]
        await canvas.rooms.drop(CANVAS)
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.NO_SUCH_CANVAS
        late = FakePage()
        await canvas.rooms.serve(CANVAS, late.socket, Member(ANA, Role.OWNER), wants_ack=True)
        assert late.socket.closed[0] == CloseCode.NO_SUCH_CANVAS


@pytest.mark.parametrize("path", ["../x", "/etc", "a//b", "", "a\x00b", "e\u0301.js"])
async def test_s2_3_a_bad_path_is_refused(path: str) -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        page.doc.get("files", type=Map)[canvas.file] = {"path": path}
        await page.socket.until(lambda: page.denied)
        assert canvas.room.files() == {canvas.file: "main.js"}


async def test_s2_3_text_outlives_its_entry() -> None:
    async with open_canvas("kept") as canvas:
        page = await canvas.page()
        await canvas.room.remove(canvas.file, SYSTEM)
        await page.socket.until(lambda: canvas.file not in page.doc.get("files", type=Map))
        page.doc.get("files", type=Map)[canvas.file] = {"path": "main.js"}
        await page.saved()
        assert canvas.room.read(canvas.file) == "kept"
