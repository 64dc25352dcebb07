"""A clock that jumps, both ways: nothing that counts on it loses text, order or anybody's way in."""

import inspect
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.auth.attempts import Attempts
from app.auth.tickets import Tickets
from app.client import connect
from app.collab.rooms import Rooms
from app.guard.rates import Rates
from tests.server import serving

DAY = 86_400.0


@pytest.mark.parametrize("timed", [Rooms, Tickets, Attempts, Rates])
def test_rates_cadences_and_tickets_count_on_a_clock_that_nobody_sets(timed: Callable[..., object]) -> None:
    assert inspect.signature(timed).parameters["clock"].default is time.monotonic


@pytest.mark.parametrize("jump", [-DAY, DAY, -400 * DAY], ids=["back", "ahead", "far back"])
async def test_s4_3_edits_keep_their_order_when_the_clock_jumps(jump: float, tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        canvas = await here.canvas({"a.txt": ""})
        log = here.services.database.log
        async with connect(here.settings.url, canvas) as client:
            for number in range(6):
                at = time.time() + (jump if number >= 3 else 0.0)
                log._clock = lambda at=at: at
                client.append("a.txt", f"<{number}>")
                await client.saved()
        stored = await log.load(canvas)
        assert [update.seq for update in stored.updates] == sorted(update.seq for update in stored.updates)
        async with here.client() as http:
            text = (await http.get(f"/api/v1/canvases/{canvas}/files/a.txt")).json()["text"]
            assert text == "<0><1><2><3><4><5>"
            history = await http.get(f"/api/v1/canvases/{canvas}/history")
            assert history.status_code == 200, history.text
            seqs = [moment["seq"] for moment in history.json()["moments"]]
            assert seqs == sorted(seqs)
