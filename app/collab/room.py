"""One live canvas on the server: read at once, changed on behalf of somebody, served to its sessions until it ends.

What must not be here: sockets (see `session`), loading and unloading (see `rooms`), the way that every change takes
to the others and to the log (see `taking`).
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from pycrdt import Doc, Map

from app.collab import document, schema
from app.collab.by_author import Brought
from app.collab.carrying import carry
from app.collab.close_codes import CloseCode
from app.collab.document import Json, YDoc
from app.collab.limits import Limits
from app.collab.live import LiveDocument
from app.collab.ports import Edits, StoredRoom, UpdateLog
from app.collab.presence import Presence
from app.collab.returned import Whose
from app.collab.salvage import usable
from app.collab.taking import Sender, Taking
from app.domain.files import MAX_FILES, check_path, check_text
from app.domain.people import Origin, Person, Role
from app.errors import BadInput, Conflict, NotFound, TooLarge, Unavailable
from app.ids import CanvasId, FileId

logger = logging.getLogger(__name__)
_SIDES = ("start", "end")  # of a comment


class Guest(Sender, Protocol):
    """Whom a room serves: a session."""

    gone: asyncio.Event  # its socket is closed

    @property
    def person(self) -> Person:
        """Who it is."""

    def change_role(self, role: Role | None) -> None:
        """Change what the person may do; None ends it."""

    def end(self, code: CloseCode, reason: str) -> None:
        """Close the socket for a reason."""


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
        client = document.fresh_client(stored.clients)
        payloads, left_out = usable(stored)
        if stored.refused:
            names = ", ".join(stored.refused), ", ".join(left_out) or "nothing"
            logger.error("canvas %s: refused as damaged: %s; left out, since built on that: %s", canvas, *names)
        self.live = LiveDocument(client, payloads, self.end)
        self.taking = Taking(canvas, stored.clients, self.live, log, limits, clock, self._on_blocked, edits)
        self.taking.comparison.expect(stored.refused)
        self.journal, self.relay, self.answers = self.taking.journal, self.taking.relay, self.taking.answers
        self.presence = Presence(client)
        self.sessions: dict[Guest, None] = {}
        self.ended: str | None = None  # why nothing can be changed any more
        self.read_only: str | None = None
        self._hands: dict[Origin, int] = {}  # person → the client id under which the server writes for them
        seq = stored.updates[-1].seq if stored.updates else stored.snapshot_seq
        self.journal.loaded(seq, len(stored.updates), sum(len(update.payload) for update in stored.updates))

    # Reading

    def files(self) -> dict[FileId, str]:
        """Return file id → path, sorted by path."""
        return self.live.files()

    def find(self, path: str) -> FileId | None:
        """Return the file with exactly this path."""
        return next((file for file, its_path in self.files().items() if its_path == path), None)

    def read(self, file: FileId) -> str:
        """Return a file's text. Raises NotFound."""
        doc = self.live.settled
        if file not in document.values(doc, schema.FILES):
            raise NotFound("There is no such file in this canvas; it may have been deleted.")
        return document.text_of(doc, file)

    def get(self, root: str) -> dict[str, Json]:
        """Return a map root as plain JSON."""
        return document.values(self.live.settled, root)

    def whose(self) -> Whose:
        """Return whose each character is, as of now."""
        return Whose(dict(self.taking.owners), self.get(schema.AUTHORS))

    def has(self, root: str, key: str) -> bool:
        """Say whether a map root has a key, without reading its values."""
        return document.has(self.live.settled, root, key)

    def snapshot(self) -> bytes:
        """Return the full state as one v1 update: the revision read."""
        return self.live.snapshot()

    def observe(self, listener: Callable[[set[str]], None]) -> Callable[[], None]:
        """Call `listener` with the names of the roots each change touched; the returned function ends it."""
        return self.live.observe(listener)

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

        def change(doc: YDoc) -> None:
            doc.get(schema.FILES, type=Map).pop(file)

        await self.edit(origin, change)

    async def edit(
        self,
        origin: Origin,
        change: Callable[[YDoc], None],
        *,
        first: Callable[[YDoc], Brought] | None = None,
        note: str | None = None,
    ) -> int:
        """Run `change` on a scratch doc with a client id of the server bound to `origin`; return that id once durable.

        For a person it is the same one while the room is loaded, for a model or expert a fresh one each time.
        What `change` writes is judged like anybody's update, and takes comments along with words that it moves.
        `first`: reads that scratch doc and returns text of others to be in it before, as part of the same edit. `note`
        stands beside it in the history.
        Raises TooLarge, or Unavailable when the store cannot write.
        """
        self._check_writable()
        self.taking.check_weight()
        client = self._hands.get(origin) or document.fresh_client(self.taking.owners)
        scratch: YDoc = Doc(client_id=client)
        before = self.snapshot()
        document.apply(scratch, [before])
        brought = first(scratch) if first is not None else Brought()
        if brought.update is not None:
            document.apply(scratch, [brought.update])
        made = [one for one in (brought.update, document.changes(scratch, change)) if one is not None]
        if made:
            update = carry(scratch, document.merge(made), self.live.settled, before)
            entry, fresh = self.taking.write(update, origin, others=brought.clients, note=note)
            if origin.kind == "person" and client in fresh:
                self._hands[origin] = client
            await self.taking.durably(entry)
        return client

    async def bring_back(
        self,
        update: bytes,
        origin: Origin,
        others: Mapping[int, Origin],
        note: str,
        moves: Mapping[str, tuple[Mapping[str, Json], Mapping[str, Json]]],
    ) -> None:
        """Take an update that `origin` makes with text of `others` (fresh client id → whose it was); durable on return.

        `note` stands beside it in the history. `moves`: the comments to put on that text, as they stood and are to
        stand. Raises TooLarge, or Unavailable when the store cannot write.
        """
        self._check_writable()
        self.taking.check_weight()
        if not self.taking.owners.keys().isdisjoint(others):
            raise Conflict("Somebody came in at the same moment. Try again.")
        entry, _ = self.taking.write(update, origin, others=others, note=note)
        for key, (stood, stands) in moves.items():
            # Read now: while the update was worked out, somebody may have resolved it, moved it or taken it away.
            comment = self.live.value(schema.COMMENTS, key)
            if isinstance(comment, dict) and all(comment.get(side) == stood[side] for side in _SIDES):
                moved = {**comment, **{side: stands[side] for side in _SIDES}}
                entry = self.taking.put(schema.COMMENTS, key, moved) or entry
        await self.taking.durably(entry)

    async def put(self, root: str, key: str, value: Json | None) -> None:
        """Set a key of a server-only map (suggestions, authors); None deletes it. Durable on return."""
        if root not in schema.SERVER_ONLY:
            raise BadInput(f"Only {' and '.join(sorted(schema.SERVER_ONLY))} are written by the server alone.")
        self._check_writable()
        entry = self.taking.put(root, key, value)
        if entry is not None:
            await self.taking.durably(entry)

    async def settle(self, ranges: Mapping[str, Json | None], judged: Iterable[str]) -> None:
        """Say in `authors` whose ranges are (None: no longer), and take the claims out that led to it; as one edit.

        Durable on return. Raises Unavailable.
        """
        self._check_writable()
        claims = {(schema.RETURNED, key): None for key in judged}
        entry = self.taking.put_all({**{(schema.AUTHORS, key): value for key, value in ranges.items()}, **claims})
        if entry is not None:
            await self.taking.durably(entry)

    def publish_runs(self, runs: list[dict[str, Any]]) -> None:
        """Show the running runs in the room's own awareness state; an empty list takes it away."""
        state = {"server": True, "runs": runs} if runs else None
        self.relay.awareness(self.presence.publish(state), None)

    # Its end

    def end(self, sentence: str) -> None:
        """Refuse every further change, close the sockets, and let go of who waits for a change."""
        self.ended = sentence
        self.answers.close()
        for session in self.sessions:
            session.end(CloseCode.UNAVAILABLE, sentence)
        self.taking.let_go(sentence)

    # Within

    def _entry(self, file: FileId) -> dict[str, Json]:
        entry = self.get(schema.FILES).get(file)
        if entry is None:
            raise NotFound("There is no such file in this canvas; it may have been deleted.")
        return dict(entry)

    def _check_writable(self) -> None:
        reason = self.ended or self.read_only
        if reason is not None:
            raise Unavailable(reason)

    def _on_blocked(self, sentence: str | None) -> None:
        self.read_only = sentence
        for session in self.sessions:
            session.tell({"read_only": sentence})
