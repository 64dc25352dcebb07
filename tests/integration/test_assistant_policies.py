"""What every store of canvases' rules must do: the one in memory, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from app.assistant.ports import Policies, Rules
from app.domain.routing import Policy
from app.errors import Conflict
from app.ids import CanvasId, PersonId
from app.persistence.database import Database
from app.persistence.policies import SqlPolicies
from tests.databases import BOTH
from tests.unit.assistant.doubles import ANA, CANVAS, FixedRules


@pytest.fixture
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    database = Database(request.getfixturevalue("settings_by_kind")(request.param))
    try:
        async with database.begin() as unit:
            await unit.canvases.add(CANVAS, "Canvas", PersonId("ana234567abc"), 1.0)
        yield database
    finally:
        await database.close()


async def _keeps(policies: Policies) -> None:
    assert await policies.rules(CANVAS) == Rules()
    for rules in (
        Rules(Policy(privacy="local"), 2.5),
        Rules(Policy(privacy="open"), None),
        Rules(Policy(), 0.0),
        Rules(Policy(confirm_above_usd=None)),
        Rules(Policy(confirm_above_usd=0.5)),
    ):
        await policies.put(CANVAS, rules, ANA)
        assert await policies.rules(CANVAS) == rules


async def test_rules_come_back_as_they_were_set_in_memory() -> None:
    await _keeps(FixedRules())


@pytest.mark.parametrize("database", BOTH, indirect=True)
async def test_rules_come_back_as_they_were_set(database: Database) -> None:
    await _keeps(SqlPolicies(database))


@pytest.mark.parametrize("database", BOTH, indirect=True)
async def test_rules_go_with_their_canvas_and_none_are_kept_for_one_that_is_gone(database: Database) -> None:
    policies = SqlPolicies(database)
    await policies.put(CANVAS, Rules(Policy(privacy="local")), ANA)
    async with database.begin() as unit:
        await unit.canvases.remove(CANVAS)
    assert await policies.rules(CANVAS) == Rules()
    with pytest.raises(Conflict):
        await policies.put(CanvasId("gone23456789"), Rules(), ANA)
