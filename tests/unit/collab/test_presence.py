"""Awareness: who is where, and that nobody can be somebody else."""

import json

import pytest

from app.collab import lib0, protocol
from app.collab.close_codes import CloseCode
from app.collab.limits import Limits
from app.collab.protocol import Kind
from app.domain.people import Role
from tests.fakes.canvas import ANA, BO, eventually, open_canvas
from tests.fakes.fake_socket import FakePage


def state_of(page: FakePage, client: int) -> dict:
    return json.loads(page.awareness[client][1])


async def test_s5_2_the_server_writes_who_it_is() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        ana.say('{"user":{"name":"Eve","id":"bo"},"file":"f","server":true,"runs":[1]}')
        await bo.socket.until(lambda: ana.doc.client_id in bo.awareness)
        state = state_of(bo, ana.doc.client_id)
        assert (state["user"]["id"], state["user"]["name"], state["user"]["hue"]) == ("ana", "Ana", 10)
        assert state["file"] == "f"
        assert not state.keys() & {"server", "runs"}


async def test_s5_6_where_somebody_looks_and_whom_they_follow_is_passed_on_as_it_is() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        view = {"file": canvas.file, "top": {"item": {"client": 1, "clock": 2}, "assoc": 0}, "bottom": None}
        ana.say(json.dumps({"file": canvas.file, "view": view, "following": "bo", "active": 1}))
        await bo.socket.until(lambda: ana.doc.client_id in bo.awareness)
        state = state_of(bo, ana.doc.client_id)
        assert (state["view"], state["following"], state["active"]) == (view, "bo", 1)
        assert state["user"]["id"] == "ana"


async def test_s5_1_a_socket_has_one_id_and_echoes_are_ignored() -> None:
    async with open_canvas() as canvas:
        ana, bo, eve = await canvas.page(ANA), await canvas.page(BO), await canvas.page(BO)
        ana.say('{"n":1}')
        await bo.socket.until(lambda: bo.awareness)
        bo.say('{"n":2}', clock=9, client=ana.doc.client_id)  # taken
        bo.say("{}")
        bo.say("{}", client=77)  # a second id
        both = b"".join(
            lib0.var(c) + lib0.var(50) + lib0.text("null") for c in (ana.doc.client_id, bo.doc.client_id + 1)
        )
        bo.socket.put(protocol.awareness(lib0.var(2) + both))
        await bo.heard()
        await eve.socket.until(lambda: len(eve.awareness) == 2)
        assert set(eve.awareness) == {ana.doc.client_id, bo.doc.client_id}
        assert state_of(eve, ana.doc.client_id)["n"] == 1


async def test_s3_4_a_claim_is_a_writer_s_and_outlives_the_visit() -> None:
    async with open_canvas("") as canvas:
        viewer, ana = await canvas.page(BO, Role.VIEWER), await canvas.page(ANA)
        viewer.say("{}", client=7)
        await viewer.heard()
        assert not canvas.room.taking.claims
        ana.say("{}")
        await ana.heard()
        assert set(canvas.room.taking.claims) == {ana.doc.client_id}
        ana.socket.hang_up()
        await canvas.tasks[1]
        assert set(canvas.room.taking.claims) == {ana.doc.client_id}
        bo = FakePage(client=7)
        await canvas.page(ANA, page=bo)
        bo.text(canvas.file).insert(0, "taken")
        await bo.saved()


async def test_s3_4_a_viewer_who_may_write_now_keeps_the_id_they_are_shown_under() -> None:
    async with open_canvas("") as canvas:
        ana = await canvas.page(ANA, Role.VIEWER)
        ana.say("{}")
        await ana.heard()
        await canvas.rooms.change_role(canvas.room.canvas, ANA.id, Role.EDITOR)
        assert set(canvas.room.taking.claims) == {ana.doc.client_id}


async def test_s3_4_ids_of_those_who_wrote_nothing_are_kept_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.collab.claims.MAX_CLAIMS", 2)
    async with open_canvas("") as canvas:
        clients = []
        for _ in range(3):
            page = await canvas.page(ANA)
            page.say("{}")
            await page.heard()
            clients.append(page.doc.client_id)
            page.socket.hang_up()
        assert list(canvas.room.taking.claims) == clients[1:]


