"""Settings → services: the only place that picks adapters. Started and stopped as one with the server.

What must not be here: business rules.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from app.adapters import DatabaseNotes, FeedInRooms, RoomTexts, RunsInRooms
from app.assistant.catalog import Catalog as ModelCatalog
from app.assistant.litellm_gateway import LitellmGateway
from app.assistant.policies import CanvasPolicies
from app.assistant.runs import Runs
from app.auth.accounts import Accounts
from app.auth.invites import Invites
from app.auth.sessions import Sessions
from app.auth.tickets import Tickets
from app.auth.tokens import Tokens
from app.auth.watch import Watch
from app.canvases.activity import Activity, Typing
from app.canvases.catalog import Catalog
from app.canvases.layouts import Layouts
from app.canvases.seen import Seen
from app.collab.comments import Comments
from app.collab.history.history import History
from app.collab.history.keeper import Keeper
from app.collab.history.returns import Returns
from app.collab.provenance import Provenance
from app.collab.rooms import Rooms
from app.collab.suggestions import Suggestions
from app.domain.history import Bounds
from app.persistence.database import Database
from app.persistence.policies import SqlPolicies
from app.persistence.runs import SqlLedger
from app.rendering.languages import guess_extension
from app.services import Services, installed
from app.settings import Settings


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Services]:
    """Start every service over a migrated database; at the end flush the rooms, then close the database.

    Within the block `app.services.services()` returns the record.
    """
    async with AsyncExitStack() as stack:
        database = Database(settings)
        stack.push_async_callback(database.close)
        activity = Activity(database)
        typing = Typing(activity)
        stack.push_async_callback(typing.close)
        keeper = Keeper(database.history, Bounds(settings.history_days, settings.history_bytes))
        stack.push_async_callback(keeper.close)
        database.log.compacted = keeper.soon
        rooms = Rooms(database.log, edits=typing)
        stack.push_async_callback(rooms.close)
        stack.push_async_callback(Returns(database.history, rooms).close)
        feed = FeedInRooms(rooms)
        stack.callback(feed.close)
        activity.heard_by(feed.heard)
        history = History(database.history, rooms)
        stack.push_async_callback(history.close)
        ledger = SqlLedger(database)
        suggestions = Suggestions(rooms, earlier=ledger.suggestions)
        sessions = Sessions(database)
        watching = asyncio.create_task(Watch(database, rooms).run())
        stack.push_async_callback(_stopped, watching)
        shown = RunsInRooms(rooms)
        stack.push_async_callback(shown.close)
        catalog = ModelCatalog.of(settings)
        texts = RoomTexts(rooms, suggestions)
        policies = SqlPolicies(database)
        runs = await stack.enter_async_context(
            Runs(
                texts,
                ledger,
                catalog,
                LitellmGateway(),
                policies,
                guess_extension,
                publish=shown.publish,
                anybody=lambda: rooms.sessions > 0,
            )
        )
        record = Services(
            settings=settings,
            database=database,
            notes=DatabaseNotes(database),
            rooms=rooms,
            suggestions=suggestions,
            comments=Comments(rooms),
            provenance=Provenance(rooms),
            history=history,
            accounts=Accounts(database, sessions),
            sessions=sessions,
            tokens=Tokens(database),
            invites=Invites(database, sessions, rooms),
            tickets=Tickets(),
            canvases=Catalog(database, rooms, rooms),
            layouts=Layouts(database),
            seen=Seen(database),
            activity=activity,
            runs=runs,
            policies=CanvasPolicies(policies, ledger),
        )
        stack.enter_context(installed(record))
        yield record


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
