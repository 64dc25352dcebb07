"""One live canvas on the server: the document, who owns its client ids, and the way of every change through it.

A change is judged, recorded in the index, applied with what else came in this turn of the loop, relayed, and
appended to the log. What must not be here: sockets (see `session`), loading and unloading (see `rooms`).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from pycrdt import Doc, Map, Text

from app.collab import document, schema
from app.collab.answers import Answers
from app.collab.bounds import TOO_MANY, Bounds
from app.collab.close_codes import CloseCode
from app.collab.document import Json, YDoc
from app.collab.index import Index, root_of
from app.collab.journal import Entry, Journal
from app.collab.limits import Limits
from app.collab.ports import Edits, StoredRoom, UpdateLog
from app.collab.presence import Presence
from app.collab.relay import Relay
from app.collab.session import Session
from app.collab.structs import read_update
from app.collab.told import Told
from app.collab.validator import Writer, check
from app.collab.verdicts import Accepted, Foreign
from app.domain.files import MAX_FILES, check_path, check_text
from app.domain.people import SYSTEM, Origin
from app.errors import BadInput, Conflict, NotFound, TooLarge, Unavailable
from app.ids import CanvasId, FileId

logger = logging.getLogger(__name__)
NOTHING = b"\0\0"  # an update without structs and deletions


class Room:
    """The live server side of one canvas. Reads are immediate; what changes something returns once durable."""

    def __init__(
        self,
        canvas: CanvasId,
        stored: StoredRoom,
        log: UpdateLog,
        limits: Limits,
        clock: Callable[[], float],
        edits: Edits | None = None,
    ) -> None:
        """Take what is stored. Raises DocumentFault when it cannot be read."""
        self.canvas, self.limits, self.clock = canvas, limits, clock
        self.owners: dict[int, Origin] = dict(stored.clients)
        self.claims: dict[int, Origin] = {}  # by awareness, until something is written under the id
        self._client = document.fresh_client(self.owners)
        self._doc: YDoc = Doc(client_id=self._client)
        payloads = [stored.snapshot] if stored.snapshot else []
        payloads += [update.payload for update in stored.updates]
        document.apply(self._doc, payloads)
        self._size = sum(map(len, payloads))
        self._index: Index | None = None
        self._unapplied: list[Accepted] = []
        self._held: Counter[str] = Counter()  # origin's id → its updates that are relayed only once durable
        self._hands: dict[Origin, int] = {}  # person → the client id under which the server writes for them
        self._snapshot: bytes | None = None
        self._listeners: dict[object, Callable[[set[str]], None]] = {}
        self._fault: document.DocumentFault | None = None
        self.ended: str | None = None  # why nothing can be changed any more
        self.read_only: str | None = None
        self.sessions: dict[Session, None] = {}
        self._bounds = Bounds(self._size_of, self.files)
        self._told = Told(canvas, edits, self.files) if edits is not None else None
        self.presence = Presence(self._client)
        self.relay = Relay(self.settle, limits.relay_wait)
        self.journal = Journal(
            log,
            canvas,
            limits,
            clock,
            settle=self.settle,
            snapshot=self.snapshot,
            durable=self._on_durable,
            blocked=self._on_blocked,
        )
        self.answers = Answers(
            lambda: bool(self._held), self.update_since, self.journal, lambda: log.load(canvas), limits.answer_wait
        )
        seq = stored.updates[-1].seq if stored.updates else stored.snapshot_seq
        self.journal.loaded(seq, len(stored.updates), sum(len(update.payload) for update in stored.updates))

    # Reading

    def files(self) -> dict[FileId, str]:
        """Return file id → path, sorted by path."""
        return document.paths(self._settled())

    def find(self, path: str) -> FileId | None:
        """Return the file with exactly this path."""
        return next((file for file, its_path in self.files().items() if its_path == path), None)

    def read(self, file: FileId) -> str:
        """Return a file's text. Raises NotFound."""
        doc = self._settled()
        if file not in document.values(doc, schema.FILES):
            raise NotFound("There is no such file in this canvas; it may have been deleted.")
        return document.text_of(doc, file)

    def get(self, root: str) -> dict[str, Json]:
        """Return a map root as plain JSON."""
        return document.values(self._settled(), root)

    def has(self, root: str, key: str) -> bool:
        """Say whether a map root has a key, without reading its values."""
        return document.has(self._settled(), root, key)

    def snapshot(self) -> bytes:
        """Return the full state as one v1 update: the revision read."""
        doc = self._settled()
        if self._snapshot is None:
            self._snapshot = document.guarded(doc.get_update)
        return self._snapshot

    def state_vector(self) -> bytes:
        """Return what the document has, as a v1 state vector."""
        return document.guarded(self._settled().get_state)

    def update_since(self, state_vector: bytes) -> bytes:
        """Return what a well-formed state vector lacks."""
        if state_vector == b"\0":
            return self.snapshot()
        return document.guarded(self._settled().get_update, state_vector)

    def observe(self, listener: Callable[[set[str]], None]) -> Callable[[], None]:
        """Call `listener` with the names of the roots each change touched; the returned function ends it."""
        key = object()
        self._listeners[key] = listener
        return lambda: void(self._listeners.pop(key, None))

    # Changing, on behalf of somebody

    async def write(self, path: str, text: str, origin: Origin) -> FileId:
        """Make the file's text `text` by the smallest diff; create the file if absent; return once durable.

        Raises BadInput, TooLarge or Unavailable.
        """
        path, text = check_path(path), check_text(text, path)
        file = self.find(path)
        if file is not None:
            await self.edit(origin, lambda doc: document.replace_text(doc, file, text))
            return file
        if len(self.files()) >= MAX_FILES:
            raise TooLarge(f"A canvas may have at most {MAX_FILES:,} files.")
        made: list[FileId] = []
        await self.edit(origin, lambda doc: made.append(document.add_file(doc, path, text)))
        return made[0]

    async def rename(self, file: FileId, path: str, origin: Origin) -> None:
        """Give a file another path. Raises NotFound, BadInput, or Conflict when the path is taken."""
        path = check_path(path)
        entry = self._entry(file)
        if self.find(path) not in (None, file):
            raise Conflict(f"There is already a file {path}; choose another name.")
        await self.edit(origin, lambda doc: doc.get(schema.FILES, type=Map).update({file: {**entry, "path": path}}))

    async def remove(self, file: FileId, origin: Origin) -> None:
        """Take a file out of the canvas; its text stays for undo. Raises NotFound."""
        self._entry(file)
        await self.edit(origin, lambda doc: void(doc.get(schema.FILES, type=Map).pop(file)))

    async def edit(self, origin: Origin, change: Callable[[YDoc], None]) -> int:
        """Run `change` on a scratch doc with a client id of the server bound to `origin`; return that id once durable.

        For a person it is the same one while the room is loaded, for a model or expert a fresh one each time.
        What `change` writes is judged like anybody's update. Raises TooLarge, or Unavailable when the store cannot
        write.
        """
        self._check_writable()
        self._check_weight()
        client = self._hands.get(origin) or document.fresh_client(self.owners)
        scratch: YDoc = Doc(client_id=client)
        document.apply(scratch, [self.snapshot()])
        update = document.changes(scratch, change)
        if update is not None:
            accepted = check(update, self.index, self.owners, Writer(origin, None))
            if self._bounds.check(accepted, self.index):
                raise TooLarge(TOO_MANY)
            entry = self._take(accepted, origin)
            if origin.kind == "person" and client in accepted.fresh:
                self._hands[origin] = client
            await self._durably(entry)
        return client

    async def put(self, root: str, key: str, value: Json | None) -> None:
        """Set a key of a server-only map (suggestions, authors); None deletes it. Durable on return."""
        if root not in schema.SERVER_ONLY:
            raise BadInput(f"Only {' and '.join(sorted(schema.SERVER_ONLY))} are written by the server alone.")
        self._check_writable()
        entry = self._put(root, key, value)
        if entry is not None:
            await self._durably(entry)

    def publish_runs(self, runs: list[dict[str, Json]]) -> None:
        """Show the running runs in the room's own awareness state; an empty list takes it away."""
        state = {"server": True, "runs": runs} if runs else None
        self.relay.awareness(self.presence.publish(state), None)

    # What sessions bring

    @property
    def index(self) -> Index:
        """The places of all structs; made when the first change arrives, since readers need none."""
        if self._index is None:
            self._index = document.index_of(self._settled())
        return self._index

    def receive(self, payload: bytes, writer: Writer, session: Session, count: int) -> None:
        """Take a client's update: the session's `count`-th message. Raises what the validator raises, or TooLarge."""
        if payload == NOTHING:  # what a page that has just joined answers: no index is needed to know it
            self.confirm(session, count)
            return
        accepted = check(payload, self.index, self.owners, writer, self._value)
        if any(self.claims.get(client, writer.origin).id != writer.origin.id for client in accepted.fresh):
            raise Foreign("The update writes under the client id of somebody else's caret.")
        self._check_weight()
        if self.journal.bytes > self.limits.unsaved:
            raise Unavailable("The server cannot write to its storage; keep this page open until it can.")
        if accepted.is_known:
            self.confirm(session, count)
        else:
            surplus = self._bounds.check(accepted, self.index)
            rights = {**accepted.rights, **{(schema.FILES, file): None for file in surplus}}
            self._take(accepted, writer.origin, session, count, hold=bool(rights))
            for (root, key), right in rights.items():
                self._put(root, key, right)
            if surplus:
                session.tell({"notice": TOO_MANY})

    def confirm(self, session: Session, count: int) -> None:
        """Acknowledge a message that brought nothing new, once what was before it is durable."""
        if self.journal.is_idle:
            session.acknowledge(count)
        else:
            self.journal.add(Entry(b"", "", waiter=session, count=count))

    def refresh_deletes(self) -> None:
        """Record the deletions that merging made by itself: a map's value that lost against a concurrent one."""
        doc = self._settled()
        rest = document.guarded(doc.get_update, document.guarded(doc.get_state))
        self.index.record((), read_update(rest, own=True).deletes)

    def settle(self) -> None:
        """Apply what was accepted in this turn of the loop. Raises DocumentFault, and then the room has ended."""
        if self._fault is not None:
            raise self._fault
        accepted, self._unapplied = self._unapplied, []
        if not accepted:
            return
        try:
            document.apply(self._doc, [one.payload for one in accepted])
        except document.DocumentFault as fault:
            self._fault = fault
            self.end(fault.sentence)
            raise
        self._snapshot = None
        self._tell_listeners({root_of(place) for one in accepted for place in one.places})

    def end(self, sentence: str) -> None:
        """Refuse every further change, close the sockets, and let go of who waits for a change."""
        self.ended = sentence
        self.answers.close()
        for session in self.sessions:
            session.end(CloseCode.UNAVAILABLE, sentence)
        for entry in self.journal.pending():
            if entry.done is not None and not entry.done.done():
                entry.done.set_exception(Unavailable(sentence))

    # Within

    def _settled(self) -> YDoc:
        self.settle()
        return self._doc

    def _size_of(self, root: str) -> int:
        return len(str(self._settled().get(root, type=Text)).encode())

    def _value(self, root: str, key: str) -> Json:
        return document.value(self._settled(), root, key)

    def _entry(self, file: FileId) -> dict[str, Json]:
        entry = self.get(schema.FILES).get(file)
        if entry is None:
            raise NotFound("There is no such file in this canvas; it may have been deleted.")
        return dict(entry)

    def _check_writable(self) -> None:
        reason = self.ended or self.read_only
        if reason is not None:
            raise Unavailable(reason)

    def _check_weight(self) -> None:
        if self._size > self.limits.document:
            self._size = len(self.snapshot())  # what was counted may have been deleted or merged since
        if self._size > self.limits.document:
            raise TooLarge("The canvas is too large to take more; export it and start a new one.")

    def _take(
        self,
        accepted: Accepted,
        origin: Origin,
        session: Session | None = None,
        count: int = 0,
        *,
        hold: bool = False,
    ) -> Entry:
        """Let an accepted update in: index, document, relay, log. `hold`: nobody sees it before it is durable."""
        index = self.index
        if self._told is not None:
            self._told.expect(accepted.places)
        clients = dict.fromkeys(accepted.fresh, origin)
        self.owners.update(clients)
        index.record(accepted.spans, accepted.deletes, accepted.halves)
        self._unapplied.append(accepted)
        self._size += len(accepted.payload)
        entry = Entry(accepted.payload, origin.id, clients, session, count, origin=origin, places=accepted.places)
        # Until it is durable whose a client id is, nobody may carry its text back after a crash and be taken for
        # its author: then, and for whatever follows it, durability comes before the relay. The same holds while
        # nothing becomes durable at all: what others saw and a crash took, its author alone can bring back.
        hold = hold or bool(clients) or session is None or self.journal.is_blocked
        entry.must_wait = hold
        entry.held = hold or origin.id in self._held
        if entry.held:
            self._held[origin.id] += 1
        else:
            self.relay.update(entry.payload, session)
        self.journal.add(entry)
        for client in clients:
            if client != self._client:
                self._put(schema.AUTHORS, str(client), origin.to_json())
        return entry

    def _put(self, root: str, key: str, value: Json | None) -> Entry | None:
        """Write to a server-only map on the live document itself, under the room's own client id."""

        def change(doc: YDoc) -> None:
            target = doc.get(root, type=Map)
            if value is not None and document.value(doc, root, key) == value:
                return
            if value is not None:
                target[key] = value
            elif key in target:
                del target[key]

        index = self.index
        update = document.changes(self._settled(), change)
        if update is None:
            return None
        accepted = check(update, index, self.owners, Writer(SYSTEM, None))
        return self._take(accepted, SYSTEM)

    async def _durably(self, entry: Entry) -> None:
        entry.done = asyncio.get_running_loop().create_future()
        await entry.done

    def _on_durable(self, batch: Sequence[Entry]) -> None:
        counts: dict[Session, int] = {}
        for entry in batch:
            self._let_go(entry)
            if isinstance(entry.waiter, Session):
                counts[entry.waiter] = entry.count
            if entry.done is not None and not entry.done.done():
                entry.done.set_result(None)
        # What somebody typed meanwhile, under ids that are durable now, need not wait any longer.
        waiting: set[str] = set()
        for entry in self.journal.queue:
            if entry.must_wait:
                waiting.add(entry.author)
            elif entry.author not in waiting:
                self._let_go(entry)
        self.answers.look()
        for session, count in counts.items():
            session.acknowledge(count)
        if self._told is not None:
            self._told.durable(batch)

    def _let_go(self, entry: Entry) -> None:
        if entry.held:
            entry.held = False
            self.relay.update(entry.payload, entry.waiter)
            self._held[entry.author] -= 1
            if not self._held[entry.author]:
                del self._held[entry.author]

    def _on_blocked(self, sentence: str | None) -> None:
        self.read_only = sentence
        for session in self.sessions:
            session.tell({"read_only": sentence})
        if sentence is not None:
            self.answers.wait_no_longer()
            for entry in self.journal.pending():
                if entry.done is not None and not entry.done.done():
                    entry.done.set_exception(Unavailable(sentence))

    def _tell_listeners(self, roots: set[str]) -> None:
        for listener in list(self._listeners.values()):
            try:
                listener(roots)
            except Exception:  # a listener's fault is its own: the change stands, and the others hear of it
                logger.exception("a listener of canvas %s failed", self.canvas)


def void(_: object) -> None:
    """Take a value and return nothing, for callbacks whose result has no meaning."""