async def test_s5_4_who_leaves_is_taken_away_and_who_joins_sees_the_others() -> None:
    async with open_canvas() as canvas:
        ana = await canvas.page(ANA)
        ana.say("{}")
        await ana.heard()
        bo = await canvas.page(BO)
        await bo.socket.until(lambda: bo.awareness)
        ana.socket.hang_up()
        await bo.socket.until(lambda: bo.awareness[ana.doc.client_id][1] == "null")
        late = await canvas.page(BO)
        await late.heard()
        assert not late.awareness


async def test_s5_4_a_reader_that_is_behind_gets_the_newest_state_only() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        bo.socket.slow = True
        for clock in range(1, 9):
            ana.say(f'{{"n":{clock}}}', clock)
            await ana.heard()
        bo.socket.slow = False
        before = len(bo.socket.sent)
        bo.socket.take()
        await bo.socket.until(lambda: state_of(bo, ana.doc.client_id)["n"] == 8)
        assert len(bo.socket.sent) - before == 2


def kinds(page: FakePage, since: int) -> list[Kind]:
    return [protocol.decode(frame)[0] for frame in page.socket.sent[since:]]


async def test_s5_7_carets_leave_at_once_after_a_pause_and_then_with_the_next_edit() -> None:
    async with open_canvas("", Limits(awareness_every=3600)) as canvas:
        ana, bo, eve = await canvas.page(ANA, ack=False), await canvas.page(BO, ack=False), await canvas.page(ack=False)
        bo.text(canvas.file).insert(0, "-")  # under an id that is durable: the next is relayed in its turn
        await canvas.until_equal(ana, bo, eve)
        ana.say('{"n":1}')
        await eve.socket.until(lambda: state_of(eve, ana.doc.client_id)["n"] == 1 if eve.awareness else False)
        before = [len(page.socket.sent) for page in (ana, bo, eve)]
        ana.say('{"n":2}', 2)
        ana.say('{"n":3}', 3)
        await eventually(ana.socket.inbox.empty)
        assert [len(page.socket.sent) for page in (ana, bo, eve)] == before
        bo.text(canvas.file).insert(0, "b")
        await eve.socket.until(lambda: len(eve.socket.sent) == before[2] + 2)
        assert kinds(eve, before[2]) == [Kind.UPDATE, Kind.AWARENESS]
        assert kinds(ana, before[0]) == [Kind.UPDATE]
        assert kinds(bo, before[1]) == [Kind.AWARENESS]
        assert state_of(eve, ana.doc.client_id)["n"] == state_of(bo, ana.doc.client_id)["n"] == 3


async def test_s5_7_carets_that_gather_leave_when_their_time_has_come() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        for clock in range(1, 6):
            ana.say(f'{{"n":{clock}}}', clock)
            await ana.heard()
        await bo.socket.until(lambda: bo.awareness and state_of(bo, ana.doc.client_id)["n"] == 5)


async def test_a_state_taken_away_by_its_own_socket_goes() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        ana.say("{}", 3)
        await bo.socket.until(lambda: bo.awareness)
        ana.say('{"old":1}', 2)
        ana.say("null", 4)
        await bo.socket.until(lambda: bo.awareness[ana.doc.client_id] == (4, "null"))


@pytest.mark.parametrize(
    "state",
    ["[1]", "3", "{", "NaN", "[" * 4_000, '{"x":"' + "y" * 4_096 + '"}', '{"x":' + "9" * 4_000 + "}", '{"a":Infinity}'],
)
async def test_s5_3_what_is_no_state_is_malformed(state: str) -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        page.say(state)
        if state.startswith('{"x":9'):
            await page.heard()  # a long number is JSON, and within the bound
            return
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.MALFORMED


async def test_s5_5_runs_show_in_the_rooms_own_state() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        canvas.room.publish_runs([{"id": "r1"}])
        await page.socket.until(lambda: page.awareness)
        (client,) = page.awareness
        assert state_of(page, client) == {"server": True, "runs": [{"id": "r1"}]}
        canvas.room.publish_runs([])
        await page.socket.until(lambda: page.awareness[client][1] == "null")
        page.say('{"server":true}', clock=99, client=client)
        await page.heard()
        assert page.awareness[client][1] == "null"
