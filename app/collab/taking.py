"""The way of a change through a room: judged, recorded, relayed at once or when durable, logged, acknowledged.

What must not be here: sockets (see `session`), and what a change is for (see `room`).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from pycrdt import Map

from app.collab import document, schema
from app.collab.answers import Answers
from app.collab.bounds import TOO_MANY, Bounds
from app.collab.claims import Claims
from app.collab.comparing import Comparison
from app.collab.document import Json, YDoc
from app.collab.journal import Entry, Journal, Waiter
from app.collab.lately_deleted import LatelyDeleted
from app.collab.limits import Limits
from app.collab.live import LiveDocument
from app.collab.ports import Edits, UpdateLog
from app.collab.relay import Relay
from app.collab.told import Told
from app.collab.told_comments import TellsComments
from app.collab.validator import Writer, check
from app.collab.verdicts import Accepted, Foreign
from app.domain.people import SYSTEM, Origin
from app.errors import TooLarge, Unavailable
from app.ids import CanvasId

NOTHING = b"\0\0"  # an update without structs and deletions


class Sender(Waiter, Protocol):
    """Who brings an update and hears what became of it: a session."""

    def tell(self, value: dict[str, Any]) -> None:
        """Hear a status."""


class Taking:
    """All changes of one room. `owners`: client id → whom it belongs to; `claims`: before that is stored."""

    def __init__(
        self,
        canvas: CanvasId,
        owners: Mapping[int, Origin],
        live: LiveDocument,
        log: UpdateLog,
        limits: Limits,
        clock: Callable[[], float],
        blocked: Callable[[str | None], None],
        edits: Edits | None,
    ) -> None:
        self.owners: dict[int, Origin] = dict(owners)
        self.claims = Claims()
        self._live, self._limits, self._blocked = live, limits, blocked
        self._held: Counter[str] = Counter()  # origin's id → its updates that are relayed only once durable
        self._bounds = Bounds(live.size_of, live.files, lambda: live.count(schema.RETURNED))
        comment = partial(live.value, schema.COMMENTS)
        self._deleted = LatelyDeleted(comment)
        remarks = TellsComments(comment, lambda: document.values(live.settled, schema.COMMENTS))
        self._told = Told(canvas, edits, live.files, remarks) if edits is not None else None
        self.relay = Relay(live.settle, limits.relay_wait, limits.awareness_every)
        self.comparison = Comparison(live, lambda: log.load(canvas), self._payloads)
        self.journal = Journal(
            log,
            canvas,
            limits,
            clock,
            settle=live.settle,
            snapshot=live.snapshot,
            compare=self.comparison.begin,
            durable=self._on_durable,
            blocked=self._on_blocked,
        )
        self.answers = Answers(
            lambda: bool(self._held), live.update_since, self.journal, lambda: log.load(canvas), limits.answer_wait
        )

    def receive(self, payload: bytes, writer: Writer, sender: Sender, count: int) -> None:
        """Take a client's update: the sender's `count`-th message. Raises what the validator raises, or TooLarge."""
        if payload == NOTHING:  # what a page that has just joined answers: no index is needed to know it
            self.confirm(sender, count)
            return
        live = self._live
        accepted = check(payload, live.index, self.owners, writer, live.value, self._deleted.value)
        if any((self.claims.get(client) or writer.origin).id != writer.origin.id for client in accepted.fresh):
            raise Foreign("The update writes under a client id that is kept for somebody else.")
        self.check_weight()
        if self.journal.bytes > self._limits.unsaved:
            raise Unavailable("The server cannot write to its storage; keep this page open until it can.")
        if accepted.is_known:
            self.confirm(sender, count)
        else:
            surplus = self._bounds.check(accepted, live.index)
            rights = {**accepted.rights, **dict.fromkeys(surplus)}
            self._deleted.expect(accepted.places)
            self._take(accepted, writer.origin, sender, count, hold=bool(rights))
            self.put_all(rights)
            if any(root == schema.FILES for root, _ in surplus):
                sender.tell({"notice": TOO_MANY})

    def confirm(self, sender: Sender, count: int) -> None:
        """Acknowledge a message that brought nothing new, once what was before it is durable."""
        if self.journal.is_idle:
            sender.acknowledge(count)
        else:
            self.journal.add(Entry(b"", "", waiter=sender, count=count))

    def write(
        self, update: bytes, origin: Origin, *, others: Mapping[int, Origin] | None = None, note: str | None = None
    ) -> tuple[Entry, Sequence[int]]:
        """Take what the server writes on behalf of `origin`; return its entry and its client ids of first use.

        `others`: fresh client ids that stand for somebody else, whose text `origin` brings back. `note`: for the
        history. Raises what the validator raises, or TooLarge.
        """
        accepted = check(update, self._live.index, self.owners, Writer(origin, None))
        if self._bounds.check(accepted, self._live.index):
            raise TooLarge(TOO_MANY)
        return self._take(accepted, origin, others=others, note=note), accepted.fresh

    def put(self, root: str, key: str, value: Json | None) -> Entry | None:
        """Write a map's value on the live document itself, under the room's own client id; None deletes the key."""
        return self.put_all({(root, key): value})

    def put_all(self, values: Mapping[tuple[str, str], Json | None]) -> Entry | None:
        """Write values of maps (root and key → value) as one edit, as `put` does."""
        if not values:
            return None

        def change(doc: YDoc) -> None:
            for (root, key), value in values.items():
                target = doc.get(root, type=Map)
                if value is not None and document.value(doc, root, key) != value:
                    target[key] = value
                elif value is None and key in target:
                    del target[key]

        index = self._live.index
        update = document.changes(self._live.settled, change)
        if update is None:
            return None
        return self._take(check(update, index, self.owners, Writer(SYSTEM, None)), SYSTEM)

    def check_weight(self) -> None:
        """Raise TooLarge when the document with all that it remembers is over its bound."""
        if self._live.weight > self._limits.document and self._live.weigh() > self._limits.document:
            raise TooLarge("The canvas is too large to take more; export it and start a new one.")

    async def durably(self, entry: Entry) -> None:
        """Return when an entry is durable. Raises Unavailable when the store cannot write."""
        entry.done = asyncio.get_running_loop().create_future()
        await entry.done

    def let_go(self, sentence: str) -> None:
        """Tell whoever waits for a change of the server's own that it may not become durable."""
        for entry in self.journal.pending():
            if entry.done is not None and not entry.done.done():
                entry.done.set_exception(Unavailable(sentence))

    # Within

    def _take(
        self,
        accepted: Accepted,
        origin: Origin,
        sender: Sender | None = None,
        count: int = 0,
        *,
        hold: bool = False,
        others: Mapping[int, Origin] | None = None,
        note: str | None = None,
    ) -> Entry:
        """Let an accepted update in: index, document, relay, log. `hold`: nobody sees it before it is durable."""
        if self._told is not None:
            self._told.expect(accepted.places)
        clients = {client: (others or {}).get(client, origin) for client in accepted.fresh}
        self.owners.update(clients)
        self._live.take(accepted)
        entry = Entry(
            accepted.payload, origin.id, clients, sender, count, origin=origin, places=accepted.places, note=note
        )
        # Until it is durable whose a client id is, nobody may carry its text back after a crash and be taken for
        # its author: then, and for whatever follows it, durability comes before the relay. The same holds while
        # nothing becomes durable at all: what others saw and a crash took, its author alone can bring back.
        hold = hold or bool(clients) or sender is None or self.journal.is_blocked
        entry.must_wait = hold
        entry.held = hold or origin.id in self._held
        if entry.held:
            self._held[origin.id] += 1
        else:
            self.relay.update(entry.payload, sender)
        self.journal.add(entry)
        for client, whose in clients.items():
            if client != self._live.client:
                self.put(schema.AUTHORS, str(client), whose.to_json())
        return entry

    def _payloads(self) -> list[bytes]:
        return [entry.payload for entry in self.journal.pending() if entry.payload]

    def _on_durable(self, batch: Sequence[Entry]) -> None:
        counts: dict[Waiter, int] = {}
        for entry in batch:
            self._show(entry)
            if entry.waiter is not None:
                counts[entry.waiter] = entry.count
            if entry.done is not None and not entry.done.done():
                entry.done.set_result(None)
        # What somebody typed meanwhile, under ids that are durable now, need not wait any longer.
        waiting: set[str] = set()
        for entry in self.journal.queue:
            if entry.must_wait:
                waiting.add(entry.author)
            elif entry.author not in waiting:
                self._show(entry)
        self.answers.look()
        for sender, count in counts.items():
            sender.acknowledge(count)
        if self._told is not None:
            self._told.durable(batch)

    def _show(self, entry: Entry) -> None:
        """Relay what was held."""
        if entry.held:
            entry.held = False
            self.relay.update(entry.payload, entry.waiter)
            self._held[entry.author] -= 1
            if not self._held[entry.author]:
                del self._held[entry.author]

    def _on_blocked(self, sentence: str | None) -> None:
        self._blocked(sentence)
        if sentence is not None:
            self.answers.wait_no_longer()
            self.let_go(sentence)
